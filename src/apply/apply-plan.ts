/**
 * Carries out a plan. Every change goes its own way: one failure never stops the others, but for a refused
 * key and a server that fails write after write, which end the pass.
 */

import type { Change, Plan } from '../model/change.ts';
import type { LiveConnector } from '../model/connector.ts';
import type { Outcome, WriteFailure } from '../model/outcome.ts';
import { bindingOf } from './binding-of.ts';
import { ensureGone } from './ensure-gone.ts';
import { createOutageDetector } from './outage.ts';
import { StoppedError } from './throttled-client.ts';
import type { WriteContext } from './write-change.ts';
import { createWriter, outcomeOf } from './write-change.ts';
import { workOff } from './work-off.ts';

/** Everything a pass needs to write; `signal` withdraws what has not been sent yet. */
export interface ApplyContext extends Omit<WriteContext, 'known'> {
  /**
   * Changes in hand at once, those included that wait for their turn or their next attempt. Rather few, so that an outage
   * is noticed before everything has been tried; some more than requests at once, so that none of these goes idle.
   */
  readonly inHand: number;
  /** Told of each outcome as it comes. */
  readonly onOutcome: (outcome: Outcome) => void;
}

export interface Applied {
  /** One for each change, in the plan's order. */
  readonly outcomes: readonly Outcome[];
  /** Why the rest of the plan was given up, when write after write failed for the server's reasons. */
  readonly outage: WriteFailure | null;
}

/**
 * Apply every change of a plan. Never rejects for a failed write.
 *
 * @param live the list of connectors that the plan was made from
 */
export async function applyPlan(plan: Plan, live: readonly LiveConnector[], context: ApplyContext): Promise<Applied> {
  const { store } = context;
  store.moveBindings(plan.moves);

  const giveUp = new AbortController();
  const outage = createOutageDetector();
  const signal = AbortSignal.any([context.signal, giveUp.signal]);
  const write = createWriter({ ...context, signal, known: new Set(live.map(({ id }) => id)) });

  const carry = async (change: Change): Promise<Outcome> => {
    const outcome = await carryOut(change, write, context);
    context.onOutcome(outcome);
    outage.note(outcome);
    if (outcome.failure?.kind === 'unauthorized' || outage.found !== null) giveUp.abort();
    return outcome;
  };
  const [outcomes] = await Promise.all([
    workOff(healthyFirst(plan.changes, store), context.inHand, carry),
    forgetGone(plan.forget, live, { ...context, signal }),
  ]);
  store.flush();
  return { outcomes: inPlanOrder(outcomes, plan), outage: outage.found };
}

/** A definition that is gone takes its binding along, but not when its connector is merely missing in the list. */
async function forgetGone(
  keys: readonly string[],
  live: readonly LiveConnector[],
  { client, store, signal }: ApplyContext,
): Promise<void> {
  const liveIds = new Set(live.map(({ id }) => id));
  const idByKey = new Map(store.bindings().map(({ key, id }) => [key, id]));
  const forget = async (key: string): Promise<void> => {
    const id = idByKey.get(key);
    try {
      if (id !== undefined && !liveIds.has(id)) await ensureGone(client, id, signal);
      store.forgetBinding(key);
    } catch (error) {
      // The next pass asks again.
      if (!(error instanceof StoppedError)) throw error;
    }
  };
  await Promise.all(keys.map(forget));
}

/** Those that failed before come last, so that they never take the turn of the others. */
function healthyFirst(changes: readonly Change[], store: WriteContext['store']): readonly Change[] {
  const failing = new Set(store.failures().map(({ key }) => key));
  return changes.toSorted((left, right) => Number(failing.has(left.key)) - Number(failing.has(right.key)));
}

function inPlanOrder(outcomes: ReadonlyMap<Change, Outcome>, { changes }: Plan): readonly Outcome[] {
  return changes.flatMap((change) => outcomes.get(change) ?? []);
}

/** What a dry run makes of a plan: every write is left out. */
export function skipPlan(plan: Plan, onOutcome: ApplyContext['onOutcome']): Applied {
  const outcomes = plan.changes.map((change) => {
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
  for (const outcome of outcomes) onOutcome(outcome);
  return { outcomes, outage: null };
}

async function carryOut(
  change: Change,
  write: ReturnType<typeof createWriter>,
  context: Pick<WriteContext, 'store' | 'fingerprint' | 'digests'>,
): Promise<Outcome> {
  const { store } = context;
  switch (change.action) {
    case 'create':
      return write.create(change);
    case 'update':
      return write.update(change);
    case 'delete':
      return write.remove(change);
    case 'adopt':
      return change.fields.length > 0 ? write.update(change) : write.adopt(change);
    case 'none':
      if (change.record !== null) {
        store.saveBindingSoon(bindingOf(change.record.desired, change.record.live, context));
      } else if (change.cause === 'in_sync') {
        write.forgive(change);
      }
      return outcomeOf(change, change.outcome);
    case 'blocked':
    case 'held':
      return outcomeOf(change, change.action);
  }
}
