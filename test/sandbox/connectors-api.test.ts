import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/start-sandbox.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { call, SMALL } from './call.ts';

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const started: Sandbox[] = [];

async function start(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({ now: () => NOW, ...options });
  started.push(sandbox);
  return sandbox;
}

afterEach(async () => {
  await Promise.all(started.splice(0).map(async (sandbox) => sandbox.close()));
});

const FILLED = {
  ...SMALL,
  type: 'enrichment',
  headers: [],
  parameters: [],
  body: [],
  body_template: null,
  rate_limit: null,
  max_concurrency: null,
  created_at: '2026-01-02T03:04:05.000Z',
};

describe('the connectors resource', () => {
  test('a create answers 201 with an id and everything absent filled in', async () => {
    const { url } = await start();
    const answer = await call(url, 'POST', '/v1/connectors/', { body: SMALL });
    expect(answer.status).toBe(201);
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.json).toEqual({ id: 1, ...FILLED });
  });

  test('an absent value of a name-value pair is the empty text', async () => {
    const { url } = await start();
    const body = { ...SMALL, headers: [{ name: 'accept' }], parameters: [{ name: 'q', value: 'x' }] };
    const answer = await call(url, 'POST', '/v1/connectors/', { body });
    expect(answer.json).toMatchObject({
      headers: [{ name: 'accept', value: '' }],
      parameters: [{ name: 'q', value: 'x' }],
    });
  });

  test('the list is a plain array in id order, also after an update', async () => {
    const { url } = await start({ connectors: [SMALL, { ...SMALL, name: 'second' }] });
    await call(url, 'PUT', '/v1/connectors/1', { body: { ...SMALL, name: 'first' } });
    const answer = await call(url, 'GET', '/v1/connectors/');
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual([
      { id: 1, ...FILLED, name: 'first' },
      { id: 2, ...FILLED, name: 'second' },
    ]);
  });

  test('an update replaces the whole configuration and keeps id and created_at', async () => {
    const sandbox = await start({
      connectors: [{ ...SMALL, id: 7, created_at: null, headers: [{ name: 'a', value: 'b' }], rate_limit: 5 }],
    });
    const answer = await call(sandbox.url, 'PUT', '/v1/connectors/7', { body: { ...SMALL, method: 'post' } });
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({ id: 7, ...FILLED, method: 'post', created_at: null });
    expect((await call(sandbox.url, 'GET', '/v1/connectors/7')).json).toEqual(answer.json);
  });

  test('a delete answers 204 without a body, and 404 the second time', async () => {
    const { url } = await start({ connectors: [SMALL] });
    expect(await call(url, 'DELETE', '/v1/connectors/1')).toMatchObject({ status: 204, text: '' });
    const again = await call(url, 'DELETE', '/v1/connectors/1');
    expect(again).toMatchObject({ status: 404, json: { detail: 'Connector not found' } });
  });

  test('ids are never given twice, and names need not be unique', async () => {
    const { url } = await start();
    await call(url, 'POST', '/v1/connectors/', { body: SMALL });
    await call(url, 'POST', '/v1/connectors/', { body: SMALL });
    await call(url, 'DELETE', '/v1/connectors/2');
    const answer = await call(url, 'POST', '/v1/connectors/', { body: SMALL });
    expect(answer.json).toMatchObject({ id: 3, name: SMALL.name });
  });

  test.each(['GET', 'PUT', 'DELETE'])('%s of an unknown id is 404 with a detail', async (method) => {
    const { url } = await start();
    const options = method === 'PUT' ? { body: SMALL } : {};
    const answer = await call(url, method, '/v1/connectors/99', options);
    expect(answer).toMatchObject({ status: 404, json: { detail: 'Connector not found' } });
  });

  test.each(['GET', 'PUT', 'DELETE'])('%s of an id that is no integer is 422 at the path', async (method) => {
    const { url } = await start();
    const options = method === 'PUT' ? { body: SMALL } : {};
    const answer = await call(url, method, '/v1/connectors/abc', options);
    expect(answer.status).toBe(422);
    expect(answer.json).toMatchObject({ detail: [{ loc: ['path', 'connector_id'], type: 'int_parsing' }] });
  });

  test('the key holder is told who they are', async () => {
    const { url } = await start();
    expect((await call(url, 'GET', '/v1/user/me')).json).toMatchObject({
      email: 'sandbox@example.com',
      plan: 'sandbox',
    });
  });
});

describe('paths', () => {
  test.each([
    ['GET', '/v1/connectors', '/v1/connectors/'],
    ['POST', '/v1/connectors?a=b', '/v1/connectors/?a=b'],
    ['GET', '/v1/connectors/1/', '/v1/connectors/1'],
    ['GET', '/v1/user/me/', '/v1/user/me'],
  ])('%s %s is redirected with 307', async (method, path, target) => {
    const sandbox = await start({ connectors: [SMALL] });
    const answer = await call(sandbox.url, method, path, method === 'POST' ? { body: SMALL } : {});
    expect(answer.status).toBe(307);
    expect(answer.headers['location']).toBe(`${sandbox.url}${target}`);
    expect(sandbox.connectors()).toHaveLength(1);
    expect(sandbox.requests).toMatchObject([{ method, path, status: 307 }]);
  });

  test('an unknown path is 404 and a wrong method 405', async () => {
    const { url } = await start();
    expect(await call(url, 'GET', '/v2/connectors/')).toMatchObject({ status: 404, json: { detail: 'Not Found' } });
    const answer = await call(url, 'DELETE', '/v1/connectors/');
    expect(answer).toMatchObject({ status: 405, json: { detail: 'Method Not Allowed' } });
    expect(answer.headers['allow']).toBe('GET, POST');
  });
});

describe('the key', () => {
  test('any key that is not empty is good by default', async () => {
    const { url } = await start();
    expect((await call(url, 'GET', '/v1/connectors/', { key: 'whatever' })).status).toBe(200);
    for (const key of [null, '']) {
      const answer = await call(url, 'GET', '/v1/connectors/', { key });
      expect(answer).toMatchObject({ status: 403, json: { detail: 'The API key is missing.' } });
    }
  });

  test('with a key set, only that one is good, until it is rotated', async () => {
    const sandbox = await start({ apiKey: 'old' });
    const statusWith = async (key: string): Promise<number> =>
      (await call(sandbox.url, 'GET', '/v1/user/me', { key })).status;
    expect([await statusWith('old'), await statusWith('new')]).toEqual([200, 403]);
    sandbox.setApiKey('new');
    expect([await statusWith('old'), await statusWith('new')]).toEqual([403, 200]);
    sandbox.setApiKey(null);
    expect(await statusWith('old')).toBe(200);
  });

  test('a refused write changes nothing', async () => {
    const sandbox = await start({ apiKey: 'good' });
    await call(sandbox.url, 'POST', '/v1/connectors/', { body: SMALL, key: 'bad' });
    expect(sandbox.connectors()).toEqual([]);
  });
});

describe('what the plan allows', () => {
  test('values above the caps are lowered in store and echo; null and lower values stay', async () => {
    const sandbox = await start({ caps: { rate_limit: 10, max_concurrency: 2 } });
    const create = async (limits: object): Promise<unknown> =>
      (await call(sandbox.url, 'POST', '/v1/connectors/', { body: { ...SMALL, ...limits } })).json;
    expect(await create({ rate_limit: 60, max_concurrency: 5 })).toMatchObject({ rate_limit: 10, max_concurrency: 2 });
    expect(await create({ rate_limit: 3, max_concurrency: null })).toMatchObject({
      rate_limit: 3,
      max_concurrency: null,
    });
    const body = { ...SMALL, rate_limit: 11 };
    expect((await call(sandbox.url, 'PUT', '/v1/connectors/2', { body })).json).toMatchObject({ rate_limit: 10 });
    expect(sandbox.connectors().map((connector) => connector.rate_limit)).toEqual([10, 10]);
  });

  test('creates beyond the allowed number are 406', async () => {
    const sandbox = await start({ maxConnectors: 1 });
    expect((await call(sandbox.url, 'POST', '/v1/connectors/', { body: SMALL })).status).toBe(201);
    const answer = await call(sandbox.url, 'POST', '/v1/connectors/', { body: SMALL });
    expect(answer).toMatchObject({ status: 406, json: { detail: 'Your plan allows 1 connectors.' } });
    expect(sandbox.connectors()).toHaveLength(1);
  });
});

describe('masked header values', () => {
  const SECRET = { ...SMALL, headers: [{ name: 'authorization', value: 'Bearer s3cret' }] };
  const MASKED = { headers: [{ name: 'authorization', value: '********' }] };

  test('maskHeaders masks list and get and leaves the echo alone', async () => {
    const sandbox = await start({ maskHeaders: true });
    expect((await call(sandbox.url, 'POST', '/v1/connectors/', { body: SECRET })).json).toMatchObject(SECRET);
    expect((await call(sandbox.url, 'GET', '/v1/connectors/')).json).toMatchObject([MASKED]);
    expect((await call(sandbox.url, 'GET', '/v1/connectors/1')).json).toMatchObject(MASKED);
    expect(sandbox.connectors()).toMatchObject([SECRET]);
  });

  test('maskEcho masks create and update and leaves list and get alone', async () => {
    const sandbox = await start({ maskEcho: true });
    expect((await call(sandbox.url, 'POST', '/v1/connectors/', { body: SECRET })).json).toMatchObject(MASKED);
    expect((await call(sandbox.url, 'PUT', '/v1/connectors/1', { body: SECRET })).json).toMatchObject(MASKED);
    expect((await call(sandbox.url, 'GET', '/v1/connectors/')).json).toMatchObject([SECRET]);
  });
});

describe('edits behind the back of clients', () => {
  test('are seen by the next list', async () => {
    const sandbox = await start();
    const added = sandbox.add(SMALL);
    sandbox.edit(added.id, { url: 'https://other.example.com', rate_limit: null });
    expect((await call(sandbox.url, 'GET', '/v1/connectors/')).json).toMatchObject([
      { id: 1, name: SMALL.name, url: 'https://other.example.com' },
    ]);
    sandbox.remove(added.id);
    expect((await call(sandbox.url, 'GET', '/v1/connectors/')).json).toEqual([]);
  });

  test('of a connector that is not there are an error', async () => {
    const sandbox = await start();
    expect(() => sandbox.edit(4, { name: 'x' })).toThrow(RangeError);
    expect(() => {
      sandbox.remove(4);
    }).toThrow('There is no connector 4.');
  });

  test('share nothing with what the caller holds', async () => {
    const sandbox = await start();
    const headers = [{ name: 'a', value: 'before' }];
    sandbox.add({ ...SMALL, headers });
    headers[0] = { name: 'a', value: 'after' };
    expect(sandbox.connectors()[0]?.headers).toEqual([{ name: 'a', value: 'before' }]);
  });
});

describe('the record of requests', () => {
  test('keeps what was sent, unknown fields too, and the status', async () => {
    const sandbox = await start();
    const body = { ...SMALL, sync: { ref: 'x' } };
    const created = await call(sandbox.url, 'POST', '/v1/connectors/', { body });
    expect(created.json).not.toHaveProperty('sync');
    await call(sandbox.url, 'GET', '/v1/connectors/9?verbose=1');
    expect(sandbox.requests).toEqual([
      { at: NOW, method: 'POST', path: '/v1/connectors/', status: 201, body, fault: null },
      { at: NOW, method: 'GET', path: '/v1/connectors/9?verbose=1', status: 404, body: null, fault: null },
    ]);
    sandbox.clearRequests();
    expect(sandbox.requests).toEqual([]);
  });

  test('holds no key', async () => {
    const sandbox = await start();
    await call(sandbox.url, 'GET', '/v1/connectors/', { key: 'very-secret' });
    expect(JSON.stringify(sandbox.requests)).not.toContain('very-secret');
  });
});

describe('the life of a sandbox', () => {
  test('a port in use is an error of listen', async () => {
    const sandbox = await start();
    const port = Number(new URL(sandbox.url).port);
    await expect(startSandbox({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  test('close ends calls that are being delayed, and what they wanted never happens', async () => {
    const sandbox = await start({ latencyMs: 60_000 });
    const pending = Promise.allSettled([call(sandbox.url, 'POST', '/v1/connectors/', { body: SMALL })]);
    await expect.poll(() => sandbox.requests.length).toBe(1);
    await sandbox.close();
    expect(await pending).toMatchObject([{ status: 'rejected', reason: { code: 'UND_ERR_SOCKET' } }]);
    expect(sandbox.connectors()).toEqual([]);
    expect(sandbox.requests[0]?.status).toBeNull();
    await sandbox.close();
  });

  test('a client that hangs up in the middle of a body is passed over in silence', async () => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const sandbox = await start();
    const socket = connect(Number(new URL(sandbox.url).port), '127.0.0.1');
    socket.write(
      'POST /v1/connectors/ HTTP/1.1\r\nhost: localhost\r\ncontent-length: 99\r\nexpect: 100-continue\r\n\r\n{',
    );
    await once(socket, 'data');
    socket.resetAndDestroy();
    expect((await call(sandbox.url, 'GET', '/v1/connectors/')).json).toEqual([]);
    await sandbox.close();
    expect(printed).not.toHaveBeenCalled();
    expect(sandbox.requests).toHaveLength(1);
    printed.mockRestore();
  });

  test('initial ids must rise', async () => {
    const connectors = [
      { ...SMALL, id: 5 },
      { ...SMALL, id: 5 },
    ];
    await expect(startSandbox({ connectors })).rejects.toThrow('Initial connector ids must rise; 5 does not.');
  });

  test('a sandbox with initial ids goes on after the highest', async () => {
    const sandbox = await start({ connectors: [{ ...SMALL, id: 41 }] });
    expect(sandbox.add(SMALL).id).toBe(42);
  });
});
