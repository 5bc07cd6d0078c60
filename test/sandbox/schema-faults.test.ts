import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { call, SMALL } from './call.ts';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox();
});

afterAll(async () => {
  await sandbox.close();
});

const pair = (entry: unknown): object => ({ ...SMALL, headers: [{ name: 'ok' }, entry] });

describe('a body that breaks the schema is 422', () => {
  test.each<[string, unknown, readonly (string | number)[], string]>([
    ['no name', { method: 'get', url: 'https://a.example' }, ['body', 'name'], 'missing'],
    ['no method', { name: 'a', url: 'https://a.example' }, ['body', 'method'], 'missing'],
    ['no url', { name: 'a', method: 'get' }, ['body', 'url'], 'missing'],
    ['a name that is a number', { ...SMALL, name: 5 }, ['body', 'name'], 'string_type'],
    ['a name that is null', { ...SMALL, name: null }, ['body', 'name'], 'string_type'],
    ['a type that is null', { ...SMALL, type: null }, ['body', 'type'], 'string_type'],
    ['a name of 257', { ...SMALL, name: 'n'.repeat(257) }, ['body', 'name'], 'string_too_long'],
    ['a url of 513', { ...SMALL, url: `https://${'u'.repeat(505)}` }, ['body', 'url'], 'string_too_long'],
    ['a template of 2049', { ...SMALL, body_template: 't'.repeat(2049) }, ['body', 'body_template'], 'string_too_long'],
    ['257 emoji', { ...SMALL, name: '🦀'.repeat(257) }, ['body', 'name'], 'string_too_long'],
    ['half an emoji', { ...SMALL, name: '\ud83e' }, ['body', 'name'], 'string_unicode'],
    ['headers that are null', { ...SMALL, headers: null }, ['body', 'headers'], 'list_type'],
    ['headers that are a map', { ...SMALL, headers: { a: 'b' } }, ['body', 'headers'], 'list_type'],
    ['a header that is a text', pair('x'), ['body', 'headers', 1], 'model_attributes_type'],
    ['a header without a name', pair({ value: 'x' }), ['body', 'headers', 1, 'name'], 'missing'],
    ['a header value that is a number', pair({ name: 'a', value: 1 }), ['body', 'headers', 1, 'value'], 'string_type'],
    ['a header value that is null', pair({ name: 'a', value: null }), ['body', 'headers', 1, 'value'], 'string_type'],
    ['a bad parameter', { ...SMALL, parameters: [{}] }, ['body', 'parameters', 0, 'name'], 'missing'],
    ['a bad body field', { ...SMALL, body: [[]] }, ['body', 'body', 0], 'model_attributes_type'],
    ['a rate of 0', { ...SMALL, rate_limit: 0 }, ['body', 'rate_limit'], 'greater_than_equal'],
    ['a rate of 1.5', { ...SMALL, rate_limit: 1.5 }, ['body', 'rate_limit'], 'int_from_float'],
    ['a rate that is a text', { ...SMALL, rate_limit: '5' }, ['body', 'rate_limit'], 'int_type'],
    ['a rate that is true', { ...SMALL, rate_limit: true }, ['body', 'rate_limit'], 'int_type'],
    ['negative concurrency', { ...SMALL, max_concurrency: -1 }, ['body', 'max_concurrency'], 'greater_than_equal'],
    ['a list', [SMALL], ['body'], 'model_attributes_type'],
    ['malformed JSON', '{"name": ', ['body', 0], 'json_invalid'],
    ['nothing at all', '', ['body'], 'missing'],
  ])('%s', async (_what, body, loc, type) => {
    const before = sandbox.connectors().length;
    const answer = await call(sandbox.url, 'POST', '/v1/connectors/', { body });
    expect(answer.status).toBe(422);
    expect(answer.json).toEqual({ detail: [{ loc, msg: expect.any(String) as string, type }] });
    expect(sandbox.connectors()).toHaveLength(before);
  });

  test('an update is checked the same way, before the connector is looked for', async () => {
    const answer = await call(sandbox.url, 'PUT', '/v1/connectors/999', { body: { ...SMALL, rate_limit: 0 } });
    expect(answer).toMatchObject({ status: 422, json: { detail: [{ loc: ['body', 'rate_limit'] }] } });
  });

  test('faults of path and body are told together', async () => {
    const answer = await call(sandbox.url, 'PUT', '/v1/connectors/x', { body: { name: 1, url: 2 } });
    const { detail } = answer.json as { detail: { loc: unknown }[] };
    expect(detail.map(({ loc }) => loc)).toEqual([
      ['path', 'connector_id'],
      ['body', 'name'],
      ['body', 'method'],
      ['body', 'url'],
    ]);
  });

  test('JSON that does not say that it is JSON', async () => {
    const headers = { 'content-type': 'text/plain' };
    const answer = await call(sandbox.url, 'POST', '/v1/connectors/', { body: SMALL, headers });
    expect(answer).toMatchObject({ status: 422, json: { detail: [{ loc: ['body'], type: 'model_attributes_type' }] } });
  });
});

describe('a body at the limits is taken', () => {
  test.each<[string, object]>([
    ['256 emoji count as 256', { name: '🦀'.repeat(256) }],
    ['a url of 512', { url: `https://${'u'.repeat(504)}` }],
    ['a template of 2048', { body_template: 't'.repeat(2048) }],
    ['limits of 1', { rate_limit: 1, max_concurrency: 1 }],
    ['nulls', { body_template: null, rate_limit: null, max_concurrency: null }],
    ['JSON with a charset', {}],
  ])('%s', async (_what, fields) => {
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    const body = { ...SMALL, ...fields };
    const answer = await call(sandbox.url, 'POST', '/v1/connectors/', { body, headers });
    expect(answer.status).toBe(201);
    expect(answer.json).toMatchObject(body);
  });
});

describe('other bodies that are refused', () => {
  test.each(['GET', 'delete', ''])('the method %j is 400', async (method) => {
    const answer = await call(sandbox.url, 'POST', '/v1/connectors/', { body: { ...SMALL, method } });
    expect(answer).toMatchObject({ status: 400, json: { detail: 'method must be one of get, post, put, patch' } });
  });

  test('an undocumented type is 400', async () => {
    const answer = await call(sandbox.url, 'POST', '/v1/connectors/', { body: { ...SMALL, type: 'Enrichment' } });
    expect(answer).toMatchObject({ status: 400, json: { detail: 'type must be one of simple, enrichment, exporter' } });
  });

  test('bytes that are not UTF-8 are 400', async () => {
    const answer = await fetch(`${sandbox.url}/v1/connectors/`, {
      method: 'POST',
      headers: { 'x-apikey': 'k', 'content-type': 'application/json' },
      body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]),
    });
    expect(answer.status).toBe(400);
  });

  test('more than 10 MiB are 413, announced or not', async () => {
    const large = Buffer.alloc(11 * 1024 * 1024, 'x');
    const announced = await fetch(`${sandbox.url}/v1/connectors/`, { method: 'POST', body: large });
    expect(announced.status).toBe(413);
    const body = new Blob([large]).stream();
    const streamed = await fetch(`${sandbox.url}/v1/connectors/`, { method: 'POST', body, duplex: 'half' });
    expect(streamed.status).toBe(413);
  });
});
