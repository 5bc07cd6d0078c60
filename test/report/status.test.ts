import { expect, test } from 'vitest';
import { createHeartbeat } from '../../src/report/heartbeat.ts';
import type { StatusBoard } from '../../src/report/status.ts';
import { createStatusBoard } from '../../src/report/status.ts';
import {
  applied,
  brake,
  creating,
  FACTS,
  failed,
  NO_CONNECTORS,
  NO_COUNTS,
  passResult,
  updating,
} from '../support/pass-builders.ts';

function board() {
  const clock = { now: 1_000 };
  const queue = { pending: 0, inFlight: 0 };
  const changes = { told: 0 };
  const board = createStatusBoard({
    facts: FACTS,
    gauges: { queue: () => queue, connectors: () => ({ ...NO_CONNECTORS, in_sync: 3 }) },
    now: () => clock.now,
    onChange: () => {
      changes.told += 1;
    },
  });
  return { clock, queue, changes, board };
}

test('a daemon that has just started knows little about itself', () => {
  expect(board().board.read()).toEqual({
    ...FACTS,
    mode: 'starting',
    revision: null,
    startedAt: 1_000,
    movedAt: 1_000,
    pausedUntil: null,
    nextPassAt: null,
    passes: 0,
    progress: null,
    queue: { pending: 0, inFlight: 0, pausedUntil: null },
    connectors: { ...NO_CONNECTORS, in_sync: 3 },
    watch: 'events',
    lastPass: null,
    lastSuccessAt: null,
    stateDurable: true,
  });
});

test('whatever is told moves it, and is a change', () => {
  const tells = ['setMode', 'setRevision', 'setDurable', 'setWatch', 'moved', 'paused', 'planned', 'written', 'passed'];
  for (const tell of tells as readonly (keyof StatusBoard & keyof ReturnType<typeof callsOf>)[]) {
    const { clock, changes, board: it } = board();
    clock.now = 5_000;
    callsOf(it)[tell]();
    expect([it.read().movedAt, changes.told]).toEqual([5_000, 1]);
  }
});

function callsOf(it: StatusBoard) {
  return {
    setMode: () => it.setMode('syncing'),
    setRevision: () => it.setRevision('abc'),
    setDurable: () => it.setDurable(false),
    setWatch: () => it.setWatch('polling'),
    moved: () => it.moved(),
    paused: () => it.paused(10),
    planned: () => it.planned(2),
    written: () => it.written(),
    passed: () => it.passed(passResult(), 10),
  };
}

test('the writes of a pass are counted while it is under way, and no longer', () => {
  const { board: it } = board();
  it.written();
  expect(it.read().progress).toBeNull();
  it.planned(3);
  it.written();
  it.written();
  expect(it.read().progress).toEqual({ done: 2, total: 3 });
  it.passed(passResult({ withdrawn: true }), null);
  expect(it.read().progress).toBeNull();
  it.planned(1);
  it.passed(passResult(), 10);
  expect(it.read().progress).toBeNull();
});

test('the queue is read when it is asked for, and its pause is over when its time is', () => {
  const { clock, queue, board: it } = board();
  it.paused(500);
  queue.pending = 7;
  queue.inFlight = 4;
  expect(it.read().queue).toEqual({ pending: 7, inFlight: 4, pausedUntil: 1_500 });
  clock.now = 1_500;
  expect(it.read()).toMatchObject({ queue: { pausedUntil: null }, pausedUntil: 1_500 });
});

test('a finished pass is kept with its counts and brakes, and the next one with its time', () => {
  const { clock, board: it } = board();
  clock.now = 9_000;
  const result = passResult({
    revision: 'abc',
    outcomes: [applied(creating('a')), failed(updating('b'))],
    brakes: [brake({ keys: ['x', 'y'] })],
  });
  it.passed(result, 60_000);
  expect(it.read()).toMatchObject({
    passes: 1,
    revision: 'abc',
    nextPassAt: 69_000,
    lastSuccessAt: 9_000,
    lastPass: {
      startedAt: result.startedAt,
      durationMs: 120,
      source: { status: 'ok' },
      api: { status: 'ok' },
      counts: { ...NO_COUNTS, created: 1, failed: 1 },
      brakes: [{ code: 'mass_delete', reason: '4 of 10 bound connectors would be deleted', blocked: 2 }],
    },
  });
});

test('a pass that could not read files or workspace is finished, and no success', () => {
  const { clock, board: it } = board();
  it.passed(passResult(), null);
  clock.now = 9_000;
  it.passed(passResult({ source: { status: 'missing', message: 'gone' } }), null);
  it.passed(passResult({ api: { status: 'unauthorized', code: 403, message: 'no' }, plan: null }), null);
  it.passed(passResult({ plan: null }), null);
  expect(it.read()).toMatchObject({ passes: 4, lastSuccessAt: 1_000, nextPassAt: null });
});

test('a brake that holds something does so until a plan is made without it', () => {
  const { board: it } = board();
  const held = [{ code: 'mass_delete', reason: '4 of 10 bound connectors would be deleted', blocked: 1 }];
  it.passed(passResult({ brakes: [brake({ keys: ['x'] })] }), null);
  for (let outage = 0; outage < 2; outage += 1) {
    it.passed(passResult({ plan: null }), null);
    expect(it.read().lastPass?.brakes).toEqual(held);
  }
  it.passed(passResult(), null);
  expect(it.read().lastPass?.brakes).toEqual([]);
});

test('a pass that was withdrawn counts for nothing', () => {
  const { board: it } = board();
  it.passed(passResult({ withdrawn: true }), null);
  expect(it.read()).toMatchObject({ passes: 0, lastPass: null, lastSuccessAt: null });
});

test('a shorter pause does not end a longer one', () => {
  const { board: it } = board();
  it.paused(60_000);
  it.paused(1_000);
  expect(it.read().pausedUntil).toBe(61_000);
});

test('a heartbeat is due at first, and then every ten minutes', () => {
  let now = 0;
  const heartbeat = createHeartbeat(() => now);
  const dueAt = (time: number): boolean => {
    now = time;
    return heartbeat.isDue();
  };
  expect([0, 1, 599_999, 600_000, 600_001, 1_199_999, 1_200_000].map(dueAt)).toEqual([
    true,
    false,
    false,
    true,
    false,
    false,
    true,
  ]);
});
