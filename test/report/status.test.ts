import { expect, test } from 'vitest';
import { createHeartbeat } from '../../src/report/heartbeat.ts';
import { createStatusBoard } from '../../src/report/status.ts';
import { applied, brake, creating, failed, NO_COUNTS, passResult, updating } from '../support/pass-builders.ts';

function board() {
  const clock = { now: 1_000 };
  return { clock, board: createStatusBoard('1.2.3', () => clock.now) };
}

test('a daemon that has just started knows little about itself', () => {
  expect(board().board.read()).toEqual({
    version: '1.2.3',
    mode: 'starting',
    revision: null,
    startedAt: 1_000,
    movedAt: 1_000,
    pausedUntil: null,
    nextPassAt: null,
    passes: 0,
    lastPass: null,
    lastSuccessAt: null,
    stateDurable: true,
  });
});

test('whatever is told moves it', () => {
  for (const tell of ['setMode', 'setRevision', 'setDurable', 'moved', 'paused', 'passed'] as const) {
    const { clock, board: it } = board();
    clock.now = 5_000;
    const calls = {
      setMode: () => it.setMode('syncing'),
      setRevision: () => it.setRevision('abc'),
      setDurable: () => it.setDurable(false),
      moved: () => it.moved(),
      paused: () => it.paused(10),
      passed: () => it.passed(passResult(), 10),
    };
    calls[tell]();
    expect(it.read().movedAt).toBe(5_000);
  }
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
