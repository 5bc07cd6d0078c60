/** The status API of a running daemon, asked over real connections while things happen to it. */

import { expect, test } from 'vitest';
import type {
  ConnectorDetail,
  ConnectorPage,
  ConnectorRow,
  PassHistory,
  RecentEvents,
  Status,
} from '../../src/model/status-api.ts';
import type { Daemon } from '../support/daemon.ts';
import { listen } from '../support/listen.ts';
import type { Sample } from '../support/parse-exposition.ts';
import { parseExposition } from '../support/parse-exposition.ts';
import type { Site } from '../support/site.ts';
import { openSite, yaml } from '../support/site.ts';

interface Observed {
  readonly daemon: Daemon;
  readonly address: { readonly host: string; readonly port: number };
  readonly get: <T>(path: string) => Promise<T>;
  readonly row: (key: string) => Promise<ConnectorRow | undefined>;
}

async function start(site: Site, ...args: readonly string[]): Promise<Observed> {
  const daemon = site.start('--listen', '127.0.0.1:0', '--interval', '1h', ...args);
  const { listen: url } = await daemon.until('daemon.started');
  const { hostname: host, port } = new URL(String(url));
  const get = async <T>(path: string): Promise<T> => {
    const answer = await fetch(`${String(url)}${path}`);
    expect([path, answer.status]).toEqual([path, 200]);
    return (await answer.json()) as T;
  };
  return {
    daemon,
    address: { host, port: Number(port) },
    get,
    row: async (key) => (await get<ConnectorPage>(`/api/connectors?q=${key}`)).rows.find((row) => row.key === key),
  };
}

test('every connector has its state, its place and its reason', async () => {
  const site = await openSite({
    files: {
      'well.yaml': yaml('Well'),
      'bad.yaml': 'name: Bad\nmethod: fetch\nurl: https://api.example.com\n',
      'asleep.yaml': yaml('Asleep', 'sync:\n  suspend: true\n'),
      'refused.yaml': yaml('Refused'),
    },
  });
  site.sandbox.inject({ on: 'create', kind: 'status', status: 422, times: 1 });
  const { daemon, get, row } = await start(site, '--concurrency', '1');
  await daemon.until('pass.completed');

  const page = await get<ConnectorPage>('/api/connectors');
  expect(page.rows.map(({ key, state }) => [key, state])).toEqual([
    ['bad', 'invalid'],
    ['refused', 'failing'],
    ['asleep', 'suspended'],
    ['well', 'in_sync'],
  ]);
  expect(await row('bad')).toMatchObject({
    file: 'bad.yaml',
    line: 2,
    message: expect.stringContaining('fetch') as string,
  });
  const detail = await get<ConnectorDetail>('/api/connector?key=bad');
  expect(detail.problems).toMatchObject([{ line: 2, column: 9, frame: 'method: fetch\n        ^' }]);
  expect(detail.events).toMatchObject([{ event: 'connector.invalid', level: 'error' }]);
  expect(await get<Status>('/api/status')).toMatchObject({
    mode: 'waiting',
    watch: 'events',
    progress: null,
    connectors: { invalid: 1, failing: 1, suspended: 1, in_sync: 1 },
    queue: { pending: 0, inFlight: 0 },
  });
});

test('drift that is only reported is there with its difference, and goes when it is gone', async () => {
  const site = await openSite({ files: { 'a.yaml': yaml('A') } });
  const { daemon, get, row } = await start(site, '--drift', 'report');
  await daemon.until('pass.completed');
  const id = (await row('a'))?.id ?? 0;
  site.sandbox.edit(id, { method: 'post' });
  daemon.signal('SIGHUP');
  await daemon.until('pass.completed');
  expect(await get<ConnectorDetail>('/api/connector?key=a')).toMatchObject({
    state: 'drifted',
    cause: 'remote_changed',
    fields: [{ path: '/method', live: 'post', desired: 'get' }],
    events: [{ event: 'drift.detected' }, { event: 'connector.created' }],
  });
  site.sandbox.edit(id, { method: 'get' });
  daemon.signal('SIGHUP');
  await daemon.until('pass.completed');
  expect(await get<ConnectorDetail>('/api/connector?key=a')).toMatchObject({ state: 'in_sync', fields: [] });
  expect((await get<PassHistory>('/api/passes')).passes.map(({ pass }) => pass)).toEqual([3, 2, 1]);
  expect((await get<RecentEvents>('/api/recent')).events.map(({ event }) => event)).toContain('drift.cleared');
});

test('a long pass is seen to go on: its progress in the stream, and its rows one by one', async () => {
  const files = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`c${at}.yaml`, yaml(`C${at}`)]));
  const site = await openSite({ files, latencyMs: 100 });
  const { daemon, address, get } = await start(site, '--concurrency', '2');
  const stream = await listen(address);
  await stream.until('"progress":{"done":');
  await stream.until('event: changed');
  const { states } = await get<ConnectorPage>('/api/connectors');
  expect(states.pending + states.in_sync).toBe(20);
  expect(states.pending).toBeGreaterThan(0);
  await daemon.until('pass.completed');
  await stream.until('"mode":"waiting"');
  expect((await get<Status>('/api/status')).connectors.in_sync).toBe(20);
});

test('metrics can be read by Prometheus, and tell what happened', async () => {
  const site = await openSite({ files: { 'a.yaml': yaml('A'), 'team/b.yaml': yaml('B') } });
  const { daemon, address } = await start(site, '--metrics-per-connector');
  const url = `http://${address.host}:${address.port}/metrics`;
  const read = async (): Promise<ReadonlyMap<string, number>> => {
    const families = parseExposition(await (await fetch(url)).text());
    return new Map(families.flatMap(({ samples }) => samples.map((sample) => [seriesOf(sample), sample.value])));
  };
  await daemon.until('pass.completed');
  expect(Object.fromEntries(await read())).toMatchObject({
    'databar_sync_passes_total ok': 1,
    'databar_sync_changes_total create applied': 2,
    'databar_sync_connectors in_sync': 2,
    'databar_sync_connector_info team/b in_sync': 1,
    'databar_sync_api_requests_total list GET 200': 1,
    'databar_sync_api_requests_total create POST 200': 2,
    'databar_sync_drift_detected_total remote_changed': 0,
    'databar_sync_api_health ok': 1,
  });
  site.sandbox.edit(1, { method: 'post' });
  site.sandbox.inject({ on: 'update', kind: 'status', status: 503, times: 1 });
  site.replace('team/b.yaml', 'name: B\n');
  await daemon.until('drift.healed');
  await daemon.until('pass.completed');
  expect(Object.fromEntries(await read())).toMatchObject({
    'databar_sync_drift_detected_total remote_changed': 1,
    'databar_sync_drift_healed_total remote_changed': 1,
    'databar_sync_api_requests_total update PUT 503': 1,
    'databar_sync_api_retries_total update': 1,
    'databar_sync_definitions invalid': 1,
    'databar_sync_connectors invalid': 1,
    'databar_sync_connector_info team/b invalid': 1,
  });
  expect((await read()).get('databar_sync_watch_nudges_total')).toBeGreaterThan(0);
});

const seriesOf = ({ name, labels }: Sample): string => [name, ...Object.values(labels)].join(' ');

test('listeners do not keep the daemon from stopping', async () => {
  const site = await openSite({ files: { 'a.yaml': yaml('A') } });
  const { daemon, address } = await start(site, '--shutdown-grace', '1h');
  await daemon.until('pass.completed');
  const streams = await Promise.all([listen(address), listen(address)]);
  expect(await daemon.stop()).toBe(0);
  await Promise.all(streams.map(async ({ ended }) => ended));
});

test('in a dry run what is due is pending, and the log level goes round at SIGUSR2', async () => {
  const site = await openSite({ files: { 'a.yaml': yaml('A') } });
  const { daemon, get, row } = await start(site, '--dry-run');
  await daemon.until('pass.completed');
  expect(await row('a')).toMatchObject({ state: 'pending', action: 'create', message: 'create is due' });
  expect(await get<Status>('/api/status')).toMatchObject({ dryRun: true, connectors: { pending: 1 } });
  daemon.signal('SIGUSR2');
  daemon.signal('SIGHUP');
  await expect.poll(() => daemon.lines.map(({ msg }) => msg)).toContain('the log level is now warn');
});
