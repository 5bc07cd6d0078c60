import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextRound } from 'node:timers/promises';
import { createSecureContext, getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createRateLimiter } from '../../src/apply/rate-limit.ts';
import { createThrottledClient } from '../../src/apply/throttled-client.ts';
import { config, connector, useApi } from '../support/api-fixture.ts';
import { createAuthority } from '../support/certificates.ts';

const { connect, cleanUp } = useApi();
const authority = createAuthority();
const RATE = { count: 3, intervalMs: 1_000 };

beforeEach(() => {
  setDefaultCACertificates([authority.cert]);
  // Sockets and their rounds stay real: time passes only where the test says so.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
  setDefaultCACertificates(getCACertificates('bundled'));
});

interface SlowServer {
  readonly url: string;
  /** Handshakes that were begun. */
  readonly asked: () => number;
  /** Complete them, and those to come. */
  readonly shakeHands: () => void;
  /** Requests that have come. */
  readonly arrived: () => number;
}

/** Completes no handshake before it is told to. */
async function startSlowServer(): Promise<SlowServer> {
  const pair = authority.issue(['localhost']);
  const gate = Promise.withResolvers<void>();
  let [asked, arrived] = [0, 0];
  const server = createServer(
    {
      ...pair,
      SNICallback: (_name, answer) => {
        asked += 1;
        void gate.promise.then(() => answer(null, createSecureContext(pair)));
      },
    },
    (_request, response) => {
      arrived += 1;
      response.end(JSON.stringify(connector));
    },
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  cleanUp(async () => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://localhost:${port}`,
    asked: () => asked,
    shakeHands: () => gate.resolve(),
    arrived: () => arrived,
  };
}

test('requests whose connections take long to make are counted from when they leave', async () => {
  const server = await startSlowServer();
  const limiter = createRateLimiter({ rate: RATE, concurrency: 3, onThrottled: () => undefined });
  const client = createThrottledClient({
    client: connect(server.url, { timeoutMs: 60_000 }),
    limiter,
    retry: { maxAttempts: 1, baseDelayMs: 0, maxDelayMs: 0 },
    random: () => 0,
    now: () => 0,
    sleep: async () => undefined,
    onEvent: () => undefined,
    onRequest: () => undefined,
  });
  const updates = Array.from({ length: 9 }, async () => client.update(connector.id, config));
  while (server.asked() < 3) await nextRound();
  vi.advanceTimersByTime(900);
  server.shakeHands();
  await Promise.all(updates.slice(0, 3));
  expect(server.arrived()).toBe(3);

  // Counted from when their turn came, the next three would follow 105 ms after these.
  vi.advanceTimersByTime(1_004);
  expect(limiter.waiting).toBe(6);
  vi.advanceTimersByTime(1);
  await Promise.all(updates.slice(0, 6));
  expect([server.arrived(), limiter.waiting]).toEqual([6, 3]);
  vi.advanceTimersByTime(1_005);
  await Promise.all(updates);
  expect(server.arrived()).toBe(9);
});
