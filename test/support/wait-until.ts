/** Waits for a fact, not for a time. */

import { setTimeout as pause } from 'node:timers/promises';

const PATIENCE_MS = 20_000;

/** Resolves as soon as the condition holds. @throws Error when it does not within 20 seconds */
export async function waitUntil(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`this never came true: ${holds.toString()}`);
    await pause(2);
  }
}
