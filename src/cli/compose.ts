/**
 * Builds one pipeline from one settings object: with compose-client, the only place that makes real dependencies.
 * Nothing here is global, so one process could hold several pipelines.
 */

import { applyPlan, createQuietOutcomes, skipPlan } from '../apply/apply-plan.ts';
import type { RateLimiter } from '../apply/rate-limit.ts';
import type { RequestReport } from '../apply/throttled-client.ts';
import type { Environment } from '../config/environment.ts';
import type { Settings } from '../config/settings.ts';
import { explainFailure } from '../daemon/explain-failure.ts';
import type { PassContext, PassObserver, PassRequest } from '../daemon/run-once.ts';
import { runOnce } from '../daemon/run-once.ts';
import { createDesiredLoader } from '../desired/load-desired.ts';
import type { Binding } from '../model/baseline.ts';
import { createDigests } from '../model/digest.ts';
import type { EmitEvent } from '../model/event.ts';
import type { PassResult } from '../model/pass.ts';
import type { SourceLines } from '../model/source.ts';
import { rememberLast } from '../model/remember-last.ts';
import type { Tracing } from '../model/tracing.ts';
import { createPlanner } from '../plan/remember-plan.ts';
import { passRecord } from '../report/pass-record.ts';
import { createMask } from '../report/redact.ts';
import type { SecretScrubber } from '../report/secret-scrubber.ts';
import { createSourceReader } from '../source/source-reader.ts';
import { createFingerprint } from '../state/fingerprint.ts';
import type { OpenedState } from '../state/state-store.ts';
import { openStateStore } from '../state/state-store.ts';
import { monotonicNow, wallTime } from './clock.ts';
import { composeClient } from './compose-client.ts';

export interface PipelineOptions {
  readonly settings: Settings;
  readonly environment: Environment;
  /** Asked before each request; an empty key is never sent. */
  readonly apiKey: () => string;
  /** `read` takes no lock and leaves no trace on disk. */
  readonly stateMode: 'write' | 'read';
  /** Send nothing but GET. */
  readonly dryRun: boolean;
  readonly emit: EmitEvent;
  readonly observer: PassObserver;
  /** See {@link PassContext}. Default: all files, and no review. */
  readonly covers?: PassContext['covers'];
  readonly review?: PassContext['review'];
  readonly warn: (message: string) => void;
  readonly onRequest: (report: RequestReport) => void;
  /** Null where nobody wants spans. */
  readonly tracing: Tracing | null;
  /** Told what must never be shown: the API key, and every value of a placeholder. */
  readonly onSecret: SecretScrubber['learn'];
  /** Milliseconds since the epoch, on a clock that never goes back. Default: {@link monotonicNow}. */
  readonly now?: () => number;
}

export interface Pipeline {
  readonly pass: (request: PassRequest) => Promise<PassResult>;
  /** Begin to read what the next pass will read. */
  readonly lookAhead: () => void;
  readonly store: OpenedState;
  readonly limiter: RateLimiter;
  /** The lines of the definitions that were read last. */
  readonly lines: () => SourceLines;
  /** Break off what is in flight; it is recorded as far as it is known. */
  readonly abort: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** @throws StateLockedError, StateTooNewError */
export function composePipeline(options: PipelineOptions): Pipeline {
  const { settings, environment, dryRun, emit, warn, observer, onSecret, tracing, now = monotonicNow } = options;
  const { api, limits, secrets, sync } = settings;
  const random = Math.random;
  let passes = 0;

  const store = openStateStore({
    directory: settings.state.dir,
    mode: options.stateMode,
    now,
    onRebuilt: (reason) => emit({ event: 'state.rebuilt', reason }),
    onDegraded: (reason) => warn(`the state lives in memory only: ${reason}`),
    onRestored: () => warn('the state is durable again'),
  });
  const fingerprint = createFingerprint(store.installationKey);
  const digests = createDigests(fingerprint);
  // Left by a process whose clock was ahead: from now on they are waited for no longer than any other.
  for (const intent of store.intents()) {
    if (intent.at > now()) store.recordIntent({ ...intent, at: now() });
  }

  const {
    client,
    limiter,
    close: closeClient,
  } = composeClient({
    settings,
    environment,
    apiKey: options.apiKey,
    onSecret,
    readOnly: dryRun,
    tracing,
    emit,
    onRequest: options.onRequest,
    random,
    now,
  });

  const loader = createDesiredLoader({
    placeholders: {
      environment,
      envPrefix: secrets.envPrefix,
      secretsDir: secrets.dir,
      onValue: (value) => onSecret(value, 'placeholder'),
    },
    values: 'required',
  });
  const quietOutcomes = createQuietOutcomes();
  const apply: PassContext['apply'] = async (plan, live, run) =>
    applyPlan(plan, live, {
      client,
      store,
      fingerprint,
      digests,
      explain: (desired, error) => explainFailure(desired, error, (key, pointer) => loader.locate(key, pointer)),
      now,
      random,
      settleMs: api.timeout,
      inHand: 4 * limits.concurrency,
      quietOutcomes,
      ...run,
    });

  const boundBy = rememberLast((bindings: readonly Binding[]) => {
    const keys = new Set(bindings.map(({ key }) => key));
    return (key: string) => keys.has(key);
  });
  const source = createSourceReader(settings.source.dir, sayOnce(warn));
  const context: PassContext = {
    readSource: async () => source.read(loader.begin()),
    loadDesired: (tree, bindings) => loader.load(tree, boundBy(bindings)),
    client,
    store,
    plan: createPlanner({ fingerprint, digests, mask: createMask(fingerprint) }, sync.policy, sync.drift),
    fingerprint,
    apply: dryRun ? async (plan, _, { onOutcome }) => skipPlan(plan, onOutcome) : apply,
    maxDeletePercent: sync.maxDeletePercent,
    force: sync.force,
    settleMs: api.timeout,
    covers: options.covers ?? null,
    review: options.review ?? null,
    observer,
    now,
  };

  return {
    pass: async (request) => {
      const run = async (): Promise<PassResult> => runOnce(context, request);
      const result = await (tracing === null ? run() : tracing.pass(run));
      if (!result.withdrawn && result.objections.length === 0) {
        passes += 1;
        store.recordPass(passRecord({ ...result, startedAt: wallTime(result.startedAt) }, passes));
        store.flush();
      }
      return result;
    },
    lookAhead: source.lookAhead,
    store,
    limiter,
    lines: () => loader.lines(),
    abort: async () => client.destroy(),
    close: async () => {
      limiter.close();
      store.flush();
      store.close();
      await closeClient();
    },
  };
}

/** A condition that lasts is told when it begins, not at every pass. */
function sayOnce(say: (message: string) => void): (message: string) => void {
  const said = new Set<string>();
  return (message) => {
    if (said.has(message)) return;
    said.add(message);
    say(message);
  };
}
