/** Waits until the workspace is as the files say and the daemon finds nothing left to do. */

import { expect } from 'vitest';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';
import type { Daemon, LogLine } from './daemon.ts';

/** A connector, as short as a test can tell it: its name and its rate limit. */
export type Short = readonly [name: string, rateLimit: number | null];

/** What the workspace holds, by name: a twin is there twice. */
export function workspace(sandbox: Sandbox): readonly Short[] {
  return sandbox
    .connectors()
    .map(({ name, rate_limit }): Short => [name, rate_limit ?? null])
    .toSorted(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
}

const PATIENCE_MS = 25_000;
const AT_WORK = ['created', 'adopted', 'updated', 'deleted', 'drifted', 'blocked', 'held', 'failed', 'orphaned'];

function isIdle(pass: LogLine): boolean {
  return AT_WORK.every((count) => pass[count] === 0);
}

/** Resolves after a pass with nothing to do that found the workspace as expected; expected by name. */
export async function settle(sandbox: Sandbox, daemon: Daemon, expected: readonly Short[]): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const pass = await daemon.until('pass.completed');
    const isEqual = JSON.stringify(workspace(sandbox)) === JSON.stringify(expected);
    if (isEqual && isIdle(pass) && pass['unchanged'] === expected.length) return;
    if (performance.now() > deadline) {
      expect(workspace(sandbox)).toEqual(expected);
      expect(pass).toMatchObject({ failed: 0, blocked: 0, unchanged: expected.length });
    }
  }
}
