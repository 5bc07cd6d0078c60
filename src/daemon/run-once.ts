/**
 * One pass, in one breath:
 *
 *   1. list what is live
 *   2. while that is under way, read the files as they are now, and turn them into definitions
 *   3. plan: compare the two with what is remembered; policy and brakes hold back what is unwanted or unsafe; a plan that
 *      was reviewed must be this one
 *   4. apply what is left, each change on its own
 *   5. report
 */

import { setImmediate } from 'node:timers/promises';
import type { ApiError } from '../api/api-error.ts';
import type { Applied } from '../apply/apply-plan.ts';
import type { ThrottledClient } from '../apply/throttled-client.ts';
import { StoppedError } from '../apply/throttled-client.ts';
import type { Binding, StateStore } from '../model/baseline.ts';
import type { Plan } from '../model/change.ts';
import type { LiveConnector } from '../model/connector.ts';
import type { Fingerprint } from '../model/digest.ts';
import type { Outcome, WriteFailure } from '../model/outcome.ts';
import type { ApiHealth, PassResult, SourceHealth } from '../model/pass.ts';
import type { Objection } from '../model/plan-seal.ts';
import type { Desired } from '../model/problem.ts';
import type { SourceReading, SourceTree } from '../model/source.ts';
import type { BrakedPlan } from '../plan/brakes.ts';
import { applyBrakes, FIGHT_WINDOW_MS } from '../plan/brakes.ts';
import type { Covers } from '../plan/limit-plan.ts';
import { limitDesired, limitPlan } from '../plan/limit-plan.ts';
import type { MakePlan } from '../plan/remember-plan.ts';
import type { PlanFacts } from '../plan/seal-plan.ts';
import { raiseProtection, rememberProtection } from './remember-protection.ts';
import { remainingMs, waitingCreates } from './waiting-creates.ts';

/** Told as the pass goes on, so that a long pass can be watched. */
export interface PassObserver {
  sourceRead(source: SourceHealth, revision: string | null): void;
  planned(desired: Desired, braked: BrakedPlan): void;
  outcome(outcome: Outcome): void;
}

export interface PassContext {
  readonly readSource: () => Promise<SourceReading>;
  readonly loadDesired: (tree: SourceTree, bindings: readonly Binding[]) => Desired;
  readonly client: Pick<ThrottledClient, 'list'>;
  readonly store: StateStore;
  readonly plan: MakePlan;
  readonly fingerprint: Fingerprint;
  /** Which files the pass is about, relative to the source directory. Default: all. */
  readonly covers?: Covers | null;
  /** Shown the plan before anything of it is applied; with an objection, nothing is. Default: none. */
  readonly review?: ((facts: PlanFacts) => readonly Objection[]) | null;
  /** Carries out the plan; a dry run passes a function that leaves every write out. */
  readonly apply: (
    plan: Plan,
    live: readonly LiveConnector[],
    run: {
      readonly signal: AbortSignal;
      readonly honourBackOff: boolean;
      readonly onOutcome: (outcome: Outcome) => void;
    },
  ) => Promise<Applied>;
  readonly maxDeletePercent: number;
  readonly force: boolean;
  /** How long an unanswered create is waited for before it may be sent again; milliseconds. */
  readonly settleMs: number;
  readonly observer: PassObserver;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export interface PassRequest {
  /** Withdraws what has not been sent yet. */
  readonly signal: AbortSignal;
  /** Deletes that the pass before planned; null where a delete needs no confirmation. */
  readonly plannedDeletes: ReadonlySet<string> | null;
  /** Whether failing connectors rest until their time. */
  readonly honourBackOff: boolean;
}

export async function runOnce(context: PassContext, request: PassRequest): Promise<PassResult> {
  const { observer, now } = context;
  const startedAt = now();

  const [{ live, api }, { source, revision, desired: all }] = await Promise.all([
    listLive(context.client, request.signal),
    letRequestLeave().then(async () => readDefinitions(context)),
  ]);
  const { covers = null, review = null } = context;
  const desired = covers === null ? all : limitDesired(all, covers);

  const braked =
    live === null ? null : planChanges(context, request, { source, desired: all, live, listedAt: startedAt });
  if (braked !== null) observer.planned(desired, braked);

  const objections =
    braked === null || live === null || review === null
      ? []
      : review({ plan: braked.plan, desired, bindings: context.store.bindings(), live });
  const { outcomes, outage } =
    braked === null || live === null || objections.length > 0 || request.signal.aborted
      ? NOTHING_APPLIED
      : await context.apply(braked.plan, live, { ...request, onOutcome: (outcome) => observer.outcome(outcome) });

  if (live !== null && objections.length === 0) {
    if (covers === null && source.status === 'ok') forgetUnwanted(context, desired);
    if (!request.signal.aborted) rememberProtection(context.store, desired);
  }
  if (live === null && !request.signal.aborted) raiseProtection(context.store, context.plan, all);

  return {
    startedAt,
    durationMs: now() - startedAt,
    revision,
    source,
    api: api.status === 'ok' ? apiHealthOf(outcomes, outage) : api,
    desired,
    plan: braked?.plan ?? null,
    brakes: braked?.brakes ?? [],
    outcomes,
    plannedDeletes: braked?.plannedDeletes ?? new Set(),
    objections,
    withdrawn: request.signal.aborted,
  };
}

/** Reading files keeps the event loop busy. In one turn of it a request begins to connect; in the next one it may leave. */
async function letRequestLeave(): Promise<void> {
  await setImmediate();
  await setImmediate();
}

const NOTHING_APPLIED: Applied = { outcomes: [], outage: null };
const NOTHING: Desired = { connectors: [], invalid: [], warnings: [], files: 0 };

async function readDefinitions({ readSource, loadDesired, store, observer }: PassContext): Promise<{
  readonly source: SourceHealth;
  readonly revision: string | null;
  readonly desired: Desired;
}> {
  const reading = await readSource();
  const { source, revision, desired } =
    reading.status === 'ok'
      ? {
          source: { status: 'ok' } as const,
          revision: reading.revision,
          desired: loadDesired(reading, store.bindings()),
        }
      : { source: reading, revision: null, desired: NOTHING };
  observer.sourceRead(source, revision);
  return { source, revision, desired };
}

async function listLive(
  client: Pick<ThrottledClient, 'list'>,
  signal: AbortSignal,
): Promise<{ readonly live: readonly LiveConnector[] | null; readonly api: ApiHealth }> {
  try {
    return { live: await client.list(signal), api: { status: 'ok' } };
  } catch (error) {
    if (!(error instanceof StoppedError)) throw error;
    return { live: null, api: error.reason === 'aborted' ? { status: 'ok' } : explainStop(error, error.cause) };
  }
}

function explainStop(stopped: StoppedError, cause: ApiError): ApiHealth {
  return stopped.reason === 'unauthorized'
    ? { status: 'unauthorized', code: stopped.status, message: cause.message }
    : { status: 'unreachable', code: stopped.status, message: cause.message };
}

function apiHealthOf(outcomes: readonly Outcome[], outage: WriteFailure | null): ApiHealth {
  if (outage !== null) return { status: 'unreachable', code: outage.status, message: outage.message };
  const refusal = outcomes.map(({ failure }) => failure).find((failure) => failure?.kind === 'unauthorized') ?? null;
  return refusal === null
    ? { status: 'ok' }
    : { status: 'unauthorized', code: refusal.status, message: refusal.message };
}

function planChanges(
  context: PassContext,
  { plannedDeletes }: PassRequest,
  found: {
    readonly source: SourceHealth;
    readonly desired: Desired;
    readonly live: readonly LiveConnector[];
    /** When the list was asked for: what the server did later is not in it. */
    readonly listedAt: number;
  },
): BrakedPlan {
  const { store, fingerprint, force, maxDeletePercent, settleMs, now, covers = null } = context;
  const { source, desired, live, listedAt } = found;
  const [bindings, intents] = [store.bindings(), store.intents()];
  const liveIds = new Set(live.map(({ id }) => id));

  const plan = context.plan({ desired, bindings, intents, live });
  const braked = applyBrakes(plan, {
    source: source.status,
    definitions: desired.connectors.length + desired.invalid.length,
    invalid: desired.invalid.length,
    bound: bindings.length,
    boundMissing: bindings.filter(({ id }) => !liveIds.has(id)).length,
    plannedDeletes,
    driftRewrites: countRewrites(store, now()),
    unsettledCreates: waitingCreates(desired.connectors, intents, {
      settleMs,
      now: listedAt,
      fingerprint,
    }),
    maxDeletePercent,
    force,
  });
  return covers === null ? braked : limitPlan(braked, covers);
}

/**
 * Of definitions that are gone, and were never bound, nothing is of concern any more: neither a create that got no answer,
 * when its time is over, nor why one failed. Should a definition come back, it is tried anew.
 */
function forgetUnwanted({ store, settleMs, now }: PassContext, { connectors, invalid }: Desired): void {
  const [intents, failures] = [store.intents(), store.failures()];
  if (intents.length + failures.length === 0) return;
  const wanted = new Set([...connectors, ...invalid].map(({ key }) => key));
  for (const intent of intents) {
    if (!wanted.has(intent.key) && remainingMs(intent, settleMs, now()) <= 0) store.clearIntent(intent.key);
  }
  const bound = new Set(store.bindings().map(({ key }) => key));
  for (const { key } of failures) {
    if (!wanted.has(key) && !bound.has(key)) store.clearFailure(key);
  }
}

/** Those that are yet to come were made by a process whose clock was ahead. */
function countRewrites(store: StateStore, now: number): ReadonlyMap<string, number> {
  const rewrites = store.driftRewrites(now - FIGHT_WINDOW_MS);
  return new Map([...rewrites].map(([key, times]) => [key, times.filter((at) => at <= now).length]));
}
