/** The program under limits of the operating system. Linux alone has these, and not every container grants them. */

import { execFileSync, spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import type { Daemon } from './daemon.ts';
import { watchDaemon } from './daemon.ts';
import type { Site } from './site.ts';
import { BUNDLE } from './site.ts';

export interface Limits {
  /** What runs a shell under limits of its own. */
  readonly command: readonly string[];
  /** What that shell does before it becomes the daemon; it must not leave a child behind. */
  readonly setUp: string;
  /** Told how to end the daemon. Default: done when the test ends. */
  readonly onStarted?: (end: () => void) => void;
}

export function startLimited(
  site: Site,
  { command, setUp, onStarted = onTestFinished }: Limits,
  ...args: readonly string[]
): Daemon {
  const [program = '', ...prefix] = command;
  const run = [process.execPath, BUNDLE, 'run', '--log-level', 'debug', ...args];
  const child = spawn(program, [...prefix, 'sh', '-c', `${setUp} && exec "$0" "$@"`, ...run], {
    cwd: site.directory,
    env: { PATH: process.env['PATH'] ?? '', HOME: site.directory, ...site.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onStarted(() => void child.kill('SIGKILL'));
  return watchDaemon(child);
}

/** True when this system lets us set such limits. */
export function isGranted({ command, setUp }: Limits): boolean {
  const [program = '', ...prefix] = command;
  try {
    execFileSync(program, [...prefix, 'sh', '-c', setUp], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Limit the files that a running process may have open. */
export function limitOpenFiles(pid: number, count: number): void {
  execFileSync('prlimit', ['--pid', String(pid), `--nofile=${count}:`], { stdio: 'ignore' });
}
