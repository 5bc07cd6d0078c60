import { describe, expect, test } from 'vitest';
import type { ConnectorRow } from '../../src/model/status-api.ts';
import { METRICS, PER_CONNECTOR } from '../../src/report/metrics/declared.ts';
import type { Metrics } from '../../src/report/metrics/metrics.ts';
import { createMetrics } from '../../src/report/metrics/metrics.ts';
import { desiredOf, definition, invalid } from '../support/builders.ts';
import type { Family } from '../support/parse-exposition.ts';
import { parseExposition } from '../support/parse-exposition.ts';
import {
  applied,
  creating,
  failed,
  inSync,
  NO_CONNECTORS,
  outcomeOf,
  passResult,
  planOf,
  statusOf,
  updating,
} from '../support/pass-builders.ts';

const NOW = 1_000_000;
type StatusChanges = Parameters<typeof statusOf>[0];

function open(status: StatusChanges = {}, connectors: (() => readonly ConnectorRow[]) | null = null): Metrics {
  return createMetrics({
    status: () => statusOf(status),
    process: () => ({ cpuSeconds: 1.5, residentBytes: 4096, startedAt: 500_000, nodeVersion: 'v26.0.0' }),
    connectors,
    now: () => NOW,
  });
}

const read = async (metrics: Metrics): Promise<readonly Family[]> => parseExposition((await metrics.expose()).text);

/** The value of the one series of a metric that has all these labels; undefined when there is none. */
async function valueOf(
  metrics: Metrics,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<number | undefined> {
  const samples = (await read(metrics)).flatMap((family) => family.samples);
  const found = samples.filter(
    (sample) =>
      sample.name === `databar_sync_${name}` &&
      Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  );
  expect(found.length).toBeLessThan(2);
  return found[0]?.value;
}

describe('the exposition', () => {
  test('is the text format of Prometheus, with every declared metric once and no other', async () => {
    const metrics = open();
    const { contentType } = await metrics.expose();
    expect(contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
    const declared = Object.values(METRICS).map(({ name, type, help }) => ({ name, type, help }));
    expect((await read(metrics)).map(({ name, type, help }) => ({ name, type, help }))).toEqual(declared);
  });

  test('has every series whose labels are known from the start, so that a rate has a beginning', async () => {
    const families = await read(open());
    expect(families.filter(({ samples }) => samples.length === 0).map(({ name }) => name)).toEqual([]);
    for (const { name, type, labels } of Object.values(METRICS)) {
      const sizes = Object.values<readonly string[] | null>(labels).map((known) => known?.length ?? null);
      if (type === 'histogram' || sizes.includes(null)) continue;
      const expected = sizes.reduce<number>((product, size) => product * (size ?? 0), 1);
      expect([name, families.find((family) => family.name === name)?.samples.length]).toEqual([name, expected]);
    }
  });

  test('of a metric with many labels stays a few hundred lines, whatever a server answers', async () => {
    const metrics = open();
    for (let status = 100; status < 1000; status += 1) {
      metrics.requested({ operation: 'list', status, durationMs: 1, attempt: 1 });
    }
    const requests = (await read(metrics)).find(({ name }) => name === METRICS.requests.name);
    expect(requests?.samples.length).toBeLessThan(80);
  });

  test('two daemons in one process count apart', async () => {
    const [one, other] = [open(), open()];
    one.nudged();
    expect(await valueOf(one, 'watch_nudges_total')).toBe(1);
    expect(await valueOf(other, 'watch_nudges_total')).toBe(0);
  });
});

describe('passes', () => {
  test('are counted by result', async () => {
    const metrics = open();
    metrics.passed(passResult());
    metrics.passed(passResult({ outcomes: [failed(updating('a'))] }));
    metrics.passed(passResult({ source: { status: 'missing', message: 'gone' } }));
    metrics.passed(passResult({ withdrawn: true }));
    metrics.crashed();
    const results = ['ok', 'problems', 'failed', 'withdrawn', 'crashed'];
    expect(await Promise.all(results.map(async (result) => valueOf(metrics, 'passes_total', { result })))).toEqual([
      1, 1, 1, 1, 1,
    ]);
  });

  test('have a duration in seconds and a time, but for those that were withdrawn', async () => {
    const metrics = open({ lastSuccessAt: 900_000, mode: 'waiting', nextPassAt: 1_060_000 });
    metrics.passed(passResult({ withdrawn: true }));
    expect(await valueOf(metrics, 'last_pass_timestamp_seconds')).toBe(0);
    metrics.passed(passResult({ durationMs: 1_200 }));
    expect(await valueOf(metrics, 'pass_duration_seconds_sum')).toBe(1.2);
    expect(await valueOf(metrics, 'pass_duration_seconds_bucket', { le: '2.5' })).toBe(1);
    expect(await valueOf(metrics, 'last_pass_timestamp_seconds')).toBe(1_000);
    expect(await valueOf(metrics, 'last_success_timestamp_seconds')).toBe(900);
    expect(await valueOf(metrics, 'next_pass_timestamp_seconds')).toBe(1_060);
  });

  test('that fail are counted in a row, and a refused connector is no failed pass', async () => {
    const metrics = open();
    const lost = passResult({ plan: null, api: { status: 'unreachable', code: null, message: 'no answer' } });
    metrics.passed(lost);
    metrics.passed(lost);
    expect(await valueOf(metrics, 'consecutive_failed_passes')).toBe(2);
    expect(await valueOf(metrics, 'api_health', { status: 'unreachable' })).toBe(1);
    expect(await valueOf(metrics, 'api_health', { status: 'ok' })).toBe(0);
    metrics.passed(passResult({ outcomes: [failed(updating('a'))] }));
    expect(await valueOf(metrics, 'consecutive_failed_passes')).toBe(0);
    expect(await valueOf(metrics, 'api_health', { status: 'ok' })).toBe(1);
  });

  test('tell what they found: definitions, files, and what nobody manages', async () => {
    const metrics = open();
    const desired = desiredOf([definition(), definition({ key: 'b' })], [invalid({ key: 'c' })]);
    metrics.passed(passResult({ desired, plan: planOf([], { unmanaged: 5 }) }));
    expect(await valueOf(metrics, 'definitions', { validity: 'valid' })).toBe(2);
    expect(await valueOf(metrics, 'definitions', { validity: 'invalid' })).toBe(1);
    expect(await valueOf(metrics, 'definition_files')).toBe(3);
    expect(await valueOf(metrics, 'unmanaged_connectors')).toBe(5);
    metrics.passed(passResult({ source: { status: 'missing', message: 'gone' } }));
    expect(await valueOf(metrics, 'source_health', { status: 'missing' })).toBe(1);
    expect(await valueOf(metrics, 'definitions', { validity: 'valid' })).toBe(2);
  });
});

test('changes are counted by what was due and what came of it, and what was not due is not', async () => {
  const metrics = open();
  metrics.outcome(applied(creating('a')));
  metrics.outcome(applied(updating('b')));
  metrics.outcome(failed(updating('c')));
  metrics.outcome(outcomeOf(inSync('d'), 'unchanged'));
  expect(await valueOf(metrics, 'changes_total', { action: 'create', outcome: 'applied' })).toBe(1);
  expect(await valueOf(metrics, 'changes_total', { action: 'update', outcome: 'failed' })).toBe(1);
  const counted = (await read(metrics)).find(({ name }) => name === METRICS.changes.name)?.samples ?? [];
  expect(counted.reduce((sum, { value }) => sum + value, 0)).toBe(3);
});

test('drift and pauses are counted as they are told', async () => {
  const metrics = open();
  const about = { connector: { key: 'a', id: 1, name: 'A' }, file: 'a.yaml' };
  metrics.told({ event: 'drift.detected', cause: 'remote_changed', fields: [], ...about });
  metrics.told({ event: 'drift.healed', cause: 'remote_changed', ...about });
  metrics.told({ event: 'api.throttled', pauseMs: 1, status: 429 });
  expect(await valueOf(metrics, 'drift_detected_total', { cause: 'remote_changed' })).toBe(1);
  expect(await valueOf(metrics, 'drift_healed_total', { cause: 'remote_changed' })).toBe(1);
  expect(await valueOf(metrics, 'drift_detected_total', { cause: 'remote_deleted' })).toBe(0);
  expect(await valueOf(metrics, 'throttle_pauses_total')).toBe(1);
});

test('requests are counted by operation, method and status, and those that repeat one apart', async () => {
  const metrics = open();
  metrics.requested({ operation: 'update', status: 503, durationMs: 200, attempt: 1 });
  metrics.requested({ operation: 'update', status: 200, durationMs: 40, attempt: 2 });
  metrics.requested({ operation: 'update', status: null, durationMs: 30_000, attempt: 1 });
  metrics.requested({ operation: 'update', status: 418, durationMs: 1, attempt: 1 });
  for (const status of ['503', '200', 'none', '4xx']) {
    expect(await valueOf(metrics, 'api_requests_total', { operation: 'update', method: 'PUT', status })).toBe(1);
  }
  expect(await valueOf(metrics, 'api_retries_total', { operation: 'update' })).toBe(1);
  expect(await valueOf(metrics, 'api_request_duration_seconds_count', { operation: 'update' })).toBe(4);
  expect(await valueOf(metrics, 'api_request_duration_seconds_bucket', { operation: 'update', le: '0.05' })).toBe(2);
});

test('what stands is read when somebody asks', async () => {
  const metrics = open({
    revision: 'abc',
    dryRun: true,
    watch: 'polling',
    stateDurable: false,
    queue: { pending: 3, inFlight: 2, pausedUntil: NOW + 1_500 },
    connectors: { ...NO_CONNECTORS, drifted: 4 },
    lastPass: { brakes: [{ code: 'mass_delete', reason: 'too many', blocked: 6 }] },
  });
  expect(await valueOf(metrics, 'build_info', { version: '1.2.3', node_version: 'v26.0.0' })).toBe(1);
  expect(await valueOf(metrics, 'source_info', { revision: 'abc' })).toBe(1);
  expect(await valueOf(metrics, 'dry_run')).toBe(1);
  expect(await valueOf(metrics, 'watch_degraded')).toBe(1);
  expect(await valueOf(metrics, 'state_durable')).toBe(0);
  expect(await valueOf(metrics, 'queue_pending_requests')).toBe(3);
  expect(await valueOf(metrics, 'queue_in_flight_requests')).toBe(2);
  expect(await valueOf(metrics, 'queue_pause_remaining_seconds')).toBe(1.5);
  expect(await valueOf(metrics, 'connectors', { state: 'drifted' })).toBe(4);
  expect(await valueOf(metrics, 'brake_blocked_changes', { code: 'mass_delete' })).toBe(6);
  expect(await valueOf(metrics, 'brake_blocked_changes', { code: 'fight' })).toBe(0);
});

test('another commit takes the place of the one before', async () => {
  const status = { revision: 'old' };
  const metrics = open(status);
  await metrics.expose();
  status.revision = 'new';
  expect(await valueOf(metrics, 'source_info')).toBe(1);
});

test('each connector has a series of its own when that is asked for, and only as long as it is there', async () => {
  const row: ConnectorRow = {
    key: 'team/a "quoted"\\',
    id: 1,
    name: 'A',
    file: 'a.yaml',
    line: null,
    state: 'failing',
    cause: null,
    action: null,
    since: 0,
    message: null,
  };
  let rows: readonly ConnectorRow[] = [row];
  const metrics = open({}, () => rows);
  expect(await valueOf(metrics, 'connector_info', { key: row.key, state: 'failing' })).toBe(1);
  rows = [{ ...row, state: 'in_sync' }];
  expect(await valueOf(metrics, 'connector_info')).toBe(1);
  rows = [];
  const family = (await read(metrics)).find(({ name }) => name === PER_CONNECTOR.connectorInfo.name);
  expect(family?.samples).toEqual([]);
});
