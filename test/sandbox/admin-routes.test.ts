import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import type { Called } from './call.ts';
import { call, SMALL } from './call.ts';

let sandbox: Sandbox;

beforeEach(async () => {
  const connectors = [{ ...SMALL, headers: [{ name: 'authorization', value: 'Bearer s3cret' }] }];
  sandbox = await startSandbox({ apiKey: 'good', maskHeaders: true, connectors });
});

afterEach(async () => {
  await sandbox.close();
});

const admin = async (method: string, path: string, body?: unknown): Promise<Called> =>
  call(sandbox.url, method, `/_sandbox/${path}`, { key: null, body });

describe('the back door', () => {
  test('shows what is stored, unmasked, without a key', async () => {
    expect(await admin('GET', 'connectors')).toMatchObject({
      status: 200,
      json: [{ id: 1, headers: [{ name: 'authorization', value: 'Bearer s3cret' }] }],
    });
  });

  test('shows what was asked, its own calls left out', async () => {
    await call(sandbox.url, 'GET', '/v1/connectors/', { key: 'bad' });
    await admin('GET', 'connectors');
    expect((await admin('GET', 'requests')).json).toMatchObject([
      { method: 'GET', path: '/v1/connectors/', status: 403, body: null, fault: null },
    ]);
  });

  test('edits a connector', async () => {
    const answer = await admin('PATCH', 'connectors/1', {
      url: 'https://changed.example.com',
      headers: [{ name: 'x' }],
    });
    expect(answer).toMatchObject({ status: 200, json: { id: 1, url: 'https://changed.example.com' } });
    expect(sandbox.connectors()).toMatchObject([
      { name: SMALL.name, url: 'https://changed.example.com', headers: [{ name: 'x', value: '' }] },
    ]);
  });

  test.each<[unknown, RegExp]>([
    [{ nmae: 'x' }, /A connector has no field \\"nmae\\" to edit; it has name, type, /u],
    [{ id: 5 }, /no field \\"id\\"/u],
    [{ rate_limit: 0 }, /"loc":\["body","rate_limit"\]/u],
    [[], /must be a JSON object/u],
    ['{', /is not JSON/u],
  ])('refuses the edit %j', async (patch, reason) => {
    const before = sandbox.connectors();
    const answer = await admin('PATCH', 'connectors/1', patch);
    expect(answer.status).toBe(422);
    expect(answer.text).toMatch(reason);
    expect(sandbox.connectors()).toEqual(before);
  });

  test('deletes a connector', async () => {
    expect((await admin('DELETE', 'connectors/1')).status).toBe(204);
    expect(sandbox.connectors()).toEqual([]);
  });

  test.each([
    ['PATCH', 'connectors/9'],
    ['DELETE', 'connectors/9'],
    ['DELETE', 'connectors/x'],
    ['GET', 'nothing'],
  ])('%s %s is 404', async (method, path) => {
    expect((await admin(method, path, method === 'PATCH' ? {} : undefined)).status).toBe(404);
  });

  test('takes a fault as JSON and as short text, and forgets them all', async () => {
    const me = async (): Promise<number> => (await call(sandbox.url, 'GET', '/v1/user/me', { key: 'good' })).status;
    expect((await admin('POST', 'faults', { on: 'me', kind: 'status', status: 503 })).status).toBe(201);
    expect(await admin('POST', 'faults', 'me:502x*')).toMatchObject({ status: 201, json: { on: 'me', status: 502 } });
    expect([await me(), await me(), await me()]).toEqual([503, 502, 502]);
    expect((await admin('DELETE', 'faults')).status).toBe(204);
    expect(await me()).toBe(200);
  });

  test.each<[unknown, string]>([
    ['me:boom', 'Cannot read the fault'],
    [{ on: 'me', kind: 'hang', time: 1 }, 'has no field'],
    ['{"on": ', 'is not JSON'],
  ])('refuses the fault %j', async (fault, reason) => {
    const answer = await admin('POST', 'faults', fault);
    expect(answer.status).toBe(422);
    expect((answer.json as { detail: string }).detail).toContain(reason);
  });
});

describe('the back door is open to this machine only', () => {
  /** The status of a request with exactly these headers. */
  async function statusWith(...headers: string[]): Promise<number> {
    const socket = connect(Number(new URL(sandbox.url).port), '127.0.0.1');
    socket.end(['GET /_sandbox/connectors HTTP/1.1', ...headers, 'connection: close', '', ''].join('\r\n'));
    return Number((await text(socket)).split(' ')[1]);
  }

  test.each(['localhost', 'localhost:80', '127.0.0.1:1', '127.9.9.9', '[::1]:80', 'app.localhost'])(
    'the host %s is let in',
    async (host) => {
      expect(await statusWith(`host: ${host}`)).toBe(200);
    },
  );

  test.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example:80',
    '10.0.0.1',
    '127.0.0.1@evil.example',
  ])('the host %s is kept out, though its name leads here', async (host) => {
    expect(await statusWith(`host: ${host}`)).toBeGreaterThanOrEqual(400);
  });

  test('a web page from elsewhere is kept out, one from here is let in', async () => {
    expect(await statusWith('host: localhost', 'origin: https://evil.example')).toBe(403);
    expect(await statusWith('host: localhost', 'origin: null')).toBe(403);
    expect(await statusWith('host: localhost', 'origin: http://localhost:5173')).toBe(200);
  });

  test('a refused edit changes nothing', async () => {
    const headers = { host: 'evil.example' };
    const answer = await call(sandbox.url, 'DELETE', '/_sandbox/connectors/1', { headers });
    expect(answer).toMatchObject({ status: 403, json: { detail: 'The back door is open to this machine only.' } });
    expect(sandbox.connectors()).toHaveLength(1);
  });
});
