/** The numbers of `pass.completed`. */

import type { PassCounts } from '../model/event.ts';
import type { PassResult } from '../model/pass.ts';
import { isOrphan } from './is-orphan.ts';
import { wasDrift } from './was-drift.ts';

type Counts = { -readonly [K in keyof PassCounts]: PassCounts[K] };

export function countPass({ outcomes, desired, plan }: PassResult): PassCounts {
  const counts: Counts = {
    created: 0,
    adopted: 0,
    updated: 0,
    deleted: 0,
    unchanged: 0,
    drifted: 0,
    healed: 0,
    adjusted: 0,
    blocked: 0,
    held: 0,
    invalid: desired.invalid.length,
    failed: 0,
    orphaned: 0,
    unmanaged: plan?.unmanaged ?? 0,
  };
  for (const { outcome, change, adjusted } of outcomes) {
    const isDrift = wasDrift(change.cause);
    if (isDrift) counts.drifted += 1;
    if (adjusted.length > 0) counts.adjusted += 1;
    if (isOrphan(change)) counts.orphaned += 1;
    switch (outcome) {
      case 'applied':
        if (isDrift) counts.healed += 1;
        if (change.action === 'create') counts.created += 1;
        if (change.action === 'adopt') counts.adopted += 1;
        if (change.action === 'delete') counts.deleted += 1;
        // What is adopted is also updated where it was not as it should be.
        if (change.action === 'update' || (change.action === 'adopt' && change.fields.length > 0)) counts.updated += 1;
        break;
      case 'unchanged':
      case 'blocked':
      case 'held':
      case 'failed':
        counts[outcome] += 1;
        break;
      case 'skipped':
      case 'reported':
        break;
    }
  }
  return counts;
}
