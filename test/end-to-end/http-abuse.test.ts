/** Somebody who can reach the port of a running daemon, and means no good. */

import { createHmac } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Daemon } from '../support/daemon.ts';
import { ended, openRawSocket, rawRequest, sendRaw } from '../support/raw-request.ts';
import type { Site } from '../support/site.ts';
import { openSite, yaml } from '../support/site.ts';

const TOKEN = 'a token that is long enough';

interface Target {
  readonly site: Site;
  readonly daemon: Daemon;
  readonly port: number;
}

/** A daemon whose first pass is over and whose next one is far away. */
async function startTarget(onOpened: (remove: () => Promise<void>) => void = onTestFinished): Promise<Target> {
  const site = await openSite({ files: { 'a.yaml': yaml('A') }, onOpened });
  site.environment['DATABAR_SYNC_TRIGGER_TOKEN'] = TOKEN;
  const daemon = site.start('--interval', '1h', '--listen', '127.0.0.1:0');
  const { listen } = await daemon.until('daemon.started');
  await daemon.until('pass.completed');
  return { site, daemon, port: Number(new URL(String(listen)).port) };
}

async function passesOf({ port }: Target): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/status`);
  return ((await answer.json()) as { passes: number }).passes;
}

async function probe({ port }: Target): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}/healthz`, { headers: { connection: 'close' } });
  return answer.status;
}

const soon = async (milliseconds: number): Promise<false> => setTimeout(milliseconds, false);

const PATHS = [
  '/',
  '/dashboard.js',
  '/healthz',
  '/readyz',
  '/startupz',
  '/metrics',
  '/api/status',
  '/api/connectors',
  '/api/passes',
  '/api/recent',
  '/api/sync',
];
const LONG = 'x'.repeat(20_000);
const BEARER = `Authorization: Bearer ${TOKEN}`;

describe('a request that is not meant well', () => {
  const ends: (() => Promise<void>)[] = [];
  let target: Target;
  beforeAll(async () => {
    target = await startTarget((remove) => ends.push(remove));
    return async () => {
      for (const end of ends) await end();
    };
  });

  test.each<[string, number, string]>([
    // Methods: nothing but POST asks for a pass, whatever it carries.
    ...['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'].map((method): [string, number, string] => [
      `${method} with the token`,
      404,
      rawRequest(`${method} /api/sync HTTP/1.1`, ['Host: localhost', BEARER]),
    ]),
    [
      'an override of the method',
      404,
      rawRequest('GET /api/sync?_method=POST HTTP/1.1', ['Host: localhost', BEARER, 'X-HTTP-Method-Override: POST']),
    ],
    ['an unknown method', 400, rawRequest('HACK / HTTP/1.1')],
    // Paths.
    ['a path that climbs', 404, rawRequest('GET /../../../etc/passwd HTTP/1.1')],
    ['a path that climbs in disguise', 404, rawRequest('GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1')],
    ['a NUL in the path', 404, rawRequest('GET /healthz%00 HTTP/1.1')],
    ['a path that is no UTF-8', 404, rawRequest('GET /%ff%zz HTTP/1.1')],
    ['two slashes', 404, rawRequest('GET //healthz HTTP/1.1')],
    ['backslashes', 400, rawRequest('GET /\\..\\healthz HTTP/1.1')],
    ['another case', 404, rawRequest('GET /API/STATUS HTTP/1.1')],
    ['a name of every object', 404, rawRequest('GET /__proto__ HTTP/1.1')],
    ['no path', 400, rawRequest('GET * HTTP/1.1')],
    // Names.
    ['a foreign name', 421, rawRequest('GET /api/status HTTP/1.1', ['Host: rebound.example'])],
    ['a foreign name with the port', 421, rawRequest('GET /api/status HTTP/1.1', ['Host: rebound.example:8700'])],
    [
      'a foreign name that begins like ours',
      421,
      rawRequest('GET /api/status HTTP/1.1', ['Host: 127.0.0.1.rebound.example']),
    ],
    [
      'the token under a foreign name',
      421,
      rawRequest('POST /api/sync HTTP/1.1', ['Host: rebound.example', BEARER, 'Content-Length: 0']),
    ],
    ['two names', 421, rawRequest('GET /healthz HTTP/1.1', ['Host: localhost', 'Host: rebound.example'])],
    ['no name', 400, rawRequest('GET /healthz HTTP/1.1', [])],
    // Sizes.
    ['a long path', 431, rawRequest(`GET /${LONG} HTTP/1.1`)],
    ['a long header', 431, rawRequest('GET /healthz HTTP/1.1', ['Host: localhost', `X-Long: ${LONG}`])],
    [
      'many headers',
      431,
      rawRequest(
        'GET /healthz HTTP/1.1',
        Array.from({ length: 3_000 }, (_, index) => `X${index}: 1`),
      ),
    ],
    [
      'a large body',
      413,
      rawRequest('POST /api/sync HTTP/1.1', ['Host: localhost', BEARER, 'Content-Length: 100000'], 'x'.repeat(100_000)),
    ],
    // Framing.
    [
      'two lengths',
      400,
      rawRequest(
        'POST /api/sync HTTP/1.1',
        ['Host: localhost', 'Content-Length: 4', 'Transfer-Encoding: chunked'],
        '0\r\n\r\n',
      ),
    ],
    [
      'a length that is no number',
      400,
      rawRequest('POST /api/sync HTTP/1.1', ['Host: localhost', 'Content-Length: -1']),
    ],
    ['a header on two lines', 400, rawRequest('GET /healthz HTTP/1.1', ['Host: localhost', ' X: folded'])],
    ['no HTTP', 400, 'good day\r\n\r\n'],
    ['the start of TLS', 400, '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003'],
    ['HTTP/2', 400, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    // Credentials.
    ['no token', 401, rawRequest('POST /api/sync HTTP/1.1', ['Host: localhost', 'Content-Length: 0'])],
    [
      'a wrong token',
      401,
      rawRequest('POST /api/sync HTTP/1.1', ['Host: localhost', 'Authorization: Bearer no', 'Content-Length: 0']),
    ],
    [
      'the token in the query',
      401,
      rawRequest(`POST /api/sync?token=${encodeURIComponent(TOKEN)} HTTP/1.1`, [
        'Host: localhost',
        'Content-Length: 0',
      ]),
    ],
    // Other origins: no preflight succeeds.
    [
      'a preflight',
      404,
      rawRequest('OPTIONS /api/sync HTTP/1.1', [
        'Host: localhost',
        'Origin: https://page.example',
        'Access-Control-Request-Method: POST',
        'Access-Control-Request-Headers: authorization',
      ]),
    ],
  ])('%s: %i, it changes nothing, and the answer tells nothing', async (_, status, request) => {
    const answer = await sendRaw(target.port, request);
    expect(answer.split('\r\n', 1)[0]).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `, 'u'));
    expect(answer).not.toMatch(/^(?:server|x-powered-by|access-control-[a-z-]+|set-cookie|location):/imu);
    expect(answer).not.toMatch(/node|hono|root:|\bat \S+:\d+/iu);
    expect(await passesOf(target)).toBe(1);
    expect(await probe(target)).toBe(200);
  });

  test('a tunnel is not opened', async () => {
    expect(
      await sendRaw(target.port, 'CONNECT internal.example:443 HTTP/1.1\r\nHost: internal.example:443\r\n\r\n'),
    ).toBe('');
    expect(await probe(target)).toBe(200);
  });

  test('another origin may load an answer, and its page may not read it', async () => {
    const { headers } = await fetch(`http://127.0.0.1:${target.port}/api/status`, {
      headers: { origin: 'https://page.example' },
    });
    expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cache-control': 'no-store',
    });
  });
});

test('reading is all that GET does: every path, many times, and no pass', async () => {
  const target = await startTarget();
  for (const path of PATHS) {
    for (let each = 0; each < 5; each += 1) {
      const answer = await fetch(`http://127.0.0.1:${target.port}${path}`, {
        headers: { authorization: `Bearer ${TOKEN}` },
      });
      await answer.arrayBuffer();
    }
  }
  expect(await passesOf(target)).toBe(1);
  expect(target.site.sandbox.connectors()).toHaveLength(1);
});

test('slow clients are cut off, however they trickle, and probes are answered meanwhile', async () => {
  const target = await startTarget();
  const slow = [
    await openRawSocket(target.port, 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: '),
    await openRawSocket(
      target.port,
      `POST /api/sync HTTP/1.1\r\nHost: localhost\r\n${BEARER}\r\nContent-Length: 60000\r\n\r\n`,
    ),
    await openRawSocket(
      target.port,
      `POST /api/sync HTTP/1.1\r\nHost: localhost\r\n${BEARER}\r\nTransfer-Encoding: chunked\r\n\r\n`,
    ),
  ];
  const trickle = setInterval(() => {
    slow[0]?.write('x');
    slow[1]?.write('x');
    slow[2]?.write('1\r\nx\r\n');
  }, 200);
  onTestFinished(() => clearInterval(trickle));
  for (const socket of slow) {
    const end = ended(socket);
    do expect(await probe(target)).toBe(200);
    while (!socket.closed && !(await Promise.race([end.then(() => true), soon(100)])));
  }
  expect(await passesOf(target)).toBe(1);
}, 60_000);

test('a crowd of connections keeps no probe out, and no work', async () => {
  const target = await startTarget();
  const said = [
    '',
    'GET /healthz HTTP/1.1\r\nHost: l',
    'POST /api/sync HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nx',
  ];
  for (let client = 0; client < 600; client += 1) {
    await openRawSocket(target.port, said[client % said.length]);
    if (client % 50 === 0) expect(await probe(target)).toBe(200);
  }
  target.site.write('b.yaml', yaml('B'));
  await target.daemon.until('connector.created', ({ connector }) => connector?.key === 'b');
  expect(await probe(target)).toBe(200);
  expect(await target.daemon.stop()).toBe(0);
});

test('a trigger that is signed with its time asks for one pass, and recorded it asks for none', async () => {
  const target = await startTarget();
  const body = '{"ref":"refs/heads/main"}';
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = `sha256=${createHmac('sha256', TOKEN).update(`${timestamp}.${body}`).digest('hex')}`;
  const post = async (headers: Record<string, string>, sent: string): Promise<number> =>
    (await fetch(`http://127.0.0.1:${target.port}/api/sync`, { method: 'POST', headers, body: sent })).status;

  expect(await post({ 'x-timestamp': timestamp, 'x-signature': signature }, body)).toBe(202);
  await target.daemon.until('pass.completed');
  expect(await post({ 'x-timestamp': timestamp, 'x-signature': signature }, body)).toBe(401);
  expect(await post({ 'x-signature': signature }, body)).toBe(401);
  expect(await post({ 'x-signature': signature }, `${timestamp}.${body}`)).toBe(401);
  expect(await passesOf(target)).toBe(2);
});
