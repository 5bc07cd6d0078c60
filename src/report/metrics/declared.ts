/**
 * Every metric, declared once: what `/metrics` answers and `docs/metrics.md` both follow from this list. Names and labels
 * are API. Where all values of a label are known they are listed, and exist from the start with 0, so that a rate over
 * them is never without a beginning.
 */

import type { BlockCode, Cause } from '../../model/change.ts';
import { CONNECTOR_STATES } from '../../model/status-api.ts';

export interface MetricDeclaration {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  /** Values by label; null where they are not known beforehand. */
  readonly labels: Readonly<Record<string, readonly string[] | null>>;
  /** Of a histogram: upper bounds, in the unit of the metric. */
  readonly buckets?: readonly number[];
}

const DRIFT_CAUSES = ['remote_changed', 'remote_deleted', 'both_changed'] as const satisfies readonly Cause[];

const OPERATIONS = ['list', 'create', 'get', 'update', 'delete'] as const;

export const BRAKE_CODES = [
  'source_unavailable',
  'source_empty',
  'invalid_definitions',
  'mass_delete',
  'unconfirmed_delete',
  'live_list_short',
  'fight',
] as const satisfies readonly BlockCode[];

export const METRICS = {
  buildInfo: {
    name: 'databar_sync_build_info',
    type: 'gauge',
    help: 'Always 1; the labels say which version runs, on which Node.',
    labels: { version: null, node_version: null },
  },
  sourceInfo: {
    name: 'databar_sync_source_info',
    type: 'gauge',
    help: 'Always 1; the label says which commit the definitions are of. Empty outside of git.',
    labels: { revision: null },
  },
  dryRun: {
    name: 'databar_sync_dry_run',
    type: 'gauge',
    help: '1 when nothing but GET is sent, else 0.',
    labels: {},
  },
  passes: {
    name: 'databar_sync_passes_total',
    type: 'counter',
    help:
      'Passes by result: ok, problems (something is invalid, blocked or failed), failed (files or API could not be ' +
      'read), withdrawn (files changed meanwhile), crashed (a defect of databar-sync).',
    labels: { result: ['ok', 'problems', 'failed', 'withdrawn', 'crashed'] },
  },
  passDuration: {
    name: 'databar_sync_pass_duration_seconds',
    type: 'histogram',
    help: 'How long passes took that were not withdrawn.',
    labels: {},
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600],
  },
  lastPass: {
    name: 'databar_sync_last_pass_timestamp_seconds',
    type: 'gauge',
    help: 'When the last pass ended, whatever its result; Unix time, 0 before the first.',
    labels: {},
  },
  lastSuccess: {
    name: 'databar_sync_last_success_timestamp_seconds',
    type: 'gauge',
    help: 'When a pass last read files and API; Unix time, 0 before the first.',
    labels: {},
  },
  nextPass: {
    name: 'databar_sync_next_pass_timestamp_seconds',
    type: 'gauge',
    help: 'When the next pass is due; Unix time, 0 while a pass is under way.',
    labels: {},
  },
  failedInARow: {
    name: 'databar_sync_consecutive_failed_passes',
    type: 'gauge',
    help: 'Passes in a row that could not read files or API.',
    labels: {},
  },
  connectors: {
    name: 'databar_sync_connectors',
    type: 'gauge',
    help: 'Connectors that a definition speaks of, or spoke of, by how they stand against it.',
    labels: { state: CONNECTOR_STATES },
  },
  unmanaged: {
    name: 'databar_sync_unmanaged_connectors',
    type: 'gauge',
    help: 'Live connectors that no definition speaks of.',
    labels: {},
  },
  definitions: {
    name: 'databar_sync_definitions',
    type: 'gauge',
    help: 'Definitions found in the files, valid and invalid.',
    labels: { validity: ['valid', 'invalid'] },
  },
  files: {
    name: 'databar_sync_definition_files',
    type: 'gauge',
    help: 'Files of definitions found.',
    labels: {},
  },
  changes: {
    name: 'databar_sync_changes_total',
    type: 'counter',
    help: 'Changes that were due, by action and outcome.',
    labels: { action: ['create', 'adopt', 'update', 'delete'], outcome: ['applied', 'failed', 'skipped'] },
  },
  driftDetected: {
    name: 'databar_sync_drift_detected_total',
    type: 'counter',
    help: 'Drift that began, or became another one, by cause.',
    labels: { cause: DRIFT_CAUSES },
  },
  driftHealed: {
    name: 'databar_sync_drift_healed_total',
    type: 'counter',
    help: 'Drift that was undone by a write, by cause.',
    labels: { cause: DRIFT_CAUSES },
  },
  brakes: {
    name: 'databar_sync_brake_blocked_changes',
    type: 'gauge',
    help: 'Changes that each brake holds back; 0 when it is released.',
    labels: { code: BRAKE_CODES },
  },
  requests: {
    name: 'databar_sync_api_requests_total',
    type: 'counter',
    help:
      'Requests to the Databar API, retries included. Any success counts as 200; "none" is a request without an ' +
      'answer; a status that is rare is told by its class, such as 4xx.',
    labels: { operation: OPERATIONS, method: null, status: null },
  },
  requestDuration: {
    name: 'databar_sync_api_request_duration_seconds',
    type: 'histogram',
    help: 'How long requests took, from their turn in the queue to the end of the answer.',
    labels: { operation: OPERATIONS },
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  },
  retries: {
    name: 'databar_sync_api_retries_total',
    type: 'counter',
    help: 'Requests that repeated one that had failed.',
    labels: { operation: OPERATIONS },
  },
  apiStatus: {
    name: 'databar_sync_api_health',
    type: 'gauge',
    help: '1 for how the API treated the last pass, 0 for the others.',
    labels: { status: ['ok', 'unauthorized', 'unreachable'] },
  },
  sourceStatus: {
    name: 'databar_sync_source_health',
    type: 'gauge',
    help: '1 for how the last pass found the source directory, 0 for the others.',
    labels: { status: ['ok', 'missing', 'unreadable'] },
  },
  queuePending: {
    name: 'databar_sync_queue_pending_requests',
    type: 'gauge',
    help: 'Requests that wait for their turn.',
    labels: {},
  },
  queueInFlight: {
    name: 'databar_sync_queue_in_flight_requests',
    type: 'gauge',
    help: 'Requests under way.',
    labels: {},
  },
  queuePause: {
    name: 'databar_sync_queue_pause_remaining_seconds',
    type: 'gauge',
    help: 'How long the queue still rests because the server asked for it; 0 when it does not.',
    labels: {},
  },
  pauses: {
    name: 'databar_sync_throttle_pauses_total',
    type: 'counter',
    help: 'Pauses of the queue that the server asked for (429, or 503 with Retry-After).',
    labels: {},
  },
  watchEvents: {
    name: 'databar_sync_watch_nudges_total',
    type: 'counter',
    help: 'Bursts of changes in the source directory that were noticed.',
    labels: {},
  },
  watchDegraded: {
    name: 'databar_sync_watch_degraded',
    type: 'gauge',
    help: '1 when watching by events failed and the files are polled, else 0.',
    labels: {},
  },
  stateDurable: {
    name: 'databar_sync_state_durable',
    type: 'gauge',
    help: '1 when the state is kept on disk, 0 when it lives in memory only.',
    labels: {},
  },
  cpu: {
    name: 'process_cpu_seconds_total',
    type: 'counter',
    help: 'Time of the processor that the process used, user and system together.',
    labels: {},
  },
  memory: {
    name: 'process_resident_memory_bytes',
    type: 'gauge',
    help: 'Resident memory of the process.',
    labels: {},
  },
  startTime: {
    name: 'process_start_time_seconds',
    type: 'gauge',
    help: 'When the process started; Unix time.',
    labels: {},
  },
} as const satisfies Readonly<Record<string, MetricDeclaration>>;

/** Only with `metrics.perConnector`. */
export const PER_CONNECTOR = {
  connectorInfo: {
    name: 'databar_sync_connector_info',
    type: 'gauge',
    help: 'Always 1; the labels say how each connector stands. Only with the setting metrics.perConnector.',
    labels: { key: null, state: null },
  },
} as const satisfies Readonly<Record<string, MetricDeclaration>>;
