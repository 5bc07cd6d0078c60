/** The released program as a process: started, killed, stopped and started again, and listened to. */

import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { CANARY } from '../support/model/definition.ts';

export interface LogLine {
  readonly event?: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

export interface Program {
  readonly pid: number;
  start(...flags: readonly string[]): void;
  signal(signal: NodeJS.Signals): void;
  /** Send a signal and wait for the end; gives the exit code, null when it was killed. */
  end(signal: NodeJS.Signals): Promise<number | null>;
  /** Resolves with the next line that matches; null when none comes in time, or the process ends. */
  next(matches: (line: LogLine) => boolean, withinMs: number): Promise<LogLine | null>;
  /** What went wrong with the process itself: words on stderr, crashes, secrets in the log. */
  readonly complaints: readonly string[];
}

export interface ProgramOptions {
  readonly bundle: string;
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** For node itself. */
  readonly nodeFlags?: readonly string[];
}

export function createProgram({ bundle, directory, environment, nodeFlags = [] }: ProgramOptions): Program {
  const complaints: string[] = [];
  const listeners = new Set<(line: LogLine | null) => void>();
  let child: ChildProcess | null = null;
  let expectedEnd = false;

  const tell = (line: LogLine | null): void => {
    for (const listener of listeners) listener(line);
  };
  const read = (text: string): void => {
    if (text.includes(CANARY)) complaints.push(`a secret in the log: ${text}`);
    const line = JSON.parse(text) as LogLine;
    if (line.msg.includes('defect of')) complaints.push(text);
    tell(line);
  };

  return {
    complaints,
    get pid() {
      return child?.pid ?? 0;
    },
    start(...flags) {
      expectedEnd = false;
      const started = spawn(process.execPath, [...nodeFlags, bundle, 'run', '--log-level', 'debug', ...flags], {
        cwd: directory,
        env: { PATH: process.env['PATH'] ?? '', HOME: directory, ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child = started;
      createInterface({ input: started.stdout }).on('line', (text) => {
        // The last line of a process that is killed may be cut.
        if (text.endsWith('}')) read(text);
      });
      started.stderr.on('data', (chunk: Buffer) => complaints.push(`stderr: ${chunk.toString('utf8')}`));
      started.once('exit', (code, signal) => {
        if (!expectedEnd) complaints.push(`it ended by itself: ${String(code ?? signal)}`);
        tell(null);
      });
    },
    signal(signal) {
      child?.kill(signal);
    },
    async end(signal) {
      if (child === null || child.exitCode !== null) return child?.exitCode ?? null;
      expectedEnd = true;
      child.kill(signal);
      const [code] = (await once(child, 'close')) as [number | null];
      return code;
    },
    async next(matches, withinMs) {
      const { promise, resolve } = Promise.withResolvers<LogLine | null>();
      const listener = (line: LogLine | null): void => {
        if (line === null || matches(line)) resolve(line);
      };
      const timer = setTimeout(() => resolve(null), withinMs);
      listeners.add(listener);
      const line = await promise;
      listeners.delete(listener);
      clearTimeout(timer);
      return line;
    },
  };
}
