/** The metrics of one daemon: what happens is counted as it happens, what stands is read when somebody asks. */

import { Registry } from 'prom-client';
import type { SyncEvent } from '../../model/event.ts';
import type { Outcome } from '../../model/outcome.ts';
import type { PassResult } from '../../model/pass.ts';
import type { ConnectorRow, Status } from '../../model/status-api.ts';
import { CONNECTOR_STATES } from '../../model/status-api.ts';
import { judgePass } from '../pass-record.ts';
import { isSuccess } from '../status.ts';
import { BRAKE_CODES, METRICS, PER_CONNECTOR } from './declared.ts';
import { createInstruments } from './instruments.ts';
import { METHODS, STATUSES, statusLabel } from './request-labels.ts';

/** One request that ended. */
export interface RequestFacts {
  readonly operation: keyof typeof METHODS;
  /** Null when no answer came. */
  readonly status: number | null;
  readonly durationMs: number;
  /** From 1. */
  readonly attempt: number;
}

export interface ProcessReading {
  readonly cpuSeconds: number;
  readonly residentBytes: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly nodeVersion: string;
}

export interface MetricsOptions {
  readonly status: () => Status;
  readonly process: () => ProcessReading;
  /** Null leaves out what has a label for each connector. */
  readonly connectors: (() => readonly ConnectorRow[]) | null;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export interface Metrics {
  told(event: SyncEvent): void;
  outcome(outcome: Outcome): void;
  passed(result: PassResult): void;
  /** A pass broke off for a defect of ours. */
  crashed(): void;
  requested(request: RequestFacts): void;
  /** Changes of files were noticed. */
  nudged(): void;
  /** In the text format of Prometheus. */
  expose(): Promise<{ readonly contentType: string; readonly text: string }>;
}

export function createMetrics({ status, process, connectors, now }: MetricsOptions): Metrics {
  const registry = new Registry();
  const metrics = createInstruments(registry, METRICS);
  const perConnector = connectors === null ? null : createInstruments(registry, PER_CONNECTOR);
  for (const operation of METRICS.requests.labels.operation) {
    for (const known of STATUSES) metrics.requests.inc({ operation, method: METHODS[operation], status: known }, 0);
  }

  const readStatus = (): void => {
    const read = status();
    const { connectors: counts, queue, lastPass } = read;
    const { nodeVersion } = process();
    metrics.buildInfo.set({ version: read.version, node_version: nodeVersion }, 1);
    metrics.sourceInfo.reset();
    metrics.sourceInfo.set({ revision: read.revision ?? '' }, 1);
    metrics.dryRun.set(Number(read.dryRun));
    metrics.lastSuccess.set(seconds(read.lastSuccessAt));
    metrics.nextPass.set(seconds(read.mode === 'waiting' ? read.nextPassAt : null));
    for (const state of CONNECTOR_STATES) metrics.connectors.set({ state }, counts[state]);
    metrics.queuePending.set(queue.pending);
    metrics.queueInFlight.set(queue.inFlight);
    metrics.queuePause.set(Math.max(0, seconds((queue.pausedUntil ?? now()) - now())));
    metrics.watchDegraded.set(Number(read.watch === 'polling'));
    metrics.stateDurable.set(Number(read.stateDurable));
    for (const code of BRAKE_CODES) {
      metrics.brakes.set({ code }, lastPass?.brakes.find((brake) => brake.code === code)?.blocked ?? 0);
    }
  };

  const readProcess = (): void => {
    const { cpuSeconds, residentBytes, startedAt } = process();
    metrics.cpu.reset();
    metrics.cpu.inc(cpuSeconds);
    metrics.memory.set(residentBytes);
    metrics.startTime.set(seconds(startedAt));
  };

  const readConnectors = (): void => {
    perConnector?.connectorInfo.reset();
    for (const { key, state } of connectors?.() ?? []) perConnector?.connectorInfo.set({ key, state }, 1);
  };

  return {
    told(event) {
      if (event.event === 'drift.detected') metrics.driftDetected.inc({ cause: event.cause });
      if (event.event === 'drift.healed') metrics.driftHealed.inc({ cause: event.cause });
      if (event.event === 'api.throttled') metrics.pauses.inc();
    },

    outcome({ change: { action }, outcome }) {
      if (action === 'none' || action === 'blocked' || action === 'held') return;
      metrics.changes.inc({ action, outcome });
    },

    passed(result) {
      metrics.passes.inc({ result: result.withdrawn ? 'withdrawn' : judgePass(result) });
      if (result.withdrawn) return;
      const { durationMs, api, source, plan, desired } = result;
      metrics.passDuration.observe(durationMs / 1000);
      metrics.lastPass.set(seconds(now()));
      if (isSuccess(result)) metrics.failedInARow.set(0);
      else metrics.failedInARow.inc();
      for (const each of METRICS.apiStatus.labels.status) {
        metrics.apiStatus.set({ status: each }, Number(each === api.status));
      }
      for (const each of METRICS.sourceStatus.labels.status) {
        metrics.sourceStatus.set({ status: each }, Number(each === source.status));
      }
      if (plan !== null) metrics.unmanaged.set(plan.unmanaged);
      if (source.status !== 'ok') return;
      metrics.definitions.set({ validity: 'valid' }, desired.connectors.length);
      metrics.definitions.set({ validity: 'invalid' }, desired.invalid.length);
      metrics.files.set(desired.files);
    },

    crashed: () => metrics.passes.inc({ result: 'crashed' }),

    requested({ operation, status: answered, durationMs, attempt }) {
      metrics.requests.inc({ operation, method: METHODS[operation], status: statusLabel(answered) });
      metrics.requestDuration.observe({ operation }, durationMs / 1000);
      if (attempt > 1) metrics.retries.inc({ operation });
    },

    nudged: () => metrics.watchEvents.inc(),

    async expose() {
      readStatus();
      readProcess();
      readConnectors();
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}

function seconds(milliseconds: number | null): number {
  return (milliseconds ?? 0) / 1000;
}
