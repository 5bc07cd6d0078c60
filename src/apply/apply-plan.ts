/**
 * Carries out a plan. Every change goes its own way: one failure never stops the others, but for a refused
 * key and a server that fails write after write, which end the pass.
 */

import type { Change, Plan } from '../model/change.ts';
import type { LiveConnector } from '../model/connector.ts';
import type { DueChange } from '../model/due-change.ts';
import { isDue } from '../model/due-change.ts';
import type { Outcome, WriteFailure } from '../model/outcome.ts';
import { rememberLast } from '../model/remember-last.ts';
import { bindingOf } from './binding-of.ts';
import { ensureGone } from './ensure-gone.ts';
import { createOutageDetector } from './outage.ts';
import { settleAll } from './settle-all.ts';
import { StoppedError } from './throttled-client.ts';
import type { WriteContext, Writer } from './write-change.ts';
import { createWriter, outcomeOf } from './write-change.ts';
import { workOff } from './work-off.ts';

/** Everything a pass needs to write; `signal` withdraws what has not been sent yet. */
export interface ApplyContext extends Omit<WriteContext, 'known'> {
  /**
   * Changes in hand at once, those included that wait for their turn or their next attempt. Rather few, so that an outage
   * is noticed before everything has been tried; some more than requests at once, so that none of these goes idle.
   */
  readonly inHand: number;
  /** Told of each outcome as it comes; of what needs no request first. */
  readonly onOutcome: (outcome: Outcome) => void;
  readonly quietOutcomes: QuietOutcomes;
}

/** The outcomes of changes that need no request, in the plan's order. */
export type QuietOutcomes = (changes: Plan['changes']) => readonly Outcome[];

/** @returns remembers those of the last plan, for most passes have that plan again */
export function createQuietOutcomes(): QuietOutcomes {
  return rememberLast((changes) => {
    const outcomes: Outcome[] = [];
    for (const change of changes) if (!isDue(change)) outcomes.push(quietOutcome(change));
    return outcomes;
  });
}

export interface Applied {
  /** One for each change, in the plan's order. */
  readonly outcomes: readonly Outcome[];
  /** Why the rest of the plan was given up, when write after write failed for the server's reasons. */
  readonly outage: WriteFailure | null;
}

/**
 * Apply every change of a plan. Never rejects for a failed write. A defect withdraws what has not been sent, and is thrown when
 * nothing of the pass runs any more: the next one must not meet its writers.
 *
 * @param live the list of connectors that the plan was made from
 */
export async function applyPlan(plan: Plan, live: readonly LiveConnector[], context: ApplyContext): Promise<Applied> {
  const { store } = context;
  store.moveBindings(plan.moves);

  const failing = new Set(store.failures().map(({ key }) => key));
  const settled = settleQuiet(plan, failing, context);
  const due = plan.changes.filter(isDue);
  // That is how most passes end, and they need none of what a write needs.
  if (due.length === 0 && plan.forget.length === 0) {
    store.flush();
    return { outcomes: settled, outage: null };
  }

  const giveUp = new AbortController();
  const outage = createOutageDetector();
  const signal = AbortSignal.any([context.signal, giveUp.signal]);
  const known = new Set(live.map(({ id }) => id));
  const write = createWriter({ ...context, signal, known });

  const carry = async (change: DueChange): Promise<Outcome> => {
    const outcome = await carryOut(change, write);
    context.onOutcome(outcome);
    outage.note(outcome);
    if (outcome.failure?.kind === 'unauthorized' || outage.found !== null) giveUp.abort();
    return outcome;
  };
  const orGiveUp =
    <T, R>(work: (item: T) => Promise<R>) =>
    async (item: T): Promise<R> => {
      try {
        return await work(item);
      } catch (error) {
        giveUp.abort();
        throw error;
      }
    };
  const forget = createForgetter(known, { ...context, signal });
  const [written] = await settleAll([
    workOff(healthyFirst(due, failing), context.inHand, orGiveUp(carry)),
    workOff(plan.forget, plan.forget.length, orGiveUp(forget)),
  ]);
  store.flush();
  return { outcomes: inPlanOrder(plan, settled, written), outage: outage.found };
}

/** What needs no request is done at once. @returns its outcomes, in the plan's order */
function settleQuiet({ changes }: Plan, failing: ReadonlySet<string>, context: ApplyContext): readonly Outcome[] {
  const { store, onOutcome, quietOutcomes } = context;
  for (const change of changes) {
    if (change.action !== 'none') continue;
    if (change.record !== null) {
      store.saveBindingSoon(bindingOf(change.record.desired, change.record.live, context));
    } else if (change.cause === 'in_sync' && failing.has(change.key)) {
      // What it failed of before is no longer wanted, or has been done.
      store.clearFailure(change.key);
    }
  }
  const outcomes = quietOutcomes(changes);
  for (const outcome of outcomes) onOutcome(outcome);
  return outcomes;
}

/** A definition that is gone takes its binding along, but not when its connector is merely missing in the list. */
function createForgetter(
  listed: ReadonlySet<number>,
  { client, store, signal }: ApplyContext,
): (key: string) => Promise<void> {
  const idByKey = new Map(store.bindings().map(({ key, id }) => [key, id]));
  return async (key) => {
    const id = idByKey.get(key);
    try {
      if (id !== undefined && !listed.has(id)) await ensureGone(client, id, signal);
      store.forgetBinding(key);
    } catch (error) {
      // The next pass asks again.
      if (!(error instanceof StoppedError)) throw error;
    }
  };
}

/** Those that failed before come last, so that they never take the turn of the others. */
function healthyFirst(changes: readonly DueChange[], failing: ReadonlySet<string>): readonly DueChange[] {
  return changes.toSorted((left, right) => Number(failing.has(left.key)) - Number(failing.has(right.key)));
}

function inPlanOrder(
  { changes }: Plan,
  settled: readonly Outcome[],
  written: ReadonlyMap<DueChange, Outcome>,
): readonly Outcome[] {
  const quiet = settled.values();
  return changes.flatMap((change) => (isDue(change) ? written.get(change) : quiet.next().value) ?? []);
}

/** What a dry run makes of a plan: every write is left out. */
export function skipPlan(plan: Plan, onOutcome: ApplyContext['onOutcome']): Applied {
  const outcomes = plan.changes.map((change) => (isDue(change) ? outcomeOf(change, 'skipped') : quietOutcome(change)));
  for (const outcome of outcomes) onOutcome(outcome);
  return { outcomes, outage: null };
}

function quietOutcome(change: Exclude<Change, DueChange>): Outcome {
  return outcomeOf(change, change.action === 'none' ? change.outcome : change.action);
}

async function carryOut(change: DueChange, write: Writer): Promise<Outcome> {
  switch (change.action) {
    case 'create':
      return write.create(change);
    case 'update':
      return write.update(change);
    case 'delete':
      return write.remove(change);
    case 'adopt':
      return change.fields.length > 0 ? write.update(change) : write.adopt(change);
  }
}
