/**
 * Carries out a plan. Every change goes its own way: one failure never stops the others, but for a refused
 * key, which stops all writing at once.
 */

import type { Change, Plan } from '../model/change.ts';
import type { LiveConnector } from '../model/connector.ts';
import type { Outcome } from '../model/outcome.ts';
import { bindingOf } from './binding-of.ts';
import type { WriteContext } from './write-change.ts';
import { createWriter, outcomeOf } from './write-change.ts';

/** Everything a pass needs to write; `signal` withdraws what has not been sent yet. */
export interface ApplyContext extends Omit<WriteContext, 'known'> {
  /** Told of each outcome as it comes. */
  readonly onOutcome: (outcome: Outcome) => void;
}

/**
 * Apply every change of a plan.
 *
 * @param live the list of connectors that the plan was made from
 * @returns an outcome for each change, in the plan's order; never rejects for a failed write
 */
export async function applyPlan(
  plan: Plan,
  live: readonly LiveConnector[],
  context: ApplyContext,
): Promise<readonly Outcome[]> {
  const { store } = context;
  store.moveBindings(plan.moves);
  for (const key of plan.forget) store.forgetBinding(key);

  const refused = new AbortController();
  const write = createWriter({
    ...context,
    signal: AbortSignal.any([context.signal, refused.signal]),
    known: new Set(live.map(({ id }) => id)),
  });

  const outcomes = await Promise.all(
    plan.changes.map(async (change) => {
      const outcome = await carryOut(change, write, context);
      if (outcome.failure?.kind === 'unauthorized') refused.abort();
      context.onOutcome(outcome);
      return outcome;
    }),
  );
  store.flush();
  return outcomes;
}

/** What a dry run makes of a plan: every write is left out. */
export function skipPlan(plan: Plan): readonly Outcome[] {
  return plan.changes.map((change) => {
    switch (change.action) {
      case 'create':
      case 'adopt':
      case 'update':
      case 'delete':
        return outcomeOf(change, 'skipped');
      case 'none':
        return outcomeOf(change, change.outcome);
      case 'blocked':
      case 'held':
        return outcomeOf(change, change.action);
    }
  });
}

async function carryOut(
  change: Change,
  write: ReturnType<typeof createWriter>,
  { store, fingerprint }: Pick<WriteContext, 'store' | 'fingerprint'>,
): Promise<Outcome> {
  switch (change.action) {
    case 'create':
      return write.create(change);
    case 'update':
      return write.update(change);
    case 'delete':
      return write.remove(change);
    case 'adopt':
      if (change.fields.length > 0) return write.update(change);
      store.saveBindingSoon(bindingOf(change.desired, change.live, fingerprint));
      return outcomeOf(change, 'applied');
    case 'none':
      if (change.record !== null) {
        store.saveBindingSoon(bindingOf(change.record.desired, change.record.live, fingerprint));
      }
      return outcomeOf(change, change.outcome);
    case 'blocked':
    case 'held':
      return outcomeOf(change, change.action);
  }
}
