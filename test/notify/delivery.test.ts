/** One message on its way to a real receiver: signature, retries, refusals, redirects, dead and endless receivers. */

import { createHmac } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { composePost } from '../../src/cli/compose-post.ts';
import type { DeliverOptions, DeliverSignals, Delivery } from '../../src/notify/deliver.ts';
import { createDeliver } from '../../src/notify/deliver.ts';
import type { RawHandler, RawServer } from '../support/raw-server.ts';
import { rawAnswer, startRawServer } from '../support/raw-server.ts';
import { waitUntil } from '../support/wait-until.ts';

const NO_PROXY = { httpsProxy: null, httpProxy: null, noProxy: null };
const NOW = Date.UTC(2026, 10, 26, 9, 30, 0, 750);
const PATIENT: DeliverSignals = { hurry: new AbortController().signal, abort: new AbortController().signal };

async function receiver(handler: RawHandler): Promise<RawServer> {
  const server = await startRawServer(handler);
  onTestFinished(server.close);
  return server;
}

/** Delivers without real pauses; `pauses` are those that it would have made. */
function deliverTo(
  url: string,
  options: Partial<DeliverOptions> = {},
): { readonly deliver: (signals?: DeliverSignals) => Promise<Delivery>; readonly pauses: readonly number[] } {
  const pauses: number[] = [];
  const deliver = createDeliver({
    readWebhook: () => ({ status: 'ok', url: new URL(url) }),
    readSecret: () => ({ status: 'missing' }),
    post: composePost(NO_PROXY, () => NOW),
    userAgent: 'databar-sync/1.2.3',
    now: () => NOW,
    random: () => 0,
    sleep: async (ms) => void pauses.push(ms),
    ...options,
  });
  return { deliver: async (signals = PATIENT) => deliver('{"text":"ü"}', signals), pauses };
}

const ok: RawHandler = (socket) => socket.write(rawAnswer(200, 'ok'));
const inTurn =
  (...answers: readonly string[]): RawHandler =>
  (socket, _, index) =>
    socket.write(answers[index] ?? rawAnswer(200, 'ok'));

test('a message arrives with its path, its query and a JSON body', async () => {
  const server = await receiver(ok);
  expect(await deliverTo(`${server.url}/services/T0?token=x`).deliver()).toEqual({ status: 'delivered', code: 200 });
  const [request] = server.requests;
  expect(request).toMatchObject({ method: 'POST', path: '/services/T0?token=x', body: '{"text":"ü"}' });
  expect(request?.headers).toMatchObject({ 'content-type': 'application/json', 'user-agent': 'databar-sync/1.2.3' });
  expect(request?.headers).not.toHaveProperty('x-signature');
});

test('a signed one holds the time, and a signature over time and body, new for each attempt', async () => {
  const server = await receiver(inTurn(rawAnswer(503, '')));
  let now = NOW;
  const { deliver } = deliverTo(server.url, {
    readSecret: () => ({ status: 'ok', secret: 'k' }),
    now: () => (now += 60_000),
  });
  await deliver();
  const times = server.requests.map(({ headers, body }) => {
    const timestamp = headers['x-timestamp'] ?? '';
    const expected = createHmac('sha256', 'k').update(`${timestamp}.${body}`).digest('hex');
    expect(headers['x-signature']).toBe(`sha256=${expected}`);
    return Number(timestamp);
  });
  expect(times).toEqual([NOW / 1_000 + 60, NOW / 1_000 + 120].map(Math.floor));
});

describe('a receiver that fails', () => {
  test('is tried three more times, with growing pauses', async () => {
    const server = await receiver((socket) => socket.write(rawAnswer(500, 'no')));
    const { deliver, pauses } = deliverTo(server.url);
    expect(await deliver()).toEqual({
      status: 'failed',
      permanent: false,
      code: 500,
      attempts: 4,
      error: 'the webhook answered 500',
    });
    expect(server.requests).toHaveLength(4);
    expect(pauses).toEqual([500, 2_000, 8_000]);
  });

  test('gets the message when it comes back', async () => {
    const server = await receiver(inTurn(rawAnswer(500, ''), rawAnswer(429, '', { 'retry-after': '7' })));
    const { deliver, pauses } = deliverTo(server.url);
    expect(await deliver()).toMatchObject({ status: 'delivered' });
    expect(pauses).toEqual([500, 7_000]);
    expect(new Set(server.requests.map(({ body }) => body)).size).toBe(1);
  });

  test('may not ask for more than a minute', async () => {
    const server = await receiver(inTurn(rawAnswer(429, '', { 'retry-after': '86400' })));
    const { deliver, pauses } = deliverTo(server.url);
    await deliver();
    expect(pauses).toEqual([60_000]);
  });

  test.each([400, 401, 403, 404, 410, 422])('with %i is not asked again', async (code) => {
    const server = await receiver((socket) => socket.write(rawAnswer(code, 'no_service')));
    expect(await deliverTo(server.url).deliver()).toMatchObject({
      status: 'failed',
      permanent: true,
      code,
      attempts: 1,
    });
    expect(server.requests).toHaveLength(1);
  });

  test('by a redirect gets nothing elsewhere', async () => {
    const elsewhere = await receiver(ok);
    const server = await receiver((socket) => socket.write(rawAnswer(302, '', { location: elsewhere.url })));
    expect(await deliverTo(server.url).deliver()).toMatchObject({
      status: 'failed',
      permanent: false,
      attempts: 1,
      error: 'the webhook answered 302, a redirect, which is not followed',
    });
    expect(elsewhere.requests).toEqual([]);
  });

  test('by being away is told by its code alone', async () => {
    const server = await startRawServer(ok);
    await server.close();
    const delivery = await deliverTo(`${server.url}/T0/SECRET`).deliver();
    expect(delivery).toMatchObject({ code: null, error: 'the webhook cannot be reached: ECONNREFUSED' });
    expect(JSON.stringify(delivery)).not.toContain('SECRET');
  });

  test('in mid-answer has not taken the message, but it has when only the answer was too long', async () => {
    const broken = await receiver((socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nab'));
    expect(await deliverTo(broken.url).deliver()).toMatchObject({ status: 'failed', code: null });
    const endless = await receiver((socket) =>
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n${'x'.repeat(70_000)}`),
    );
    expect(await deliverTo(endless.url).deliver()).toEqual({ status: 'delivered', code: 200 });
  });
});

describe('when the process stops', () => {
  test('a failed attempt is the last one', async () => {
    const server = await receiver((socket) => socket.write(rawAnswer(500, '')));
    const { deliver, pauses } = deliverTo(server.url);
    expect(await deliver({ ...PATIENT, hurry: AbortSignal.abort() })).toMatchObject({ attempts: 1 });
    expect(pauses).toEqual([]);
  });

  test('a receiver that never answers is let go', async () => {
    const stop = new AbortController();
    const server = await receiver(() => undefined);
    const delivery = deliverTo(server.url).deliver({ hurry: stop.signal, abort: stop.signal });
    await waitUntil(() => server.requests.length === 1);
    stop.abort();
    expect(await delivery).toMatchObject({ status: 'failed', error: 'it was given up, for the process stops' });
  });
});

test('the address and the key are read again for each attempt', async () => {
  const first = await receiver((socket) => socket.write(rawAnswer(503, '')));
  const second = await receiver(ok);
  const addresses = [first.url, second.url];
  const { deliver } = deliverTo('http://unused.invalid', {
    readWebhook: () => ({ status: 'ok', url: new URL(addresses.shift() ?? '') }),
  });
  expect(await deliver()).toMatchObject({ status: 'delivered' });
  expect(second.requests).toHaveLength(1);
});

test('nothing is sent unsigned when the key cannot be read', async () => {
  const server = await receiver(ok);
  const { deliver } = deliverTo(server.url, {
    readSecret: () => ({ status: 'unreadable', message: 'The file "/run/key" does not exist.' }),
  });
  expect(await deliver()).toMatchObject({ status: 'failed', error: 'The file "/run/key" does not exist' });
  expect(server.requests).toEqual([]);
});

test('a proxy is used for what is not loopback', async () => {
  const proxy = await receiver((socket) => socket.write(rawAnswer(200, 'ok')));
  const post = composePost({ ...NO_PROXY, httpProxy: proxy.url }, () => NOW);
  await deliverTo('http://hooks.example/T0', { post }).deliver();
  expect(proxy.connections()).toBeGreaterThan(0);
  expect(proxy.requests[0]?.method).toMatch(/CONNECT|POST/u);
});
