/**
 * What may be done of what should be done: the operator's policy. The brakes, which guard against mistakes,
 * come after it (`brakes.ts`).
 */

import type { Change, NoChange, Plan } from '../model/change.ts';
import { isDriftCause } from '../model/drift.ts';

/** `sync.policy`: which writes are wanted at all. */
export type Policy = 'create-only' | 'update-only' | 'upsert-only' | 'sync';

/** `sync.drift`: undo changes made outside of git, or only report them. */
export type DriftMode = 'heal' | 'report';

type Write = 'create' | 'update' | 'delete';

const ALLOWED: Readonly<Record<Policy, readonly Write[]>> = {
  'create-only': ['create'],
  'update-only': ['update'],
  'upsert-only': ['create', 'update'],
  sync: ['create', 'update', 'delete'],
};

/** Leave out what the definition or the operator does not want written; each with its reason. */
export function applyPolicy(plan: Plan, policy: Policy, drift: DriftMode): Plan {
  return { ...plan, changes: plan.changes.map((change) => decide(change, policy, drift)) };
}

function decide(change: Change, policy: Policy, drift: DriftMode): Change {
  const write = writeOf(change);
  if ('desired' in change && change.desired.sync.suspend) {
    return leaveOut(change, 'skipped', '`sync.suspend` is set');
  }
  if (write === null) return change;

  if (change.action === 'delete') {
    if (change.binding.protect) return leaveOut(change, 'skipped', '`sync.protect` was set; it is never deleted');
    if (policy !== 'sync') {
      return leaveOut(change, 'reported', `${change.reason ?? ''}; policy ${policy} never deletes`);
    }
    return change;
  }
  if (!ALLOWED[policy].includes(write)) return leaveOut(change, 'skipped', `policy ${policy} does not ${write}`);
  if (drift === 'report' && isDriftCause(change.cause))
    return leaveOut(change, 'reported', 'drift is reported, not healed');
  return change;
}

/** The request that a change would send, if any. */
export function writeOf(change: Change): Write | null {
  switch (change.action) {
    case 'create':
    case 'update':
    case 'delete':
      return change.action;
    case 'adopt':
      return change.fields.length > 0 ? 'update' : null;
    case 'none':
    case 'blocked':
    case 'held':
      return null;
  }
}

function leaveOut(change: Change, outcome: NoChange['outcome'], reason: string): NoChange {
  const { key, file, id, name, cause, fields } = change;
  return { action: 'none', outcome, record: null, key, file, id, name, cause, fields, reason };
}
