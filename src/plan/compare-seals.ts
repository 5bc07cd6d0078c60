/** What moved between two plans that should be one. */

import type { Objection, PlanSeal, SealedChange } from '../model/plan-seal.ts';

/** So many connectors that the state disagrees about are named one by one. */
const FEW = 3;

/** @returns nothing when `now` is exactly the plan that was reviewed; else an objection for each difference, by key */
export function compareSeals(reviewed: PlanSeal, now: PlanSeal): readonly Objection[] {
  const before = new Map(reviewed.changes.map((change) => [change.key, change]));
  const after = new Map(now.changes.map((change) => [change.key, change]));
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort();
  const objections = summariseState(keys.flatMap((key) => objectTo(key, before.get(key), after.get(key))));
  if (objections.length > 0 || reviewed.bookkeeping === now.bookkeeping) return objections;
  return [{ key: null, moved: 'state', message: 'Other definitions have moved to other files, or are forgotten.' }];
}

/** Another state directory differs in every connector; that is said once. */
function summariseState(objections: readonly Objection[]): readonly Objection[] {
  const ofState = objections.filter(({ moved }) => moved === 'state');
  if (ofState.length <= FEW) return objections;
  const message =
    `The state remembers something else of ${ofState.length} connectors: ` +
    'the plan was made with another state directory, or a sync has run since.';
  return [{ key: null, moved: 'state', message }, ...objections.filter(({ moved }) => moved !== 'state')];
}

function objectTo(
  key: string,
  before: SealedChange | undefined,
  after: SealedChange | undefined,
): readonly Objection[] {
  if (before === undefined) {
    return after === undefined
      ? []
      : [{ key, moved: 'definition', message: `was not part of the plan (${wordOf(after)})` }];
  }
  if (after === undefined)
    return [{ key, moved: 'definition', message: `is no longer there (was: ${wordOf(before)})` }];
  if (before.whole === after.whole) return [];

  const moved: Objection[] = [];
  if (before.definition !== after.definition) {
    moved.push({ key, moved: 'definition', message: 'its definition, or a secret in it, changed' });
  }
  if (before.live !== after.live || before.id !== after.id) {
    moved.push({ key, moved: 'live', message: describeLive(before, after) });
  }
  if (moved.length > 0) return moved;
  if (before.binding !== after.binding) {
    return [{ key, moved: 'state', message: 'the state remembers something else of it' }];
  }
  return [{ key, moved: 'plan', message: `was to be: ${wordOf(before)}; would now be: ${wordOf(after)}` }];
}

function describeLive(before: SealedChange, after: SealedChange): string {
  if (after.live === null) return `connector ${String(before.id)} is gone from the workspace`;
  if (before.live === null) return `connector ${String(after.id)} appeared in the workspace`;
  return before.id === after.id
    ? `connector ${String(after.id)} changed in the workspace`
    : `it would now be connector ${String(after.id)}, not ${String(before.id)}`;
}

function wordOf({ action, cause }: SealedChange): string {
  return `${action}, ${cause}`;
}
