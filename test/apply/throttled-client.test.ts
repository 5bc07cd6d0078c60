import { setImmediate as nextRound } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { DatabarClientOptions } from '../../src/api/databar-client.ts';
import { DryRunError } from '../../src/api/dry-run-error.ts';
import { createRateLimiter } from '../../src/apply/rate-limit.ts';
import type { RequestReport, ThrottledClient } from '../../src/apply/throttled-client.ts';
import { createThrottledClient, StoppedError } from '../../src/apply/throttled-client.ts';
import type { SyncEvent } from '../../src/model/event.ts';
import { config, connector, SECRET, useApi } from '../support/api-fixture.ts';
import type { RawHandler, RawServer } from '../support/raw-server.ts';
import { rawAnswer } from '../support/raw-server.ts';

const { serve, connect } = useApi();
const NOW = Date.UTC(2026, 0, 15, 12, 0, 0);
const LIST = rawAnswer(200, [connector]);

interface Bench {
  readonly client: ThrottledClient;
  readonly server: RawServer;
  /** The waits between attempts, in milliseconds; none is waited out. */
  readonly waits: number[];
  /** Pauses asked of the queue, and their statuses; none is waited out either. */
  readonly pauses: (readonly [number, number])[];
  readonly events: SyncEvent[];
  readonly reports: RequestReport[];
}

/** A throttled client over real sockets, in which no time passes between attempts. */
async function benchWith(
  handler: RawHandler,
  options: Partial<DatabarClientOptions> & {
    concurrency?: number;
    sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
  } = {},
): Promise<Bench> {
  const { concurrency = 4, sleep, ...clientOptions } = options;
  const server = await serve(handler);
  const [waits, pauses, events, reports]: [number[], (readonly [number, number])[], SyncEvent[], RequestReport[]] = [
    [],
    [],
    [],
    [],
  ];
  const limiter = createRateLimiter({ rate: null, concurrency, onThrottled: () => undefined });
  const client = createThrottledClient({
    client: connect(server.url, clientOptions),
    limiter: { ...limiter, pauseFor: (ms, status) => pauses.push([ms, status]) },
    retry: { maxAttempts: 3, baseDelayMs: 500, maxDelayMs: 30_000 },
    random: () => 0.5,
    now: () => NOW,
    sleep: async (ms, signal) => {
      waits.push(ms);
      await sleep?.(ms, signal);
    },
    onEvent: (event) => events.push(event),
    onRequest: (report) => reports.push(report),
  });
  return { client, server, waits, pauses, events, reports };
}

/** Answers one after the other; the last again and again. `null` breaks the connection off. */
function answersInTurn(...answers: readonly (string | null)[]): RawHandler {
  return (socket, _request, index) => {
    const answer = answers[Math.min(index, answers.length - 1)];
    if (answer === null || answer === undefined) socket.resetAndDestroy();
    else socket.write(answer);
  };
}

async function stopOf(call: Promise<unknown>): Promise<StoppedError> {
  const error: unknown = await call.then(
    () => expect.unreachable('the call succeeded'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StoppedError);
  return error as StoppedError;
}

describe('retries', () => {
  test('a request that is answered in the end succeeds, after growing waits', async () => {
    const bench = await benchWith(answersInTurn(rawAnswer(500, {}), null, LIST));
    expect(await bench.client.list()).toEqual([{ id: 7, config }]);
    expect(bench.waits).toEqual([250, 500]);
    expect(bench.server.requests).toHaveLength(3);
  });

  test('a request that never succeeds stops, telling the last error', async () => {
    const bench = await benchWith(answersInTurn(rawAnswer(500, {}), rawAnswer(502, {}), rawAnswer(503, {})));
    const error = await stopOf(bench.client.update(7, config));
    expect(error).toMatchObject({ operation: 'update', reason: 'exhausted', status: 503, attempts: 3 });
    expect(error.cause).toMatchObject({ kind: 'http', status: 503 });
    expect(error.message).toBe('PUT /v1/connectors/7 answered 503 (3 attempts, exhausted)');
    expect(bench.server.requests).toHaveLength(3);
  });

  test('a server that never answers costs the timeout at each attempt', async () => {
    const bench = await benchWith(() => undefined, { timeoutMs: 50 });
    expect(await stopOf(bench.client.get(7))).toMatchObject({ reason: 'exhausted', status: null, attempts: 3 });
  });

  test.each([
    [422, 'permanent'],
    [406, 'permanent'],
    [307, 'exhausted'],
    [401, 'unauthorized'],
    [403, 'unauthorized'],
    [404, 'gone'],
  ])('%i is asked once: %s', async (status, reason) => {
    const bench = await benchWith(answersInTurn(rawAnswer(status, { detail: SECRET })));
    const error = await stopOf(bench.client.update(7, config));
    expect(error).toMatchObject({ reason, status, attempts: 1 });
    expect(error.message).not.toContain(SECRET);
    expect(bench.server.requests).toHaveLength(1);
  });

  test('a delete finds that there is nothing to delete: that is all it wanted', async () => {
    const lost = await benchWith(answersInTurn(null, rawAnswer(404, {})));
    expect(await lost.client.delete(7)).toBe('gone');
    const plain = await benchWith(answersInTurn('HTTP/1.1 204 No Content\r\n\r\n'));
    expect(await plain.client.delete(7)).toBe('deleted');
  });
});

describe('a create', () => {
  test.each<[string, RawHandler]>([
    ['is answered 500', answersInTurn(rawAnswer(500, {}))],
    ['is answered 503 with Retry-After', answersInTurn(rawAnswer(503, {}, { 'retry-after': '1' }))],
    ['is reset', answersInTurn(null)],
    ['is not answered', () => undefined],
    ['is answered with HTML', answersInTurn(rawAnswer(200, '<html>'))],
    ['is answered in part', (socket) => socket.end('HTTP/1.1 201 Created\r\ncontent-length: 99\r\n\r\n{"id"')],
    ['is answered with a flood of headers', answersInTurn(rawAnswer(201, {}, { flood: 'x'.repeat(100_000) }))],
  ])('that %s is never sent twice', async (_what, handler) => {
    const bench = await benchWith(handler, { timeoutMs: 1_000 });
    expect(await stopOf(bench.client.create(config))).toMatchObject({ reason: 'unsettled', attempts: 1 });
    expect(bench.server.requests).toHaveLength(1);
  });

  test('that was turned away unseen (429, 425) is sent again', async () => {
    const bench = await benchWith(answersInTurn(rawAnswer(429, {}), rawAnswer(425, {}), rawAnswer(201, connector)));
    expect(await bench.client.create(config)).toEqual({ id: 7, config });
    expect(bench.server.requests).toHaveLength(3);
  });

  test('that never reached the server is tried again', async () => {
    const bench = await benchWith(() => undefined);
    await bench.server.close();
    expect(await stopOf(bench.client.create(config))).toMatchObject({ reason: 'exhausted', attempts: 3 });
  });

  test('tells before each attempt that it is about to be sent', async () => {
    const told: number[] = [];
    const bench = await benchWith(answersInTurn(rawAnswer(429, {}), rawAnswer(201, connector)));
    await bench.client.create(config, {
      beforeSend: async () => void told.push(bench.server.requests.length),
    });
    expect(told).toEqual([0, 1]);
  });

  test('is not sent when that fails', async () => {
    const bench = await benchWith(answersInTurn(rawAnswer(201, connector)));
    const full = new Error('disk full');
    const beforeSend = async (): Promise<void> => Promise.reject(full);
    await expect(bench.client.create(config, { beforeSend })).rejects.toBe(full);
    expect(bench.server.connections()).toBe(0);
  });
});

describe('Retry-After', () => {
  test.each([
    ['7', 7_000],
    ['Thu, 15 Jan 2026 12:01:00 GMT', 60_000],
  ])('%j holds back the request and everybody else', async (value, ms) => {
    const bench = await benchWith(answersInTurn(rawAnswer(429, {}, { 'retry-after': value }), LIST));
    await bench.client.list();
    expect(bench.waits).toEqual([ms]);
    expect(bench.pauses).toEqual([[ms, 429]]);
  });

  test.each(['0', 'Sun, 06 Nov 1994 08:49:37 GMT'])('%j, which has passed, holds back nobody', async (value) => {
    const bench = await benchWith(answersInTurn(rawAnswer(503, {}, { 'retry-after': value }), LIST));
    await bench.client.list();
    expect(bench.waits).toEqual([250]);
    expect(bench.pauses).toEqual([[0, 503]]);
  });

  test('that is nonsense is as good as none', async () => {
    const bench = await benchWith(answersInTurn(rawAnswer(503, {}, { 'retry-after': 'soon' }), LIST));
    await bench.client.list();
    expect(bench.waits).toEqual([250]);
    expect(bench.pauses).toEqual([]);
  });

  test('holds back everybody also when the request itself is given up', async () => {
    const bench = await benchWith(answersInTurn(rawAnswer(429, {}, { 'retry-after': '9' })));
    await stopOf(bench.client.list());
    expect(bench.pauses).toEqual([
      [9_000, 429],
      [9_000, 429],
      [9_000, 429],
    ]);
  });
});

describe('the queue', () => {
  test('is passed by every attempt, and left during the waits', async () => {
    const asleep = Promise.withResolvers<undefined>();
    const wake = Promise.withResolvers<undefined>();
    const bench = await benchWith(
      (socket, { method }, index) =>
        socket.write(method === 'PUT' && index === 0 ? rawAnswer(500, {}) : answerTo(method)),
      {
        concurrency: 1,
        sleep: async () => {
          asleep.resolve(undefined);
          await wake.promise;
        },
      },
    );
    const update = bench.client.update(7, config);
    await asleep.promise;
    // The only slot is free, although the update is not done.
    await bench.client.list();
    wake.resolve(undefined);
    await update;
    expect(bench.server.requests.map(({ method }) => method)).toEqual(['PUT', 'GET', 'PUT']);
  });

  test('bounds what the server sees at once, whatever fails', async () => {
    let open = 0;
    let most = 0;
    const bench = await benchWith(
      (socket, _request, index) => {
        most = Math.max(most, ++open);
        setTimeout(() => {
          open -= 1;
          if (index % 3 === 0) socket.resetAndDestroy();
          else socket.write(index % 3 === 1 ? rawAnswer(503, {}) : rawAnswer(200, connector));
        }, 2);
      },
      { concurrency: 3 },
    );
    await Promise.allSettled(Array.from({ length: 40 }, async () => bench.client.update(7, config)));
    expect(bench.server.requests.length).toBeGreaterThan(40);
    expect(most).toBeLessThanOrEqual(3);
  });
});

describe('a server that is down', () => {
  const COUNT = 30;
  const writeAll = async ({ client }: Bench): Promise<readonly StoppedError[]> =>
    Promise.all(Array.from({ length: COUNT }, async () => stopOf(client.update(7, config))));

  test('is not asked again for each of many writes', async () => {
    const bench = await benchWith(answersInTurn(rawAnswer(503, {})));
    const stops = await writeAll(bench);
    expect(stops.every(({ reason }) => reason === 'exhausted')).toBe(true);
    expect(bench.server.requests.length).toBe(COUNT + 2 * 3);
  });

  test('is trusted again as soon as something succeeds', async () => {
    let down = true;
    const bench = await benchWith((socket) => socket.write(down ? rawAnswer(503, {}) : LIST));
    await writeAll(bench);
    down = false;
    await bench.client.list();
    down = true;
    expect(await stopOf(bench.client.update(7, config))).toMatchObject({ attempts: 3 });
  });

  test('is not what a server is that asks for quiet: those who were asked to wait try again', async () => {
    const bench = await benchWith(answersInTurn(rawAnswer(429, {}, { 'retry-after': '1' })));
    const stops = await writeAll(bench);
    expect(stops.every(({ attempts }) => attempts === 3)).toBe(true);
  });
});

describe('an aborted signal', () => {
  test('ends the wait between two attempts at once', async () => {
    const controller = new AbortController();
    const bench = await benchWith(answersInTurn(rawAnswer(503, {})), {
      sleep: async (_ms, signal) => {
        expect(signal).toBe(controller.signal);
        controller.abort();
      },
    });
    const error = await stopOf(bench.client.update(7, config, { signal: controller.signal }));
    expect(error).toMatchObject({ reason: 'aborted', attempts: 1, status: 503 });
    expect(bench.server.requests).toHaveLength(1);
  });

  test('lets a request under way finish, and its result counts', async () => {
    const controller = new AbortController();
    const bench = await benchWith((socket) => {
      controller.abort();
      socket.write(rawAnswer(201, connector));
    });
    expect(await bench.client.create(config, { signal: controller.signal })).toEqual({ id: 7, config });
  });

  test('ends a read under way at once: nothing depends on its answer', async () => {
    const controller = new AbortController();
    const bench = await benchWith(() => controller.abort());
    expect(await stopOf(bench.client.list(controller.signal))).toMatchObject({ reason: 'aborted', attempts: 1 });
    expect(await stopOf(bench.client.get(7, controller.signal))).toMatchObject({ reason: 'aborted', attempts: 0 });
  });

  test('takes back what waits for its turn', async () => {
    const controller = new AbortController();
    const first = Promise.withResolvers<() => void>();
    const bench = await benchWith((socket) => first.resolve(() => socket.write(LIST)), { concurrency: 1 });
    const list = bench.client.list();
    const answer = await first.promise;
    const waiting = stopOf(bench.client.update(7, config, { signal: controller.signal }));
    controller.abort();
    expect(await waiting).toMatchObject({
      reason: 'aborted',
      attempts: 0,
      status: null,
      cause: { kind: 'aborted', sent: false },
    });
    answer();
    await list;
    expect(bench.server.requests).toHaveLength(1);
  });
});

test('destroy breaks off what is under way: a create becomes unsettled, the rest aborted', async () => {
  const bench = await benchWith(() => undefined);
  const stops = Promise.all([stopOf(bench.client.create(config)), stopOf(bench.client.list())]);
  while (bench.server.requests.length < 2) await nextRound();
  await bench.client.destroy();
  expect((await stops).map(({ reason }) => reason)).toEqual(['unsettled', 'aborted']);
  expect(await stopOf(bench.client.list())).toMatchObject({ reason: 'aborted', attempts: 1 });
});

test('a dry run stays a dry run: it is neither retried nor wrapped', async () => {
  const bench = await benchWith(answersInTurn(LIST), { readOnly: true });
  await expect(bench.client.delete(7)).rejects.toBeInstanceOf(DryRunError);
  expect(bench.server.connections()).toBe(0);
  expect(bench.reports).toEqual([]);
});

test('every attempt is reported, with its status and number', async () => {
  const bench = await benchWith(answersInTurn(rawAnswer(500, {}), null, LIST));
  await bench.client.list();
  expect(bench.reports).toEqual([
    { operation: 'list', status: 500, durationMs: 0, attempt: 1 },
    { operation: 'list', status: null, durationMs: 0, attempt: 2 },
    { operation: 'list', status: 200, durationMs: 0, attempt: 3 },
  ]);
});

test('what the API as a whole is like is told when it changes, not with every request', async () => {
  let status = 401;
  const bench = await benchWith((socket, { method }) =>
    socket.write(status === 200 ? answerTo(method) : rawAnswer(status, {})),
  );
  const { client, events } = bench;
  const names = (): string[] => events.splice(0).map(({ event }) => event);

  await stopOf(client.list());
  await stopOf(client.update(7, config));
  expect(names()).toEqual(['api.unauthorized']);
  status = 200;
  // What was refused was a write too; that the list works again says nothing about writes.
  await client.list();
  expect(names()).toEqual([]);
  await client.update(7, config);
  await client.list();
  expect(names()).toEqual(['api.recovered']);

  status = 503;
  await stopOf(client.update(7, config));
  expect(names()).toEqual([]);
  await stopOf(client.list());
  await stopOf(client.list());
  expect(events).toEqual([{ event: 'api.unreachable', status: 503, error: 'GET /v1/connectors/ answered 503' }]);
  expect(names()).toEqual(['api.unreachable']);
  status = 200;
  await client.list();
  expect(names()).toEqual(['api.recovered']);

  status = 429;
  await stopOf(client.list());
  expect(names()).toEqual([]);
});

function answerTo(method: string): string {
  return method === 'GET' ? LIST : rawAnswer(200, connector);
}
