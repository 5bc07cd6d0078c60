/** A place to measure in: definitions, a state directory, and an API that holds what they say, or nothing. */

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchServer } from './bench-server.ts';
import { startBenchServer } from './bench-server.ts';
import { writeDefinitions } from './definitions.ts';
import type { RunningProgram } from './program.ts';
import { BUNDLE, startNode, watchProcess } from './program.ts';

export interface Site extends AsyncDisposable {
  readonly definitions: string;
  readonly server: BenchServer;
  readonly environment: Readonly<Record<string, string>>;
  /** Arguments of a `sync` without throttle, sixteen requests at once. */
  readonly sync: readonly string[];
  /** Make the next `sync` find no state. */
  forget(): void;
  /** Start a daemon without throttle, and wait until its first pass is over. */
  daemon(...flags: readonly string[]): Promise<RunningProgram>;
}

/** A file system without a disk, on Linux. */
const MEMORY = '/dev/shm';

/**
 * @param count of definitions
 * @param options `latencyMs`: of the server; `stored`: how many connectors it holds at first; `inMemory`: definitions and state
 *   lie on no disk, where there is such a place: for what is at rest for so long that the system drops what it read before
 */
export async function openSite(count: number, { latencyMs = 0, stored = 0, inMemory = false } = {}): Promise<Site> {
  const directory = mkdtempSync(join(inMemory && existsSync(MEMORY) ? MEMORY : tmpdir(), 'databar-sync-bench-'));
  const [definitions, state] = [join(directory, 'connectors'), join(directory, 'state')];
  writeDefinitions(definitions, count);
  const server = await startBenchServer({ latencyMs, stored });
  const environment = {
    DATABAR_BASE_URL: server.url,
    DATABAR_API_KEY: 'bench',
    DATABAR_SYNC_DIR: definitions,
    DATABAR_SYNC_STATE_DIR: state,
    DATABAR_SYNC_RATE: 'off',
  };
  return {
    definitions,
    server,
    environment,
    sync: [BUNDLE, 'sync', '--concurrency', '16', '--log-level', 'warn'],
    forget: () => rmSync(state, { recursive: true, force: true }),
    async daemon(...flags) {
      const running = watchProcess(
        startNode([BUNDLE, 'run', '--listen', 'off', '--log-level', 'warn', ...flags], environment),
      );
      await untilIdle(running);
      return running;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Wait until a program has used no processor time for half a second. */
export async function untilIdle(program: RunningProgram): Promise<void> {
  for (let before = -1, quiet = 0; quiet < 5;) {
    await pause(100);
    const now = program.cpuMs();
    quiet = now === before && now > 0 ? quiet + 1 : 0;
    before = now;
  }
}

export async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
