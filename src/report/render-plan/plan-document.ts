/** A plan for programs, and what it comes to. */

import type { ChangeAction, FieldChange, Plan } from '../../model/change.ts';

/** Programs read this; its shape is API. */
export interface PlanDocument {
  readonly changes: readonly {
    readonly key: string;
    readonly file: string | null;
    readonly id: number | null;
    readonly name: string | null;
    readonly action: ChangeAction;
    readonly cause: string;
    readonly reason: string | null;
    readonly fields: readonly FieldChange[];
  }[];
  readonly summary: Readonly<Record<ChangeAction, number>> & { readonly unmanaged: number };
}

/** @param displayFile turns a path relative to the source into one relative to where the reader stands */
export function planDocument(plan: Plan, displayFile: (file: string) => string): PlanDocument {
  return {
    changes: plan.changes.map(({ key, file, id, name, action, cause, reason, fields }) => ({
      key,
      file: file === null ? null : displayFile(file),
      id,
      name,
      action,
      cause,
      reason,
      // JSON has no undefined: what is absent on one side is null there.
      fields: fields.map(({ path, live, desired }) => ({ path, live: live ?? null, desired: desired ?? null })),
    })),
    summary: { ...countActions(plan), unmanaged: plan.unmanaged },
  };
}

/** True when applying the plan would write something, or something waits to be written. */
export function hasPendingChanges(plan: Plan): boolean {
  return plan.changes.some(
    ({ action, fields }) =>
      action === 'create' ||
      action === 'update' ||
      action === 'delete' ||
      action === 'blocked' ||
      (action === 'adopt' && fields.length > 0),
  );
}

/** How many changes there are of each action. */
export function countActions(plan: Plan): Record<ChangeAction, number> {
  const counts: Record<ChangeAction, number> = {
    create: 0,
    adopt: 0,
    update: 0,
    delete: 0,
    none: 0,
    blocked: 0,
    held: 0,
  };
  for (const { action } of plan.changes) counts[action] += 1;
  return counts;
}
