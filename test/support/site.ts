/**
 * A place to run the real program in: a directory with definitions, a sandbox to sync with, and the bundle as it is
 * released, started from the command line.
 */

import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/start-sandbox.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import type { Daemon } from './daemon.ts';
import { watchDaemon } from './daemon.ts';

/** The released program; another build can be put to the test through `TEST_BUNDLE`. */
export const BUNDLE =
  process.env['TEST_BUNDLE'] ?? fileURLToPath(new URL('../../dist/databar-sync.mjs', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Site {
  readonly directory: string;
  readonly sandbox: Sandbox;
  /** Write a file below `connectors/`, as a whole. */
  write(path: string, text: string): void;
  /** Put a file in place as git does: a new file under the old name. */
  replace(path: string, text: string): void;
  remove(path: string): void;
  rename(from: string, to: string): void;
  /** Run a command to its end. */
  run(...args: readonly string[]): Promise<Ended>;
  /** The same with another file in the bundle's place. */
  runFile(program: string, ...args: readonly string[]): Promise<Ended>;
  /** Start `run`; it is killed when the test ends. */
  start(...args: readonly string[]): Daemon;
  /** Start any command and leave it running. */
  spawn(...args: readonly string[]): ChildProcess;
  /** Further environment variables for commands that are started from now on. */
  readonly environment: Record<string, string>;
}

export interface SiteOptions extends SandboxOptions {
  /** Text by path below `connectors/`. */
  readonly files?: Readonly<Record<string, string>>;
  /** Told how to remove all of it. Default: done when the test ends. */
  readonly onOpened?: (remove: () => Promise<void>) => void;
}

/** Make a site; everything of it is gone when the test ends. */
export async function openSite({ files = {}, onOpened = onTestFinished, ...options }: SiteOptions = {}): Promise<Site> {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'databar-sync-site-')));
  const sandbox = await startSandbox(options);
  const children = new Set<ChildProcess>();
  onOpened(async () => {
    for (const child of children) child.kill('SIGKILL');
    await sandbox.close();
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  });

  const launch = (program: string, args: readonly string[]): ChildProcess => {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: directory,
      env: { PATH: process.env['PATH'] ?? '', HOME: directory, ...site.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.add(child);
    return child;
  };
  const place = (path: string): string => join(directory, 'connectors', path);
  const site: Site = {
    directory,
    sandbox,
    environment: {
      DATABAR_BASE_URL: sandbox.url,
      DATABAR_API_KEY: 'test-key',
      DATABAR_SYNC_LISTEN: 'off',
      DATABAR_SYNC_RATE: 'off',
      DATABAR_SYNC_RETRY_BASE_DELAY: '10ms',
      DATABAR_SYNC_RETRY_MAX_DELAY: '50ms',
    },
    write(path, text) {
      mkdirSync(dirname(place(path)), { recursive: true });
      writeFileSync(place(path), text);
    },
    replace(path, text) {
      site.write(`${path}.new~`, text);
      renameSync(place(`${path}.new~`), place(path));
    },
    remove: (path) => rmSync(place(path)),
    rename(from, to) {
      mkdirSync(dirname(place(to)), { recursive: true });
      renameSync(place(from), place(to));
    },
    spawn: (...args) => launch(BUNDLE, args),
    run: async (...args) => site.runFile(BUNDLE, ...args),
    async runFile(program, ...args) {
      const child = launch(program, args);
      const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
      const [code] = (await once(child, 'close')) as [number | null];
      children.delete(child);
      return { code, stdout: stdout(), stderr: stderr() };
    },
    start: (...args) => watchDaemon(site.spawn('run', '--log-level', 'debug', ...args)),
  };
  mkdirSync(join(directory, 'connectors'));
  for (const [path, text] of Object.entries(files)) site.write(path, text);
  return site;
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  const chunks: Buffer[] = [];
  stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}

/** A small definition. */
export function yaml(name: string, extra = ''): string {
  return `name: ${name}\nmethod: get\nurl: https://api.example.com/${encodeURIComponent(name)}\n${extra}`;
}
