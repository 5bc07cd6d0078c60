/** Pace, memory and the end of the way from events to messages; time is a fake clock. */

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { sleep } from '../../src/api/sleep.ts';
import type { SyncEvent } from '../../src/model/event.ts';
import type { Deliver, Delivery } from '../../src/notify/deliver.ts';
import type { JsonMessage } from '../../src/notify/json-message.ts';
import type { Notifier, NotifierOptions } from '../../src/notify/notifier.ts';
import { createNotifier } from '../../src/notify/notifier.ts';
import { createOutbox } from '../../src/notify/outbox.ts';
import { createPace } from '../../src/notify/pace.ts';
import { aboutKey, driftEvent, failedEvent, noticeOf, SENDER } from '../support/notices.ts';
import { passResult } from '../support/pass-builders.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DELIVERED: Delivery = { status: 'delivered', code: 200 };
const FAILED: Delivery = {
  status: 'failed',
  permanent: false,
  code: 503,
  attempts: 4,
  error: 'the webhook answered 503',
};
const REFUSED: Delivery = { ...FAILED, permanent: true, code: 404, attempts: 1 };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

interface Rig {
  readonly notifier: Notifier;
  readonly sent: readonly JsonMessage[];
  /** What the notifier itself had logged. */
  readonly logged: readonly SyncEvent[];
  /** What the receiver does from now on. */
  receiver: Deliver;
  /** A pass in which these events happened; then time goes by. */
  readonly pass: (events: readonly SyncEvent[], thenMs?: number) => Promise<void>;
}

function rig(options: Partial<NotifierOptions> = {}): Rig {
  const [sent, logged]: [JsonMessage[], SyncEvent[]] = [[], []];
  let ids = 0;
  const it: Rig = {
    sent,
    logged,
    receiver: async () => DELIVERED,
    notifier: createNotifier({
      format: 'json',
      events: ['drift', 'failure', 'brake', 'api', 'source', 'recovery'],
      afterPasses: 1,
      sender: SENDER,
      deliver: async (body, signals) => {
        sent.push(JSON.parse(body) as JsonMessage);
        return it.receiver(body, signals);
      },
      trouble: null,
      newId: () => String((ids += 1)),
      emit: (event) => void logged.push(event),
      now: () => Date.now(),
      wallTime: (at) => at,
      sleep,
      ...options,
    }),
    async pass(events, thenMs = 0) {
      for (const event of events) it.notifier.told(event);
      it.notifier.passed(passResult({ revision: 'abc' }));
      await vi.advanceTimersByTimeAsync(thenMs);
    },
  };
  return it;
}

const drift = (key: string): readonly SyncEvent[] => [
  driftEvent(key),
  { event: 'drift.healed', cause: 'remote_changed', ...aboutKey(key) },
];

describe('the pace', () => {
  test('is one message in ten seconds; what comes meanwhile waits, and goes together', async () => {
    const { pass, sent } = rig();
    await pass(drift('a'));
    await pass(drift('b'), 4 * SECOND);
    await pass(drift('c'), 4 * SECOND);
    expect(sent.map(({ text }) => text)).toEqual(['a "A" (id 7) was changed outside of git: /url; healed']);
    await pass([], 2 * SECOND);
    expect(sent.map(({ text }) => text).slice(1)).toEqual(['2 connectors drifted, and were healed: b, c']);
  });

  test('is twenty messages an hour; then one that says so tells all the rest', async () => {
    const { pass, sent } = rig();
    for (let index = 0; index < 170; index += 1) await pass(drift(`c${String(index)}`), 20 * SECOND);
    expect(sent).toHaveLength(20);
    expect(sent.some(({ heldBack }) => heldBack)).toBe(false);
    await pass([], 5 * MINUTE);
    expect(sent[20]).toMatchObject({
      heldBack: true,
      text: '150 connectors drifted, and were healed: c20, c21, c22 and 147 more',
    });
  });

  test.each([
    [[], 0, { waitMs: 0, capped: false }],
    [[0], 4, { waitMs: 6, capped: false }],
    [[0, 20], 40, { waitMs: 3_600_000 - 40, capped: true }],
    [[0, 20], 3_600_000, { waitMs: 0, capped: false }],
  ])('after messages at %j, at %i, it is %j', (sentAt, now, expected) => {
    const pace = createPace({ gapMs: 10, perHour: 2 });
    for (const at of sentAt) pace.sent(at);
    expect(pace.next(now)).toEqual(expected);
  });
});

describe('what is told', () => {
  test('is what was asked for', async () => {
    const { pass, sent } = rig({ events: ['failure'] });
    await pass([...drift('a'), failedEvent('b')], MINUTE);
    await pass([{ event: 'connector.recovered', was: 'failed', ...aboutKey('b') }], MINUTE);
    expect(sent.map(({ notices }) => notices.map(({ kind, state }) => `${kind} ${state}`))).toEqual([
      ['failure begun'],
    ]);
  });

  test('names the revision of the last pass, in the form that was asked for', async () => {
    const { pass, sent } = rig({ format: 'slack' });
    await pass(drift('a'));
    expect(sent[0]?.text).toContain('`abc`');
    expect(sent[0]).not.toHaveProperty('notices');
  });

  test('is nothing when nothing is wrong', async () => {
    const { pass, sent } = rig();
    for (let passes = 0; passes < 5; passes += 1) await pass([], MINUTE);
    expect(sent).toEqual([]);
  });
});

describe('a receiver that fails', () => {
  test('is logged once, rests, gets what it missed in one message, and its recovery is logged', async () => {
    const it = rig();
    it.receiver = async () => FAILED;
    await it.pass(drift('a'), 59 * SECOND);
    await it.pass(drift('b'), 10 * MINUTE);
    expect(it.logged).toEqual([
      { event: 'notify.failed', status: 503, attempts: 4, error: 'the webhook answered 503', waiting: 1, dropped: 0 },
    ]);
    // After one minute, two, four.
    expect(it.sent).toHaveLength(4);
    it.receiver = async () => DELIVERED;
    await it.pass([], 15 * MINUTE);
    expect(it.sent.at(-1)).toMatchObject({ text: '2 connectors drifted, and were healed: a, b' });
    expect(it.logged.map(({ event }) => event)).toEqual(['notify.failed', 'notify.recovered']);
    await it.pass([], 60 * MINUTE);
    expect(it.sent).toHaveLength(5);
  });

  test('that refuses a message does not get it again, and gets the next one', async () => {
    const it = rig();
    it.receiver = async () => REFUSED;
    await it.pass(drift('a'), MINUTE);
    expect(it.logged).toMatchObject([{ event: 'notify.failed', status: 404, waiting: 0, dropped: 1 }]);
    it.receiver = async () => DELIVERED;
    await it.pass(drift('b'), 5 * MINUTE);
    expect(
      it.sent.map(({ notices }) => notices.flatMap(({ items }) => items.map((item) => item.connector?.key))),
    ).toEqual([['a'], ['b']]);
    expect(it.logged.at(-1)).toEqual({ event: 'notify.recovered' });
  });

  test('from the start is told before there is anything to send', async () => {
    const it = rig({ trouble: 'The file "/run/webhook" does not exist' });
    it.notifier.start();
    expect(it.logged).toMatchObject([{ event: 'notify.failed', attempts: 0, waiting: 0 }]);
    await it.pass(drift('a'));
    expect(it.logged.at(-1)).toEqual({ event: 'notify.recovered' });
  });

  test('and a defect in the making of a message end nothing', async () => {
    const it = rig({
      newId: () => {
        throw new RangeError('out of ids');
      },
    });
    await it.pass(drift('a'), MINUTE);
    await it.pass(drift('b'), MINUTE);
    expect(it.logged).toMatchObject([{ event: 'notify.failed', error: 'the message could not be made (RangeError)' }]);
  });
});

test('memory is bounded: the oldest make way, which is logged once', async () => {
  const logged: SyncEvent[] = [];
  const sent: string[][] = [];
  let isUp = false;
  const outbox = createOutbox({
    send: async (notices) => {
      sent.push(notices.map(({ connector }) => connector?.key ?? ''));
      return isUp ? DELIVERED : FAILED;
    },
    pace: createPace({ gapMs: 1, perHour: 1_000 }),
    emit: (event) => void logged.push(event),
    now: () => Date.now(),
    sleep,
    mostWaiting: 3,
  });
  for (const key of ['a', 'b', 'c', 'd', 'e']) {
    outbox.add([noticeOf(key)]);
    await vi.advanceTimersByTimeAsync(SECOND);
  }
  isUp = true;
  await vi.advanceTimersByTimeAsync(MINUTE);
  expect(sent.at(-1)).toEqual(['c', 'd', 'e']);
  expect(logged.map((event) => ('dropped' in event ? [event.event, event.dropped] : [event.event]))).toEqual([
    ['notify.failed', 0],
    ['notify.failed', 1],
    ['notify.recovered'],
  ]);
});

describe('the end of the daemon', () => {
  test('sends what waits, without its pause', async () => {
    const { pass, sent, notifier } = rig();
    await pass(drift('a'));
    await pass(drift('b'));
    expect(sent).toHaveLength(1);
    await notifier.close();
    expect(sent).toHaveLength(2);
  });

  test('waits for nobody when there is nothing to send', async () => {
    await rig().notifier.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('gives a receiver that hangs a moment, and then goes', async () => {
    const it = rig();
    it.receiver = async (_, { abort }) => {
      const { promise, resolve } = Promise.withResolvers<Delivery>();
      abort.addEventListener('abort', () => resolve({ ...FAILED, code: null }));
      return promise;
    };
    await it.pass(drift('a'), MINUTE);
    await it.pass(drift('b'));
    const closed = it.notifier.close();
    await vi.advanceTimersByTimeAsync(1_500);
    await closed;
    expect(it.sent).toHaveLength(1);
    expect(it.logged).toMatchObject([{ event: 'notify.failed', waiting: 2 }]);
  });
});
