import { request } from 'undici';
import { afterEach, describe, expect, test } from 'vitest';
import type { Fault } from '../../src/sandbox/faults.ts';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/start-sandbox.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import type { Called } from './call.ts';
import { call, SMALL } from './call.ts';

const started: Sandbox[] = [];

async function start(fault: Fault, options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  started.push(sandbox);
  sandbox.inject(fault);
  return sandbox;
}

afterEach(async () => {
  await Promise.all(started.splice(0).map(async (sandbox) => sandbox.close()));
});

const create = async (sandbox: Sandbox): Promise<Called> =>
  call(sandbox.url, 'POST', '/v1/connectors/', { body: SMALL });
const list = async (sandbox: Sandbox): Promise<Called> => call(sandbox.url, 'GET', '/v1/connectors/');

/** The code of the error that a call ends in. */
async function failure(pending: Promise<unknown>): Promise<unknown> {
  const [settled] = await Promise.allSettled([pending]);
  return settled.status === 'rejected' ? (settled.reason as { code?: unknown }).code : 'no failure';
}

const names = (answer: Called): unknown => (answer.json as { name: string }[]).map(({ name }) => name);

describe('when a fault befalls a call', () => {
  test('once by default, and the next call is well', async () => {
    const sandbox = await start({ on: 'list', kind: 'status', status: 500 });
    expect([(await list(sandbox)).status, (await list(sandbox)).status]).toEqual([500, 200]);
    expect(sandbox.requests.map(({ fault }) => fault)).toEqual(['status', null]);
  });

  test('so many times, after so many unharmed, and only on the calls it names', async () => {
    const sandbox = await start({ on: 'list', kind: 'status', status: 503, times: 2, after: 1 });
    expect((await create(sandbox)).status).toBe(201);
    const statuses: number[] = [];
    for (let turn = 0; turn < 4; turn += 1) statuses.push((await list(sandbox)).status);
    expect(statuses).toEqual([200, 503, 503, 200]);
  });

  test('until cleared, on any call', async () => {
    const sandbox = await start({ on: 'any', kind: 'status', status: 502, times: Number.POSITIVE_INFINITY });
    const paths = ['/v1/connectors/', '/v1/connectors/1', '/v1/user/me', '/v1/connectors/'];
    for (const path of paths) expect((await call(sandbox.url, 'GET', path)).status).toBe(502);
    sandbox.clearFaults();
    expect((await list(sandbox)).status).toBe(200);
  });

  test('the first injected goes first, and the second waits its turn', async () => {
    const sandbox = await start({ on: 'list', kind: 'status', status: 500 });
    sandbox.inject({ on: 'any', kind: 'status', status: 502 });
    const statuses: number[] = [];
    for (let turn = 0; turn < 3; turn += 1) statuses.push((await list(sandbox)).status);
    expect(statuses).toEqual([500, 502, 200]);
  });

  test('by chance, from the random numbers passed in', async () => {
    const numbers = [0.19, 0.2, 0.9, 0];
    const random = (): number => numbers.shift() ?? 1;
    const sandbox = await start({ on: 'list', kind: 'status', status: 500, times: 9, probability: 0.2 }, { random });
    const statuses: number[] = [];
    for (let turn = 0; turn < 4; turn += 1) statuses.push((await list(sandbox)).status);
    expect(statuses).toEqual([500, 200, 200, 500]);
  });

  test('a fault that makes no sense is refused', async () => {
    const sandbox = await start({ on: 'list', kind: 'hang' });
    expect(() => {
      sandbox.inject({ on: 'list', kind: 'status', status: 200 });
    }).toThrow('"status" of status must be an HTTP status from 400 to 599; it is 200.');
  });
});

describe('scripted answers', () => {
  test.each([400, 401, 403, 404, 406, 409, 429, 500, 502, 503, 504])('%d is JSON with a detail', async (status) => {
    const sandbox = await start({ on: 'create', kind: 'status', status });
    const answer = await create(sandbox);
    expect(answer).toMatchObject({ status, json: { detail: 'Scripted fault' } });
    expect(answer.headers).not.toHaveProperty('retry-after');
    expect(sandbox.connectors()).toEqual([]);
  });

  test('422 has a list of entries unless another detail is given', async () => {
    const sandbox = await start({ on: 'create', kind: 'status', status: 422 });
    expect((await create(sandbox)).json).toEqual({
      detail: [{ loc: ['body'], msg: 'Scripted fault', type: 'value_error' }],
    });
    const detail = [{ loc: ['body', 'headers', 0, 'name'], msg: 'Not a header', type: 'value_error' }];
    sandbox.inject({ on: 'create', kind: 'status', status: 422, detail });
    expect((await create(sandbox)).json).toEqual({ detail });
    sandbox.inject({ on: 'create', kind: 'status', status: 422, detail: { code: 7 } });
    expect((await create(sandbox)).json).toEqual({ detail: { code: 7 } });
    sandbox.inject({ on: 'create', kind: 'status', status: 422, detail: null });
    expect((await create(sandbox)).json).toEqual({ detail: null });
  });

  test.each(['30', 'Wed, 21 Oct 2026 07:28:00 GMT', 'soon', '-1'])('Retry-After %j is sent as it is', async (value) => {
    const sandbox = await start({ on: 'list', kind: 'status', status: 429, retryAfter: value });
    expect((await list(sandbox)).headers['retry-after']).toBe(value);
  });

  test('redirect-307 sends elsewhere', async () => {
    const sandbox = await start({ on: 'create', kind: 'redirect-307', location: 'http://127.0.0.1:9/v1/connectors/' });
    const answer = await create(sandbox);
    expect(answer).toMatchObject({ status: 307, headers: { location: 'http://127.0.0.1:9/v1/connectors/' } });
    expect(sandbox.connectors()).toEqual([]);
  });

  test('html-200 is a web page in place of JSON', async () => {
    const sandbox = await start({ on: 'create', kind: 'html-200' });
    const answer = await create(sandbox);
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'text/html' }, json: undefined });
    expect(answer.text).toMatch(/^<!doctype html>/u);
    expect(sandbox.connectors()).toEqual([]);
  });

  test('status-after-commit says 504 although the write was made', async () => {
    const sandbox = await start({ on: 'any', kind: 'status-after-commit', status: 504, times: 2 });
    expect((await create(sandbox)).status).toBe(504);
    expect(sandbox.connectors()).toHaveLength(1);
    expect((await call(sandbox.url, 'DELETE', '/v1/connectors/1')).status).toBe(504);
    expect(sandbox.connectors()).toEqual([]);
  });

  test('after-commit faults commit nothing that would have been refused', async () => {
    const sandbox = await start({ on: 'create', kind: 'status-after-commit', status: 504 });
    await call(sandbox.url, 'POST', '/v1/connectors/', { body: {} });
    expect(sandbox.connectors()).toEqual([]);
  });
});

describe('a 422 that repeats what was sent', () => {
  const body = { ...SMALL, headers: [{ name: 'authorization', value: 'Bearer s3cret' }], rate_limit: 5 };

  test('entry by entry, the key too', async () => {
    const sandbox = await start({ on: 'update', kind: 'echo-422' }, { connectors: [SMALL] });
    const answer = await call(sandbox.url, 'PUT', '/v1/connectors/1', { body, key: 'the-key' });
    expect(answer.status).toBe(422);
    const { detail } = answer.json as { detail: unknown[] };
    expect(detail).toHaveLength(7);
    expect(detail).toContainEqual({
      loc: ['body', 'headers', 0, 'value'],
      msg: 'Value error, Bearer s3cret is not allowed',
      type: 'value_error',
      input: 'Bearer s3cret',
    });
    expect(detail).toContainEqual(expect.objectContaining({ loc: ['body', 'rate_limit'], input: 5 }));
    expect(detail).toContainEqual(expect.objectContaining({ loc: ['header', 'x-apikey'], input: 'the-key' }));
    expect(sandbox.connectors()).toMatchObject([{ headers: [] }]);
  });

  test('or as one text', async () => {
    const sandbox = await start({ on: 'create', kind: 'echo-422', shape: 'text' });
    const answer = await call(sandbox.url, 'POST', '/v1/connectors/', { body, key: 'the-key' });
    expect(answer.json).toEqual({ detail: `Rejected for key the-key: ${JSON.stringify(body)}` });
  });
});

describe('broken connections', () => {
  test('reset-before-commit makes no write', async () => {
    const sandbox = await start({ on: 'create', kind: 'reset-before-commit' });
    expect(await failure(create(sandbox))).toBe('ECONNRESET');
    expect(sandbox.connectors()).toEqual([]);
    expect(sandbox.requests).toMatchObject([{ status: null, fault: 'reset-before-commit' }]);
  });

  test('reset-after-commit makes the write', async () => {
    const sandbox = await start({ on: 'create', kind: 'reset-after-commit' });
    expect(await failure(create(sandbox))).toBe('ECONNRESET');
    expect(sandbox.connectors()).toHaveLength(1);
    expect(sandbox.requests).toMatchObject([{ status: null, fault: 'reset-after-commit' }]);
  });

  test('cut-body ends in the middle of the announced answer, the write made', async () => {
    const sandbox = await start({ on: 'create', kind: 'cut-body' });
    const answer = await request(`${sandbox.url}/v1/connectors/`, {
      method: 'POST',
      headers: { 'x-apikey': 'k', 'content-type': 'application/json' },
      body: JSON.stringify(SMALL),
    });
    expect(answer.statusCode).toBe(201);
    expect(await failure(answer.body.text())).toBe('UND_ERR_SOCKET');
    expect(sandbox.connectors()).toHaveLength(1);
  });

  test.each(['hang', 'hang-after-commit'] as const)('%s never answers', async (kind) => {
    const sandbox = await start({ on: 'create', kind });
    const giveUp = new AbortController();
    const pending = failure(call(sandbox.url, 'POST', '/v1/connectors/', { body: SMALL, signal: giveUp.signal }));
    await expect.poll(() => sandbox.requests.length).toBe(1);
    expect((await list(sandbox)).json).toHaveLength(kind === 'hang' ? 0 : 1);
    giveUp.abort();
    expect(await pending).toBe(DOMException.ABORT_ERR);
    expect(sandbox.requests[0]?.status).toBeNull();
  });

  test('close ends a hanging call at once', async () => {
    const sandbox = await start({ on: 'list', kind: 'hang' });
    const pending = failure(list(sandbox));
    await expect.poll(() => sandbox.requests.length).toBe(1);
    await sandbox.close();
    expect(await pending).toBe('UND_ERR_SOCKET');
  });

  test('late-commit cuts the connection and makes the write later', async () => {
    const sandbox = await start({ on: 'create', kind: 'late-commit', delayMs: 150, close: true });
    expect(await failure(create(sandbox))).toBe('ECONNRESET');
    await expect.poll(() => sandbox.connectors().length).toBe(1);
  });

  test('late-commit may leave the connection open, and close() keeps the write from happening', async () => {
    const sandbox = await start({ on: 'create', kind: 'late-commit', delayMs: 60_000 });
    const pending = failure(create(sandbox));
    await expect.poll(() => sandbox.requests.length).toBe(1);
    await sandbox.close();
    expect(await pending).toBe('UND_ERR_SOCKET');
    expect(sandbox.connectors()).toEqual([]);
  });
});

describe('answers that are hard to take', () => {
  test('slow-drip is the right answer in single bytes', async () => {
    const sandbox = await start({ on: 'list', kind: 'slow-drip', intervalMs: 1 }, { connectors: [SMALL] });
    const answer = await request(`${sandbox.url}/v1/connectors/`, { headers: { 'x-apikey': 'k' } });
    const chunks: number[] = [];
    let text = '';
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      chunks.push(chunk.length);
      text += chunk.toString();
    }
    expect(JSON.parse(text)).toMatchObject([{ id: 1, name: SMALL.name }]);
    expect(chunks.length).toBeGreaterThan(10);
  });

  test('a drip of an answer without a body ends too', async () => {
    const sandbox = await start({ on: 'delete', kind: 'slow-drip', intervalMs: 1 }, { connectors: [SMALL] });
    expect((await call(sandbox.url, 'DELETE', '/v1/connectors/1')).status).toBe(204);
  });

  test('close ends a drip', async () => {
    const sandbox = await start({ on: 'list', kind: 'slow-drip', intervalMs: 60_000 });
    const answer = await request(`${sandbox.url}/v1/connectors/`, { headers: { 'x-apikey': 'k' } });
    await sandbox.close();
    expect(await failure(answer.body.text())).toBe('UND_ERR_SOCKET');
  });

  test('truncated-json is framed well and cannot be parsed', async () => {
    const sandbox = await start({ on: 'create', kind: 'truncated-json' });
    const answer = await create(sandbox);
    expect(answer).toMatchObject({ status: 201, json: undefined });
    expect(answer.text).toMatch(/^\{"id":1,/u);
    expect(sandbox.connectors()).toHaveLength(1);
  });

  test('wrong-shape is JSON of another shape', async () => {
    const sandbox = await start({ on: 'list', kind: 'wrong-shape' });
    expect(await list(sandbox)).toMatchObject({ status: 200, json: { ok: true } });
    sandbox.inject({ on: 'list', kind: 'wrong-shape', body: [{ id: 'one' }] });
    expect((await list(sandbox)).json).toEqual([{ id: 'one' }]);
    sandbox.inject({ on: 'delete', kind: 'wrong-shape' });
    sandbox.add(SMALL);
    expect(await call(sandbox.url, 'DELETE', '/v1/connectors/1')).toMatchObject({ status: 200, json: { ok: true } });
  });

  test('header-flood is more than clients accept', async () => {
    const sandbox = await start({ on: 'create', kind: 'header-flood' });
    expect(await failure(create(sandbox))).toBe('UND_ERR_HEADERS_OVERFLOW');
    expect(sandbox.connectors()).toHaveLength(1);
  });

  test('huge-answer is a JSON array of exactly so many bytes', async () => {
    const sandbox = await start({ on: 'list', kind: 'huge-answer', bytes: 200_001 });
    const answer = await list(sandbox);
    expect(answer.text).toHaveLength(200_001);
    expect(answer.json).toEqual([]);
  });

  test('huge-answer announces 100 MB and can be left early', async () => {
    const sandbox = await start({ on: 'list', kind: 'huge-answer' });
    const answer = await request(`${sandbox.url}/v1/connectors/`, { headers: { 'x-apikey': 'k' } });
    expect(answer.headers['content-length']).toBe('100000000');
    answer.body.on('error', () => undefined).destroy();
    expect((await list(sandbox)).json).toEqual([]);
  });
});

describe('lists that are not the truth', () => {
  test('stale-list shows the list as it was when the fault was injected', async () => {
    const sandbox = await start({ on: 'create', kind: 'status', status: 500 }, { connectors: [SMALL] });
    sandbox.inject({ on: 'list', kind: 'stale-list' });
    sandbox.edit(1, { name: 'renamed' });
    sandbox.add({ ...SMALL, name: 'second' });
    expect(names(await list(sandbox))).toEqual(['score']);
    expect(names(await list(sandbox))).toEqual(['renamed', 'second']);
  });

  test('stale-list shows the list as it was so many changes ago', async () => {
    const connectors = ['a', 'b', 'c'].map((name) => ({ ...SMALL, name }));
    const sandbox = await start({ on: 'list', kind: 'stale-list', changesAgo: 2 }, { connectors });
    sandbox.edit(3, { name: 'C' });
    sandbox.remove(1);
    sandbox.add({ ...SMALL, name: 'd' });
    expect(names(await list(sandbox))).toEqual(['a', 'b', 'C']);
    sandbox.inject({ on: 'list', kind: 'stale-list', changesAgo: 99 });
    expect(names(await list(sandbox))).toEqual(['a', 'b', 'c']);
    expect(names(await list(sandbox))).toEqual(['b', 'C', 'd']);
  });

  test('stale-list undoes several changes of one connector', async () => {
    const sandbox = await start({ on: 'list', kind: 'stale-list', changesAgo: 2 }, { connectors: [SMALL] });
    for (const name of ['first', 'second', 'third']) sandbox.edit(1, { name });
    expect(names(await list(sandbox))).toEqual(['first']);
  });

  test('short-list shows the first few only', async () => {
    const connectors = ['a', 'b', 'c'].map((name) => ({ ...SMALL, name }));
    const sandbox = await start({ on: 'list', kind: 'short-list', count: 1 }, { connectors });
    expect(names(await list(sandbox))).toEqual(['a']);
    expect(names(await list(sandbox))).toEqual(['a', 'b', 'c']);
  });

  test('the key is checked all the same', async () => {
    const sandbox = await start({ on: 'list', kind: 'short-list', count: 1 }, { apiKey: 'good' });
    expect((await call(sandbox.url, 'GET', '/v1/connectors/', { key: 'bad' })).status).toBe(403);
  });
});
