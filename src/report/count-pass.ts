/** The numbers of `pass.completed`. */

import type { PassCounts } from '../model/event.ts';
import type { Outcome } from '../model/outcome.ts';
import type { PassResult } from '../model/pass.ts';
import { isOrphan } from './is-orphan.ts';
import { wasDrift } from './was-drift.ts';

export function countPass({ outcomes, desired, plan }: PassResult): PassCounts {
  const count = (matches: (outcome: Outcome) => boolean): number => outcomes.filter(matches).length;
  const applied = (...actions: readonly string[]): number =>
    count(({ outcome, change }) => outcome === 'applied' && actions.includes(change.action));

  return {
    created: applied('create'),
    adopted: applied('adopt'),
    updated: applied('update') + count(({ outcome, change }) => isAppliedAdoption(outcome, change)),
    deleted: applied('delete'),
    unchanged: count(({ outcome }) => outcome === 'unchanged'),
    drifted: count(({ change }) => wasDrift(change.cause)),
    healed: count(({ outcome, change }) => outcome === 'applied' && wasDrift(change.cause)),
    adjusted: count(({ adjusted }) => adjusted.length > 0),
    blocked: count(({ outcome }) => outcome === 'blocked'),
    held: count(({ outcome }) => outcome === 'held'),
    invalid: desired.invalid.length,
    failed: count(({ outcome }) => outcome === 'failed'),
    orphaned: count(({ change }) => isOrphan(change)),
    unmanaged: plan?.unmanaged ?? 0,
  };
}

function isAppliedAdoption(outcome: Outcome['outcome'], change: Outcome['change']): boolean {
  return outcome === 'applied' && change.action === 'adopt' && change.fields.length > 0;
}
