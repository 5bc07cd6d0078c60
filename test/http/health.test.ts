import { describe, expect, test } from 'vitest';
import type { HealthLimits, Verdict } from '../../src/http/health.ts';
import { judgeLive, judgeReady, judgeStarted } from '../../src/http/health.ts';
import { createStatusBoard } from '../../src/report/status.ts';
import { desiredOf, invalid } from '../support/builders.ts';
import { FACTS, failed, NO_CONNECTORS, NO_COUNTS, passResult, statusOf, updating } from '../support/pass-builders.ts';

const NOW = 10_000_000;
const LIMITS: HealthLimits = { intervalMs: 60_000, quietMs: 30_000 };
type Changes = Parameters<typeof statusOf>[0];

const live = (changes: Changes, limits = LIMITS): Verdict => judgeLive(statusOf(changes), limits, NOW);
const ready = (changes: Changes): Verdict => judgeReady(statusOf(changes), LIMITS, NOW);

describe('the daemon is live', () => {
  test.each<[string, Changes, boolean, string]>([
    ['at the start', { mode: 'starting', movedAt: NOW - 90_000 }, true, 'starting'],
    ['in a pass that moves', { mode: 'syncing', movedAt: NOW - 90_000 }, true, 'syncing'],
    [
      'not in a pass that has not moved for three timeouts',
      { mode: 'syncing', movedAt: NOW - 91_000 },
      false,
      'a pass has not moved for 91 s',
    ],
    [
      'not when it never gets beyond its start',
      { mode: 'starting', movedAt: NOW - 91_000 },
      false,
      'a pass has not moved for 91 s',
    ],
    [
      'while the queue is paused, however long ago anything moved',
      { mode: 'syncing', movedAt: NOW - 3_600_000, pausedUntil: NOW + 1_000 },
      true,
      'syncing',
    ],
    [
      'for a while after a pause',
      { mode: 'syncing', movedAt: NOW - 3_600_000, pausedUntil: NOW - 90_000 },
      true,
      'syncing',
    ],
    [
      'not when nothing moves after a pause either',
      { mode: 'syncing', movedAt: NOW - 3_600_000, pausedUntil: NOW - 91_000 },
      false,
      'a pass has not moved for 91 s',
    ],
    [
      'while it waits for the next pass',
      { mode: 'waiting', movedAt: NOW - 3_600_000, nextPassAt: NOW + 3_600_000 },
      true,
      'waiting for the next pass',
    ],
    [
      'while the next pass is hardly overdue',
      { mode: 'waiting', nextPassAt: NOW - 150_000 },
      true,
      'waiting for the next pass',
    ],
    [
      'not when the next pass does not come',
      { mode: 'waiting', nextPassAt: NOW - 151_000 },
      false,
      'the next pass is 151 s overdue',
    ],
    ['while it drains', { mode: 'draining', movedAt: 0 }, true, 'draining'],
    ['when it has stopped', { mode: 'stopped', movedAt: 0 }, true, 'stopped'],
  ])('%s', (_, changes, healthy, reason) => {
    expect(live(changes)).toEqual({ healthy, reason });
  });

  test('also while the API is down and every file is bad', () => {
    const lastPass = {
      source: { status: 'missing', message: 'gone' },
      api: { status: 'unreachable', code: null, message: 'no answer' },
    } as const;
    expect(live({ mode: 'waiting', nextPassAt: NOW, lastPass }).healthy).toBe(true);
  });

  test('for a minute at least, however short the timeout is', () => {
    const limits = { ...LIMITS, quietMs: 100 };
    expect(live({ mode: 'syncing', movedAt: NOW - 60_000 }, limits).healthy).toBe(true);
    expect(live({ mode: 'syncing', movedAt: NOW - 60_001 }, limits).healthy).toBe(false);
  });
});

describe('the daemon is ready', () => {
  const RECENT = NOW - 20_000;
  const OLD = NOW - 200_000;
  const source = { status: 'missing', message: 'no directory' } as const;
  const refused = { status: 'unauthorized', code: 403, message: 'answered 403' } as const;
  const down = { status: 'unreachable', code: 503, message: 'answered 503' } as const;

  test.each<[string, Changes, boolean, string]>([
    ['not before a pass has succeeded', { lastPass: null }, false, 'no pass has succeeded yet'],
    ['when a pass has succeeded', { lastSuccessAt: RECENT }, true, 'last success 20 s ago'],
    ['for three intervals', { lastSuccessAt: NOW - 180_000 }, true, 'last success 180 s ago'],
    ['and no longer', { lastSuccessAt: NOW - 180_001 }, false, 'last success 180 s ago'],
    [
      'not without its files',
      { lastSuccessAt: OLD, lastPass: { source } },
      false,
      'last success 200 s ago: source missing: no directory',
    ],
    [
      'for a while without its files',
      { lastSuccessAt: RECENT, lastPass: { source } },
      true,
      'source missing: no directory',
    ],
    ['not with a refused key from the start', { lastPass: { api: refused } }, false, 'not authorised: answered 403'],
    [
      'not without its API',
      { lastSuccessAt: OLD, lastPass: { api: down } },
      false,
      'last success 200 s ago: upstream is failing: answered 503',
    ],
    [
      'with connectors that fail',
      { lastSuccessAt: RECENT, lastPass: { counts: { ...NO_COUNTS, failed: 2, invalid: 1 } } },
      true,
      '2 connectors are failing',
    ],
    [
      'with definitions that are invalid',
      { lastSuccessAt: RECENT, lastPass: { counts: { ...NO_COUNTS, invalid: 1 } } },
      true,
      '1 definition is invalid',
    ],
    [
      'and tells when the server asks for quiet',
      { lastSuccessAt: OLD, pausedUntil: NOW + 40_000 },
      false,
      'last success 200 s ago: upstream asks for 40 s of quiet',
    ],
    [
      'not in a first pass that takes long, and tells how far it is',
      { lastPass: null, mode: 'syncing', progress: { done: 12, total: 900 } },
      false,
      'a pass is under way, with 12 of 900 changes done',
    ],
    ['and not when it has asked once', { lastSuccessAt: RECENT, pausedUntil: NOW }, true, 'last success 20 s ago'],
  ])('%s', (_, changes, healthy, reason) => {
    expect(ready(changes)).toEqual({ healthy, reason });
  });

  test('after passes with one bad file and one refused connector', () => {
    let now = NOW;
    const board = createStatusBoard({
      facts: FACTS,
      gauges: { queue: () => ({ pending: 0, inFlight: 0 }), connectors: () => NO_CONNECTORS },
      now: () => now,
      onChange: () => undefined,
    });
    for (let pass = 0; pass < 20; pass += 1) {
      const outcomes = [failed(updating('a'), { kind: 'permanent', status: 422, retryInMs: null })];
      board.passed(passResult({ desired: desiredOf([], [invalid()]), outcomes }), 60_000);
      now += 60_000;
      expect(judgeReady(board.read(), LIMITS, now).healthy).toBe(true);
    }
  });
});

test('the daemon has started when the first pass is done, however it ended', () => {
  expect(judgeStarted(statusOf({ passes: 0 }))).toEqual({ healthy: false, reason: 'the first pass is not done yet' });
  expect(judgeStarted(statusOf({ passes: 1, lastSuccessAt: null }))).toEqual({
    healthy: true,
    reason: 'the first pass is done',
  });
});
