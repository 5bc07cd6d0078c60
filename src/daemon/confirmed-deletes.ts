/**
 * Deletes that the next pass may carry out, because the pass before planned them too. The two must have seen the files at
 * rest: while files are written, what is not there yet looks like what is gone.
 */

import type { BlockCode } from '../model/change.ts';
import type { PassResult } from '../model/pass.ts';

/** These say that the files themselves are not to be believed. */
const DISTRUSTED: ReadonlySet<BlockCode> = new Set(['source_unavailable', 'source_empty']);

/**
 * @param result the pass that has just ended
 * @param before what it could have confirmed; it still counts when the pass came to no plan
 */
export function plannedBy(result: PassResult, before: ReadonlySet<string>): ReadonlySet<string> {
  const { plan, plannedDeletes, withdrawn } = result;
  if (withdrawn) return new Set();
  if (plan === null) return before;
  if (plannedDeletes.size === 0) return plannedDeletes;
  const planned = new Set(plannedDeletes);
  for (const change of plan.changes) {
    if (change.action === 'blocked' && DISTRUSTED.has(change.code)) planned.delete(change.key);
  }
  return planned;
}
