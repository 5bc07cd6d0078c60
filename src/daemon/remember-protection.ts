/**
 * Notes `sync.protect` at once, whether or not the rest of the definition can be written: the file may be gone before the
 * next chance, and then only memory tells that its connector is never deleted.
 */

import type { StateStore } from '../model/baseline.ts';
import type { LiveConnector } from '../model/connector.ts';
import type { Desired } from '../model/problem.ts';
import type { MakePlan } from '../plan/remember-plan.ts';

/**
 * A file may be removed before its content was ever written: refused by the server, suspended, held by a brake. Once the
 * plan was applied, bindings are where their definitions are.
 */
export function rememberProtection(store: StateStore, { connectors }: Desired): void {
  for (const { key, sync } of connectors) store.protectBinding(key, sync.protect);
}

/**
 * A file may also come and go while nothing can be listed. No binding moves then, so each is looked for where it would move
 * from. The mark is only set, never taken away: a definition may be pinned to another connector that is not bound yet. A mark
 * too many is corrected by the next pass that is applied.
 */
export function raiseProtection(store: StateStore, plan: MakePlan, desired: Desired): void {
  const marked = desired.connectors.filter(({ sync }) => sync.protect);
  if (marked.length === 0) return;
  const { moves } = plan({ desired, bindings: store.bindings(), intents: store.intents(), live: NOTHING_LISTED });
  const movesFrom = new Map(moves.map(({ from, to }) => [to, from]));
  for (const { key } of marked) store.protectBinding(movesFrom.get(key) ?? key, true);
}

/** The same in every pass, so that a planner has to make this plan but once in an outage. */
const NOTHING_LISTED: readonly LiveConnector[] = [];
