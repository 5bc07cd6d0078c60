import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import type { PrismProxy } from '../support/prism.ts';
import { startPrismProxy } from '../support/prism.ts';
import { call, SMALL } from './call.ts';

let sandbox: Sandbox;
let prism: PrismProxy;
let before = 0;

beforeAll(async () => {
  sandbox = await startSandbox({ caps: { rate_limit: 10 } });
  prism = await startPrismProxy(sandbox.url);
});

beforeEach(() => {
  before = prism.violations().length;
});

afterAll(async () => {
  await prism.close();
  await sandbox.close();
});

const violations = (): readonly string[] => prism.violations().slice(before);

test("the sandbox's own answers match the document", async () => {
  const full = {
    ...SMALL,
    type: 'simple',
    headers: [{ name: 'authorization', value: 'Bearer x' }],
    parameters: [{ name: 'q' }],
    body: [{ name: 'b', value: '' }],
    body_template: '{"x": "{{ y }}"}',
    rate_limit: 60,
    max_concurrency: null,
  };
  const created = await call(prism.url, 'POST', '/v1/connectors/', { body: full });
  expect(created).toMatchObject({ status: 201, json: { rate_limit: 10 } });
  const { id } = created.json as { id: number };
  expect(await call(prism.url, 'GET', '/v1/connectors/')).toMatchObject({ status: 200, json: [{ id }] });
  expect(await call(prism.url, 'GET', `/v1/connectors/${id}`)).toMatchObject({ status: 200, json: { id } });
  expect(await call(prism.url, 'PUT', `/v1/connectors/${id}`, { body: SMALL })).toMatchObject({
    status: 200,
    json: { id, headers: [], body_template: null },
  });
  expect((await call(prism.url, 'DELETE', `/v1/connectors/${id}`)).status).toBe(204);
  expect((await call(prism.url, 'GET', '/v1/user/me')).status).toBe(200);
  expect(sandbox.requests.map(({ method, path, status }) => `${method} ${path} ${String(status)}`)).toEqual([
    'POST /v1/connectors/ 201',
    'GET /v1/connectors/ 200',
    `GET /v1/connectors/${id} 200`,
    `PUT /v1/connectors/${id} 200`,
    `DELETE /v1/connectors/${id} 204`,
    'GET /v1/user/me 200',
  ]);
  expect(violations()).toEqual([]);
});

test('answers that refuse match the document too', async () => {
  expect((await call(prism.url, 'GET', '/v1/connectors/999')).status).toBe(404);
  const badMethod = await call(prism.url, 'POST', '/v1/connectors/', { body: { ...SMALL, method: 'delete' } });
  expect(badMethod.status).toBe(400);
  for (const status of [401, 403, 406, 422, 429, 503] as const) {
    sandbox.inject({ on: 'create', kind: 'status', status });
    expect((await call(prism.url, 'POST', '/v1/connectors/', { body: SMALL })).status).toBe(status);
  }
  expect(violations()).toEqual([]);
});

test('a body that does not match is refused, noted and not passed on', async () => {
  const count = sandbox.requests.length;
  const answer = await call(prism.url, 'POST', '/v1/connectors/', { body: { ...SMALL, name: 5 } });
  expect(answer.status).toBe(422);
  expect(violations()).toEqual([
    expect.stringMatching(/^POST \/v1\/connectors\/: .*Request body property name must be string/u),
  ]);
  expect(sandbox.requests).toHaveLength(count);
});

test.each<[string, string, string, object, RegExp]>([
  ['a call without a key', 'GET', '/v1/connectors/', { key: null }, /must have required property 'x-apikey'/u],
  ['a path without its slash', 'GET', '/v1/connectors', {}, /NO_PATH_MATCHED_ERROR/u],
  ['an id that is no integer', 'GET', '/v1/connectors/abc', {}, /connector_id must be integer/u],
])('%s is noted', async (_what, method, path, options, reason) => {
  await call(prism.url, method, path, options);
  expect(violations()).toEqual([expect.stringMatching(reason)]);
});

test('an answer that does not match is noted', async () => {
  sandbox.inject({ on: 'list', kind: 'wrong-shape', body: [{ name: 'no id' }] });
  expect((await call(prism.url, 'GET', '/v1/connectors/')).status).toBe(500);
  expect(violations()).toEqual([expect.stringMatching(/must have required property 'id'/u)]);
});

test('an upstream that breaks the connection is no violation', async () => {
  sandbox.inject({ on: 'list', kind: 'reset-before-commit' });
  expect((await call(prism.url, 'GET', '/v1/connectors/')).status).toBe(500);
  expect(violations()).toEqual([]);
});

test('a Prism that cannot start says why', async () => {
  await expect(startPrismProxy('not a url')).rejects.toThrow(/Prism ended with exit code [\s\S]*Invalid upstream URL/u);
});
