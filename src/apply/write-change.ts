/** Sends one change, records what came of it, and says so. */

import { ApiError } from '../api/api-error.ts';
import type { Failure, StateStore } from '../model/baseline.ts';
import type { AdoptChange, Change, CreateChange, DeleteChange, UpdateChange } from '../model/change.ts';
import type { ConnectorConfig, ConnectorField, LiveConnector, ValidConnector } from '../model/connector.ts';
import { CONNECTOR_FIELDS } from '../model/connector.ts';
import { isDriftCause } from '../model/drift.ts';
import { sameButMasked } from '../model/masked-values.ts';
import type { Outcome, OutcomeKind, WriteFailure } from '../model/outcome.ts';
import type { Problem } from '../model/problem.ts';
import { storedName } from '../model/stored-name.ts';
import { backOffMs } from './back-off.ts';
import type { Hashing } from './binding-of.ts';
import { bindingAsFound, bindingOf } from './binding-of.ts';
import { coalesce } from './coalesce.ts';
import { ensureGone } from './ensure-gone.ts';
import { restingFailure } from './resting-failure.ts';
import type { ThrottledClient } from './throttled-client.ts';
import { StoppedError } from './throttled-client.ts';

/** An API error as the author of the definition may read it: scrubbed, and placed in the file. */
export type Explain = (
  desired: ValidConnector,
  error: ApiError,
) => { readonly message: string; readonly problems: readonly Problem[] };

export interface WriteContext extends Hashing {
  readonly client: ThrottledClient;
  readonly store: StateStore;
  readonly explain: Explain;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly random: () => number;
  /** How long after a lost answer the server may still commit a create; milliseconds. */
  readonly settleMs: number;
  /** Whether connectors that failed before rest until their time; a person's command does not wait. */
  readonly honourBackOff: boolean;
  /** Withdraws what has not been sent yet. */
  readonly signal: AbortSignal;
  /** Ids that were live before the first write: none of them can be the fruit of a lost answer. */
  readonly known: ReadonlySet<number>;
}

export interface Writer {
  create(change: CreateChange): Promise<Outcome>;
  update(change: UpdateChange | AdoptChange): Promise<Outcome>;
  /** Bind without a write. */
  adopt(change: AdoptChange): Promise<Outcome>;
  remove(change: DeleteChange): Promise<Outcome>;
}

export function outcomeOf(change: Change, outcome: OutcomeKind, rest: Partial<Outcome> = {}): Outcome {
  return { change, outcome, id: change.id, failure: null, adjusted: [], ...rest };
}

export function createWriter(context: WriteContext): Writer {
  const { client, store, fingerprint, now, signal } = context;
  const failures = new Map(store.failures().map((failure) => [failure.key, failure]));
  const bindings = new Map(store.bindings().map((binding) => [binding.key, binding]));
  const intents = new Map(store.intents().map((intent) => [intent.key, intent]));
  const freshList = coalesce(async () => client.list(signal));
  /** Ids that cannot be that of a connector that is created now. */
  const taken = new Set(context.known);

  const restsAs = (key: string, digest: string): WriteFailure | null =>
    context.honourBackOff ? restingFailure(failures.get(key), digest, now()) : null;

  const succeed = (change: CreateChange | UpdateChange | AdoptChange, echo: LiveConnector): Outcome => {
    const { key } = change.desired;
    if (failures.has(key)) store.clearFailure(key);
    if (isDriftCause(change.cause)) store.recordDriftRewrite(key, now());
    else store.clearDriftRewrites(key);
    return outcomeOf(change, 'applied', { id: echo.id, adjusted: adjustedFields(change.send, echo.config) });
  };

  return {
    async create(change) {
      const { desired } = change;
      // Not that of an update: a connector that is found after all is not kept waiting.
      const digest = `create ${contentDigest(desired, context)}`;
      const resting = restsAs(desired.key, digest);
      if (resting !== null) return outcomeOf(change, 'failed', { failure: resting });
      try {
        if (change.id !== null) await ensureGone(client, change.id, signal);
        const echo = await createOnce(change);
        taken.add(echo.id);
        store.saveBindingSoon(bindingOf(desired, echo, context));
        await store.settled();
        return succeed(change, echo);
      } catch (error) {
        return fail(change, asStopped(error), { desired, digest });
      }
    },

    async update(change) {
      const { desired, send, live } = change;
      const digest = contentDigest(desired, context);
      const resting = restsAs(desired.key, digest);
      if (resting !== null) return outcomeOf(change, 'failed', { failure: resting });
      // Its create got no answer. Once it is written to, it may go by another name than the one that told whose it is.
      const intent = change.action === 'adopt' ? intents.get(desired.key) : undefined;
      if (intent !== undefined) store.saveBinding(bindingAsFound(desired, live, intent, context));
      try {
        await ensureReplaced(change);
        const echo = await client.update(live.id, send, { signal });
        const before = bindings.get(desired.key)?.secretPlaces;
        store.saveBindingSoon(bindingOf(desired, echo, context, before));
        return succeed(change, echo);
      } catch (error) {
        return fail(change, asStopped(error), { desired, digest });
      }
    },

    async adopt(change) {
      const { desired, live } = change;
      try {
        await ensureReplaced(change);
      } catch (error) {
        return fail(change, asStopped(error), { desired, digest: contentDigest(desired, context) });
      }
      store.saveBindingSoon(bindingOf(desired, live, context));
      return outcomeOf(change, 'applied');
    },

    async remove(change) {
      const resting = restsAs(change.key, DELETED);
      if (resting !== null) return outcomeOf(change, 'failed', { failure: resting });
      try {
        await client.delete(change.live.id, { signal });
      } catch (error) {
        return fail(change, asStopped(error), { desired: null, digest: DELETED });
      }
      store.forgetBinding(change.key);
      store.clearFailure(change.key);
      return outcomeOf(change, 'applied');
    },
  };

  /** A list that lacks a connector may be wrong: another one takes its place only when the server says that it is gone. */
  async function ensureReplaced(change: UpdateChange | AdoptChange): Promise<void> {
    if (change.action === 'adopt' && change.replaces !== null) await ensureGone(client, change.replaces, signal);
  }

  /** Send a create, never twice; after a lost answer the live list decides. */
  async function createOnce({ desired, send }: CreateChange): Promise<LiveConnector> {
    const intent = { key: desired.key, name: storedName(desired, fingerprint) };
    const older = intents.get(desired.key);
    let goodUntil = 0;
    let mayHaveLeft = false;
    const intend = async (): Promise<void> => {
      goodUntil = now() + INTENT_GOOD_MS;
      store.recordIntentSoon({ ...intent, at: goodUntil });
      await store.settled();
    };
    // Ahead of its turn: so many share a commit, and hardly any turn waits for the disk.
    let intended = intend();
    const beforeSend = async (): Promise<void> => {
      if (now() > goodUntil) intended = intend();
      await intended;
      mayHaveLeft = true;
    };
    try {
      const echo = await client.create(send, { signal, beforeSend });
      if (taken.has(echo.id)) throw answeredWithAnother(echo.id);
      return echo;
    } catch (error) {
      const stopped = asStopped(error);
      if (stopped.reason !== 'unsettled') {
        if (mayHaveLeft || older === undefined) store.clearIntent(desired.key);
        else store.recordIntent(older);
        throw stopped;
      }
      const found = await findLostCreate(send);
      if (found !== null) return found;
      store.recordIntent({ ...intent, at: now() });
      throw stopped;
    }
  }

  /**
   * The only connector of this name that nobody knew before, if it is what was sent. Someone else may have made one
   * meanwhile: whether that may be adopted, and changed, is for the next plan to say, and for policy.
   */
  async function findLostCreate(send: ConnectorConfig): Promise<LiveConnector | null> {
    try {
      const live = await freshList();
      const candidates = live.filter(({ id, config }) => config.name === send.name && !taken.has(id));
      const [only] = candidates;
      return candidates.length === 1 && only !== undefined && isFruitOf(send, only.config) ? only : null;
    } catch (error) {
      asStopped(error);
      return null;
    }
  }

  function fail(
    change: Change,
    stopped: StoppedError,
    { desired, digest }: { readonly desired: ValidConnector | null; readonly digest: string },
  ): Outcome {
    if (stopped.reason === 'aborted') return outcomeOf(change, 'skipped');
    const { message, problems } =
      desired === null ? { message: stopped.cause.message, problems: [] } : context.explain(desired, stopped.cause);
    const about = { status: stopped.status, attempts: stopped.attempts, message, problems };
    const failed = (failure: WriteFailure): Outcome => outcomeOf(change, 'failed', { failure });
    const before = failures.get(change.key);
    const passes = before?.digest === digest ? before.attempts + 1 : 1;
    const rest = (kind: Failure['kind'], retryInMs: number): void => {
      const retryAt = now() + retryInMs;
      const failure = { key: change.key, digest, kind, status: stopped.status, message, attempts: passes, retryAt };
      store.recordFailure(failure);
    };

    switch (stopped.reason) {
      case 'unauthorized':
        return failed({ ...about, kind: 'unauthorized', retryInMs: 0 });
      case 'gone':
        return failed({ ...about, kind: 'gone', retryInMs: 0 });
      case 'permanent':
        rest('permanent', 0);
        return failed({ ...about, kind: 'permanent', retryInMs: null });
      case 'exhausted': {
        const retryInMs = backOffMs(passes, context.random());
        rest('transient', retryInMs);
        return failed({ ...about, kind: 'transient', retryInMs });
      }
      case 'unsettled': {
        const retryInMs = backOffMs(passes, context.random());
        // What we broke off ourselves is no failure of the connector.
        if (stopped.cause.kind !== 'aborted') rest('transient', retryInMs);
        return failed({ ...about, kind: 'unsettled', retryInMs: Math.max(context.settleMs, retryInMs) });
      }
    }
  }
}

const DELETED = 'deleted';

/**
 * An intent is recorded ahead of its create, and says that it begins within so many milliseconds; from then on it counts how long
 * the server may take to commit. When the turn comes later, it is recorded anew.
 */
const INTENT_GOOD_MS = 1_000;

function contentDigest(desired: ValidConnector, { fingerprint, digests }: Hashing): string {
  return fingerprint(Object.values(digests.ofDefinition(desired)).join());
}

/** Fields in which the server keeps something else than it was sent; hiding a value is not changing it. */
function adjustedFields(sent: ConnectorConfig, echo: ConnectorConfig): readonly ConnectorField[] {
  return CONNECTOR_FIELDS.filter((field) => !sameButMasked(echo[field], sent[field]));
}

/** Whether the server may have made this of what it was sent: it caps numbers, and hides values. */
function isFruitOf(sent: ConnectorConfig, live: ConnectorConfig): boolean {
  return adjustedFields(sent, live).every((field) => isCapped(sent[field], live[field]));
}

function isCapped(sent: unknown, live: unknown): boolean {
  return typeof sent === 'number' && typeof live === 'number' && live < sent;
}

/** A create that is answered with a connector that was there before says nothing about what became of it. */
function answeredWithAnother(id: number): StoppedError {
  const cause = new ApiError({
    kind: 'invalid_answer',
    method: 'POST',
    path: '/v1/connectors/',
    what: `was answered with connector ${id}, which is another one`,
    sent: true,
  });
  return new StoppedError('create', 'unsettled', 1, cause);
}

function asStopped(error: unknown): StoppedError {
  if (error instanceof StoppedError) return error;
  throw error;
}
