import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { Agent } from 'node:http';
import type { Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { HttpOptions, HttpServer } from '../../src/http/server.ts';
import { startHttpServer } from '../../src/http/server.ts';
import type { Answer, Asking } from '../support/ask.ts';
import { ask as askServer } from '../support/ask.ts';
import { NOTHING_TO_SHOW } from '../support/http-builders.ts';
import { statusOf } from '../support/pass-builders.ts';

const NOW = 10_000_000;
const TOKEN = 'a long token';
const BEARER = { authorization: `Bearer ${TOKEN}` };

interface Site {
  readonly server: HttpServer;
  /** How often a pass was asked for. */
  readonly triggered: () => number;
  /** What git-sync announced at each trigger; null for other callers. */
  readonly announced: readonly (string | null)[];
}

async function serve(changes: Partial<HttpOptions> = {}): Promise<Site> {
  let triggered = 0;
  const announced: (string | null)[] = [];
  const server = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    limits: { intervalMs: 60_000, quietMs: 30_000 },
    status: () => statusOf({ lastSuccessAt: NOW, movedAt: NOW }),
    ...NOTHING_TO_SHOW,
    triggerToken: () => TOKEN,
    onTrigger: (revision) => {
      triggered += 1;
      announced.push(revision);
    },
    now: () => NOW,
    ...changes,
  });
  onTestFinished(async () => server.close());
  return { server, triggered: () => triggered, announced };
}

const ask = async ({ server }: Site, path: string, asking: Asking = {}): Promise<Answer> =>
  askServer(server, path, asking);

const post = async (site: Site, { method = 'POST', ...rest }: Asking = {}): Promise<Answer> =>
  ask(site, '/api/sync', { method, ...rest });

/** A client that connects and says so much, and no more. */
async function openSocket({ server }: Site, said = ''): Promise<Socket> {
  const socket = connect(server.port, server.host);
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  socket.write(said);
  return socket;
}

/** Resolves when the connection has ended, however. */
async function ended(socket: Socket): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.once('close', () => resolve());
  await promise;
}

describe('probes', () => {
  test.each([
    ['/healthz', { mode: 'syncing', movedAt: NOW }, 200, 'ok', 'syncing'],
    ['/healthz', { mode: 'syncing', movedAt: 0 }, 503, 'failing', 'a pass has not moved for 10000 s'],
    ['/readyz', { lastSuccessAt: NOW }, 200, 'ok', 'last success 0 s ago'],
    ['/readyz', { lastPass: null }, 503, 'failing', 'no pass has succeeded yet'],
    ['/startupz', { passes: 1 }, 200, 'ok', 'the first pass is done'],
    ['/startupz', { passes: 0 }, 503, 'failing', 'the first pass is not done yet'],
  ] as const)('%s of %j answers %d', async (path, changes, status, said, reason) => {
    const site = await serve({ status: () => statusOf(changes) });
    const answer = await ask(site, path);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toEqual({ status: said, reason });
  });

  test('answer HEAD as they answer GET, without a body', async () => {
    const site = await serve({ status: () => statusOf({ passes: 0 }) });
    expect(await ask(site, '/startupz', { method: 'HEAD' })).toMatchObject({ status: 503, body: '' });
  });
});

test('the status is there as JSON', async () => {
  const status = statusOf({ revision: 'abc', passes: 3 });
  const answer = await ask(await serve({ status: () => status }), '/api/status');
  expect(answer).toMatchObject({
    status: 200,
    headers: { 'content-type': expect.stringContaining('application/json') as string },
  });
  expect(JSON.parse(answer.body)).toEqual(status);
});

test('every answer forbids to guess its type and to keep it, and none tells what serves it', async () => {
  const site = await serve();
  const answers = await Promise.all([
    ask(site, '/healthz'),
    ask(site, '/api/status'),
    ask(site, '/nowhere'),
    post(site),
    post(site, { headers: BEARER }),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 404, 401, 202]);
  for (const { headers } of answers) {
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
    expect(headers).not.toHaveProperty('server');
    expect(headers).not.toHaveProperty('x-powered-by');
  }
});

test('a defect of ours is a 500 that tells nothing, and the next request is served', async () => {
  let defects = 1;
  const site = await serve({
    status: () => {
      if (defects-- > 0) throw new Error('private');
      return statusOf();
    },
  });
  const answer = await ask(site, '/api/status');
  expect([answer.status, answer.body.includes('private')]).toEqual([500, false]);
  expect(await ask(site, '/api/status')).toMatchObject({ status: 200 });
});

describe('the trigger', () => {
  test('is not there without a token', async () => {
    const site = await serve({ triggerToken: () => null });
    expect(await post(site, { headers: BEARER })).toMatchObject({ status: 404 });
    expect(site.triggered()).toBe(0);
  });

  test('takes the token as a bearer, and as the key of a signature over the body', async () => {
    const site = await serve();
    const body = '{"ref":"refs/heads/main"}';
    const signature = createHmac('sha256', TOKEN).update(body).digest('hex');
    expect(await post(site, { headers: BEARER })).toMatchObject({ status: 202, body: '{"status":"accepted"}' });
    expect(await post(site, { headers: { 'x-signature': `sha256=${signature}` }, body })).toMatchObject({
      status: 202,
    });
    expect(site.triggered()).toBe(2);
  });

  test('answers the webhook of git-sync with the 200 that it waits for, and hands on which commit it announces', async () => {
    const site = await serve();
    const hash = '0a07a07fa5e3edcb11f82f2ba715a5f54cea97c0';
    const authorization = `Basic ${Buffer.from(`git-sync:${TOKEN}`).toString('base64')}`;
    const call = async (commit: string): Promise<Answer> =>
      post(site, { headers: { authorization, 'gitsync-hash': commit } });
    expect(await call(hash)).toMatchObject({ status: 200 });
    expect(await call('main; drop')).toMatchObject({ status: 400 });
    expect(await post(site, { headers: { authorization } })).toMatchObject({ status: 202 });
    expect(await post(site, { headers: { 'gitsync-hash': hash } })).toMatchObject({ status: 401 });
    expect(site.announced).toEqual([hash, null]);
  });

  test('takes neither a wrong token, nor none, nor a signature over something else', async () => {
    const site = await serve();
    const signature = createHmac('sha256', TOKEN).update('{}').digest('hex');
    const refused = await Promise.all([
      post(site),
      post(site, { headers: { authorization: 'Bearer wrong' } }),
      post(site, { headers: { 'x-signature': `sha256=${signature}` }, body: '{ }' }),
    ]);
    expect(refused.map(({ status }) => status)).toEqual([401, 401, 401]);
    expect(site.triggered()).toBe(0);
  });

  test('reads the token anew each time', async () => {
    let token: string | null = 'old';
    const site = await serve({ triggerToken: () => token });
    expect(await post(site, { headers: BEARER })).toMatchObject({ status: 401 });
    token = TOKEN;
    expect(await post(site, { headers: BEARER })).toMatchObject({ status: 202 });
  });

  test('takes a body of 64 KiB, and refuses a larger one, announced or not', async () => {
    const site = await serve();
    const largest = Buffer.alloc(64 * 1024, 'x');
    const larger = Buffer.alloc(64 * 1024 + 1, 'x');
    expect(await post(site, { headers: BEARER, body: largest })).toMatchObject({ status: 202 });
    const announced = { ...BEARER, 'content-length': String(larger.length) };
    expect(await post(site, { headers: announced, body: larger })).toMatchObject({ status: 413 });
    const chunked = { ...BEARER, 'transfer-encoding': 'chunked' };
    expect(await post(site, { headers: chunked, body: larger })).toMatchObject({ status: 413 });
    expect(site.triggered()).toBe(1);
  });

  test.each(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'])('does nothing at %s', async (method) => {
    const site = await serve();
    expect(await ask(site, '/api/sync', { method, headers: BEARER })).toMatchObject({ status: 404 });
    expect(site.triggered()).toBe(0);
  });

  test('survives a client that goes away in the middle of its body', async () => {
    const site = await serve();
    const socket = await openSocket(
      site,
      `POST /api/sync HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${TOKEN}\r\ncontent-length: 10\r\n\r\nabc`,
    );
    const end = ended(socket);
    socket.destroy();
    await end;
    expect(await ask(site, '/healthz')).toMatchObject({ status: 200 });
    expect(site.triggered()).toBe(0);
  });
});

describe('clients that take their time', () => {
  test.each([
    ['say nothing', ''],
    ['say half a header', 'GET /healthz HTTP/1.1\r\nhost: x\r\nx-slow: '],
    ['say half a body', `POST /api/sync HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nabc`],
  ])('and %s keep no probe out, however many they are', async (_, said) => {
    const site = await serve();
    for (let client = 0; client < 300; client += 1) await openSocket(site, said);
    for (let probe = 0; probe < 5; probe += 1) expect(await ask(site, '/healthz')).toMatchObject({ status: 200 });
  });

  test('are cut off, the one that came first before the others, when they are too many', async () => {
    const site = await serve();
    const first = await openSocket(site);
    const second = await openSocket(site);
    const closed = ended(first);
    for (let client = 0; client < 255; client += 1) await openSocket(site);
    await closed;
    expect(second.destroyed).toBe(false);
  });
});

describe('an address', () => {
  test('that is taken is an error at the start', async () => {
    const { server } = await serve();
    await expect(serve({ port: server.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  test('is told with the real port, and is free again after the end', async () => {
    const { server } = await serve();
    expect(server).toMatchObject({ host: '127.0.0.1', port: expect.any(Number) as number });
    await server.close();
    const successor = createServer();
    onTestFinished(() => void successor.close());
    successor.listen(server.port, server.host);
    await once(successor, 'listening');
    expect(successor.listening).toBe(true);
  });
});

test('the end does not wait for clients that keep their connection, nor for slow ones', async () => {
  const site = await serve();
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  await ask(site, '/healthz', { agent });
  const sockets = [await openSocket(site), await openSocket(site, 'GET /healthz HTTP/1.1\r\nhost: x\r\n')];
  const closed = Promise.all(sockets.map(ended));
  await site.server.close();
  await closed;
  await expect(ask(site, '/healthz')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
