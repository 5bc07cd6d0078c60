/**
 * Who is told what the daemon does, in one place:
 *
 *   what a pass finds and does ──> conditions ──> events ──┬─> log
 *              │                                           ├─> the last events
 *              ├──> status                                 ├─> metrics
 *              ├──> connectors, row by row                 └─> further witnesses
 *              ├──> metrics
 *              └──> further witnesses
 *
 * Whoever shows something of it (the status API, the dashboard, the metrics) reads it here.
 */

import type { RequestReport } from '../apply/throttled-client.ts';
import type { Settings } from '../config/settings.ts';
import type { Mode } from '../daemon/run-loop.ts';
import type { PassObserver } from '../daemon/run-once.ts';
import type { EmitEvent, SyncEvent } from '../model/event.ts';
import type { PassResult } from '../model/pass.ts';
import type { SourceLines } from '../model/source.ts';
import { writeOf } from '../plan/policy.ts';
import type { Changes } from '../report/changes.ts';
import { createChanges } from '../report/changes.ts';
import { createConditionTracker } from '../report/conditions.ts';
import type { ConnectorBoard } from '../report/connector-board.ts';
import { createConnectorBoard } from '../report/connector-board.ts';
import { createHeartbeat } from '../report/heartbeat.ts';
import type { Log } from '../report/log.ts';
import type { Metrics } from '../report/metrics/metrics.ts';
import { createMetrics } from '../report/metrics/metrics.ts';
import type { Status } from '../model/status-api.ts';
import { createStatusBoard } from '../report/status.ts';
import type { ToldEvents } from '../report/told-events.ts';
import { createToldEvents } from '../report/told-events.ts';
import { monotonicNow } from './clock.ts';
import type { Pipeline } from './compose.ts';
import { statusInWallTime } from './in-wall-time.ts';
import { readProcess } from './read-process.ts';
import { COMMIT, VERSION } from './version.ts';

/** Somebody else who wants to know. Must neither throw nor block. */
export interface Witness {
  told(event: SyncEvent): void;
  /** After each pass that was not withdrawn, and after the last one in any case. */
  passed(result: PassResult): void;
}

export interface ObservationOptions {
  readonly settings: Settings;
  readonly dryRun: boolean;
  readonly sandbox: boolean;
  readonly log: Log;
  /** What every log line carries. */
  readonly logContext: { revision: string | null };
  readonly witnesses: readonly Witness[];
}

export interface Observation {
  readonly emit: EmitEvent;
  readonly observer: PassObserver;
  readonly requested: (request: RequestReport) => void;
  readonly modeChanged: (mode: Mode) => void;
  readonly passed: (result: PassResult, nextInMs: number | null) => void;
  /** A pass broke off for a defect of ours. */
  readonly crashed: () => void;
  /** Changes of files were noticed. */
  readonly nudged: () => void;
  /** Look at this pipeline from now on. */
  readonly attach: (pipeline: Pick<Pipeline, 'limiter' | 'lines' | 'store'>) => void;
  /** In the time of the system's clock, whatever that is set to meanwhile. */
  readonly status: () => Status;
  readonly connectors: Pick<ConnectorBoard, 'rows' | 'detail'>;
  readonly events: Pick<ToldEvents, 'recent' | 'about'>;
  readonly metrics: Pick<Metrics, 'expose'>;
  readonly changes: Pick<Changes, 'subscribe'>;
}

export function createObservation(options: ObservationOptions): Observation {
  const { settings, dryRun, sandbox, log, logContext, witnesses } = options;
  const { policy, drift, interval } = settings.sync;
  const now = monotonicNow;
  let pipeline: Pick<Pipeline, 'limiter' | 'lines' | 'store'> | null = null;
  const lines = (): SourceLines => pipeline?.lines() ?? (() => null);

  const changes = createChanges();
  const connectors = createConnectorBoard({ now, onChange: () => changes.tell('lists') });
  const board = createStatusBoard({
    facts: {
      version: VERSION,
      commit: COMMIT,
      dryRun,
      sandbox,
      policy,
      drift,
      intervalMs: interval,
      sourceDir: settings.source.dir,
      baseUrl: settings.api.baseUrl,
    },
    gauges: {
      queue: () => ({ pending: pipeline?.limiter.waiting ?? 0, inFlight: pipeline?.limiter.pending ?? 0 }),
      connectors: () => connectors.counts(),
    },
    now,
    onChange: () => changes.tell('status'),
  });
  const events = createToldEvents(now);
  const status = (): Status => statusInWallTime(board.read());
  const metrics = createMetrics({
    status,
    process: readProcess,
    connectors: settings.metrics.perConnector ? () => connectors.rows() : null,
    now: Date.now,
  });
  const heartbeat = createHeartbeat(now);

  const emit: EmitEvent = (event) => {
    log.emit(event);
    events.told(event);
    changes.tell('lists');
    metrics.told(event);
    if (event.event === 'api.throttled') board.paused(event.pauseMs);
    if (event.event === 'watch.degraded') board.setWatch('polling');
    for (const witness of witnesses) witness.told(event);
  };
  const conditions = createConditionTracker(emit);
  let isSourceRead = false;
  let isStopping = false;

  return {
    emit,
    observer: {
      sourceRead(source, revision) {
        logContext.revision = revision;
        board.setRevision(revision);
        isSourceRead = source.status === 'ok';
        conditions.sourceRead(source);
      },
      planned(desired, braked) {
        board.planned(braked.plan.changes.filter((change) => writeOf(change) !== null).length);
        // While the source is away, a plan says nothing about connectors: they are shown as they were.
        if (isSourceRead) connectors.planned(desired, braked, lines());
        conditions.planned(desired, braked);
      },
      outcome(outcome) {
        if (writeOf(outcome.change) !== null) board.written();
        connectors.outcome(outcome);
        metrics.outcome(outcome);
        conditions.outcome(outcome);
      },
    },
    requested(request) {
      board.moved();
      metrics.requested(request);
    },
    modeChanged(mode) {
      isStopping = mode === 'draining';
      board.setMode(mode);
    },
    passed(result, nextInMs) {
      if (pipeline !== null) board.setDurable(pipeline.store.durable);
      board.passed(result, nextInMs);
      if (result.plan === null && result.source.status === 'ok' && !result.withdrawn) {
        connectors.unplanned(result.desired, lines());
      }
      metrics.passed(result);
      changes.tell('lists');
      conditions.passCompleted(result, { nextInMs, heartbeat: heartbeat.isDue() });
      if (!result.withdrawn || isStopping) for (const witness of witnesses) witness.passed(result);
    },
    crashed: () => metrics.crashed(),
    nudged: () => metrics.nudged(),
    attach: (composed) => {
      pipeline = composed;
    },
    status,
    connectors,
    events,
    metrics,
    changes,
  };
}
