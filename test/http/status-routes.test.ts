import { describe, expect, onTestFinished, test } from 'vitest';
import type { HttpOptions, HttpServer } from '../../src/http/server.ts';
import { startHttpServer } from '../../src/http/server.ts';
import type { ConnectorDetail, ConnectorRow } from '../../src/model/status-api.ts';
import { createChanges } from '../../src/report/changes.ts';
import { findConnectors } from '../../src/report/find-connectors.ts';
import { ask } from '../support/ask.ts';
import { NOTHING_TO_SHOW } from '../support/http-builders.ts';
import { statusOf } from '../support/pass-builders.ts';
import { listen } from '../support/listen.ts';

async function serve(changes: Partial<HttpOptions> = {}): Promise<HttpServer> {
  const server = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    limits: { intervalMs: 60_000, quietMs: 30_000 },
    status: () => statusOf(),
    ...NOTHING_TO_SHOW,
    triggerToken: () => null,
    onTrigger: () => undefined,
    now: () => 0,
    ...changes,
  });
  onTestFinished(async () => server.close());
  return server;
}

const row = (key: string, state: ConnectorRow['state']): ConnectorRow => ({
  key,
  id: 1,
  name: key,
  file: `${key}.yaml`,
  line: null,
  state,
  cause: null,
  action: null,
  since: 0,
  message: null,
});

describe('the list of connectors', () => {
  const rows = Array.from({ length: 250 }, (_, at) => row(`c${String(at).padStart(3, '0')}`, 'in_sync'));
  const sources = {
    connectors: (search: Parameters<HttpOptions['connectors']>[0]) =>
      findConnectors([row('bad', 'failing'), ...rows], search),
  };

  test.each([
    ['', 251, 100, 'bad'],
    ['?page=3', 251, 51, 'c199'],
    ['?size=500&state=in_sync', 250, 250, 'c000'],
    ['?state=failing,blocked', 1, 1, 'bad'],
    ['?q=C00&size=3&page=2', 10, 3, 'c003'],
    ['?q=%2F', 0, 0, undefined],
  ])('%s has %d matches, %d of them on the page', async (query, total, shown, first) => {
    const { status, body } = await ask(await serve(sources), `/api/connectors${query}`);
    const page = JSON.parse(body) as { total: number; rows: ConnectorRow[] };
    expect([status, page.total, page.rows.length, page.rows[0]?.key]).toEqual([200, total, shown, first]);
  });

  test.each([
    ['page=0', 'page must be a whole number from 1'],
    ['page=1e3', 'page must be a whole number from 1'],
    ['size=501', 'size must be a whole number from 1 to 500'],
    ['size=-1', 'size must be a whole number from 1 to 500'],
    [
      'state=failing,bad',
      'state must be some of invalid, failing, blocked, drifted, pending, orphaned, suspended, in_sync',
    ],
    [`q=${'x'.repeat(257)}`, 'q has more than 256 characters'],
  ])('%s is refused, with what would do', async (query, reason) => {
    const { status, body } = await ask(await serve(sources), `/api/connectors?${query}`);
    expect([status, JSON.parse(body)]).toEqual([400, { status: 'refused', reason }]);
  });
});

test('one connector is found by its key, whatever characters are in it', async () => {
  const detail: ConnectorDetail = {
    ...row('team/a b#ü', 'failing'),
    fields: [],
    problems: [],
    adjusted: [],
    retryAt: 5,
    events: [],
  };
  const server = await serve({ connector: (key) => (key === detail.key ? detail : null) });
  const found = await ask(server, `/api/connector?key=${encodeURIComponent(detail.key)}`);
  expect(JSON.parse(found.body)).toEqual(detail);
  expect(await ask(server, '/api/connector?key=other')).toMatchObject({ status: 404 });
  expect(await ask(server, '/api/connector')).toMatchObject({ status: 400 });
});

test('passes, recent events and metrics are answered as they are', async () => {
  const server = await serve({
    recent: () => ({ events: [{ at: 1, level: 'info', event: 'api.recovered', message: 'well', connector: null }] }),
    metrics: async () => Promise.resolve({ contentType: 'text/plain; version=0.0.4', text: 'up 1\n' }),
  });
  expect(JSON.parse((await ask(server, '/api/passes')).body)).toEqual({ passes: [] });
  expect(JSON.parse((await ask(server, '/api/recent')).body)).toMatchObject({ events: [{ message: 'well' }] });
  expect(await ask(server, '/metrics')).toMatchObject({
    status: 200,
    body: 'up 1\n',
    headers: { 'content-type': 'text/plain; version=0.0.4', 'cache-control': 'no-store' },
  });
});

describe('the page', () => {
  test.each([
    ['/', 'text/html; charset=utf-8', '<p>page</p>'],
    ['/dashboard.js', 'text/javascript; charset=utf-8', 'void 0;'],
    ['/dashboard.css', 'text/css; charset=utf-8', 'p {}'],
  ])('%s is served under a policy that lets nothing else in', async (path, type, body) => {
    const { status, headers, body: served } = await ask(await serve(), path);
    expect([status, served]).toEqual([200, body]);
    expect(headers).toMatchObject({
      'content-type': type,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    });
  });

  test('is not sent again to whoever has it', async () => {
    const server = await serve();
    const { headers } = await ask(server, '/dashboard.js');
    const asked = async (tag: string): Promise<number> =>
      (await ask(server, '/dashboard.js', { headers: { 'if-none-match': tag } })).status;
    const etag = String(headers.etag);
    expect(await Promise.all([etag, `W/${etag}`, `"a", ${etag}`, '"a"'].map(asked))).toEqual([304, 304, 304, 200]);
    expect(await ask(server, '/', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
  });
});

describe('the stream', () => {
  test('tells of a change over a connection that stays open', async () => {
    const changes = createChanges();
    const server = await serve({ changes });
    const stream = await listen(server);
    await stream.until('event: status');
    changes.tell('lists');
    await stream.until('event: changed');
    expect(stream.hasEnded()).toBe(false);
  });

  test('has room for 32, and tells the next one so', async () => {
    const server = await serve();
    const streams = await Promise.all(Array.from({ length: 32 }, async () => listen(server)));
    await Promise.all(streams.map(async (stream) => stream.until('event: status')));
    const refused = await ask(server, '/api/stream');
    expect([refused.status, JSON.parse(refused.body)]).toEqual([
      503,
      { status: 'refused', reason: 'too many clients listen already' },
    ]);
    expect(await ask(server, '/healthz')).toMatchObject({ status: 200 });
    streams[0]?.leave();
    await streams[0]?.ended;
    const another = await listen(server);
    await another.until('event: status');
  });

  test('answers HEAD without staying', async () => {
    expect(await ask(await serve(), '/api/stream', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
  });

  test('does not keep the server from closing', async () => {
    const server = await serve();
    const stream = await listen(server);
    await stream.until('event: status');
    await server.close();
    await stream.ended;
    expect(stream.hasEnded()).toBe(true);
  });

  test('drops a client that does not read, and serves the others', async () => {
    const changes = createChanges();
    let passes = 0;
    // Nearly as much as may wait; four megabytes more fit between two sockets.
    const revision = 'x'.repeat(240 * 1024);
    const server = await serve({ changes, status: () => statusOf({ revision, passes }) });
    const slow = await listen(server);
    slow.pause();
    const quick = await listen(server);
    for (passes = 1; passes < 25; passes += 1) {
      changes.tell('status');
      await quick.until(`"passes":${passes},`);
    }
    slow.resume();
    await slow.ended;
    expect([slow.text().includes('"passes":24,'), quick.hasEnded()]).toEqual([false, false]);
  });
});
