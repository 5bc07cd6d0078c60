/** Start `state-process.ts`, wait for it, and end it as a crash would. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const SCRIPT = fileURLToPath(new URL('state-process.ts', import.meta.url));

export interface StateProcess {
  /** Null when it is ready and running; else what it wrote to stderr before it ended. */
  readonly failure: string | null;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
}

export async function spawnStateProcess(directory: string, ...keys: readonly string[]): Promise<StateProcess> {
  const child = spawn(process.execPath, [SCRIPT, directory, ...keys], { stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  onTestFinished(kill);
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const closed = once(child, 'close').then(() => false);
  const ready = once(child.stdout, 'data').then(() => true);
  const isReady = await Promise.race([ready, closed]);
  return { failure: isReady ? null : complaints, kill };
}
