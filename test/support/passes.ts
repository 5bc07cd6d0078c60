/** Waiting for passes of a daemon that makes many: what was said before counts for nothing. */

import type { Daemon, LogLine } from './daemon.ts';

/** Wait for so many further passes. Of two, the second began after the call. */
export async function passes(daemon: Daemon, count: number): Promise<void> {
  const wanted = daemon.said('pass.completed').length + count;
  while (daemon.said('pass.completed').length < wanted) await daemon.until('pass.completed');
}

/**
 * True for a pass after which so many connectors are as their files say. What a pass wrote before it was withdrawn is
 * unchanged in the next.
 */
export function inOrder(count: number): (line: LogLine) => boolean {
  return ({ created, adopted, updated, unchanged, blocked, held, failed }) =>
    Number(created) + Number(adopted) + Number(updated) + Number(unchanged) === count &&
    Number(blocked) + Number(held) + Number(failed) === 0;
}
