/** Starts the bundle, or a peer, and measures the process from outside. */

import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const BUNDLE = fileURLToPath(new URL('../../dist/databar-sync.mjs', import.meta.url));

export function peerScript(name: string): string {
  return fileURLToPath(new URL(`peers/${name}.ts`, import.meta.url));
}

export interface ProgramRun {
  /** From before it was started until it was gone. */
  readonly wallMs: number;
  /** The most memory that it held, in bytes. */
  readonly peakBytes: number;
}

/** Run a script of Node's to its end. @throws when it does not end with 0 */
export async function runNode(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<ProgramRun> {
  const startedAt = performance.now();
  const child = startNode(args, environment);
  let peakBytes = 0;
  const look = setInterval(() => {
    peakBytes = Math.max(peakBytes, statusValue(child.pid, 'VmHWM'));
  }, 20);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(look);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}`);
  return { wallMs: performance.now() - startedAt, peakBytes };
}

export function startNode(args: readonly string[], environment: Readonly<Record<string, string>> = {}): ChildProcess {
  return spawn(process.execPath, [...args], {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** A process that runs on, seen through `/proc`. */
export interface RunningProgram {
  readonly pid: number;
  /** Processor time of all its threads, in milliseconds, to the tick of 10. */
  cpuMs(): number;
  residentBytes(): number;
  inotifyWatches(): number;
  signal(name: NodeJS.Signals): void;
  stop(): Promise<void>;
}

export function watchProcess(child: ChildProcess): RunningProgram {
  const { pid } = child;
  if (pid === undefined) throw new Error('the program could not be started');
  return {
    pid,
    cpuMs() {
      // Fields 14 and 15 of stat(5), counted after the name, which may hold spaces.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
      return (Number(fields[11]) + Number(fields[12])) * 10;
    },
    residentBytes: () => statusValue(pid, 'VmRSS'),
    inotifyWatches: () =>
      readdirSync(`/proc/${pid}/fdinfo`)
        .map(
          (name) =>
            readFileSync(`/proc/${pid}/fdinfo/${name}`, 'utf8')
              .split('\n')
              .filter((line) => line.startsWith('inotify ')).length,
        )
        .reduce((sum, count) => sum + count, 0),
    signal: (name) => void child.kill(name),
    async stop() {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'close');
    },
  };
}

/** In bytes; 0 when the process is gone. */
function statusValue(pid: number | undefined, name: 'VmHWM' | 'VmRSS'): number {
  try {
    const line = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Number(line?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
