import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Intent } from '../../src/model/baseline.ts';
import type { ScheduleInput } from '../../src/daemon/schedule.ts';
import { nextPassInMs } from '../../src/daemon/schedule.ts';
import { brake, failed, outcomeOf, passResult, updating, inSync } from '../support/pass-builders.ts';

const NOW = 1_000_000;
const next = (input: Partial<ScheduleInput>): number =>
  nextPassInMs({
    intervalMs: 60_000,
    random: 0.5,
    result: passResult(),
    intents: [],
    settleMs: 30_000,
    now: NOW,
    ...input,
  });
const retrying = (retryInMs: number | null, kind: 'transient' | 'permanent' | 'unsettled' | 'gone' | 'unauthorized') =>
  passResult({ outcomes: [outcomeOf(inSync('b'), 'unchanged'), failed(updating('a'), { kind, retryInMs })] });
const intentAt = (at: number): Intent => ({ key: 'a', name: 'A', at });

describe('the next pass', () => {
  test('is due after the interval, give or take ten per cent', () => {
    expect(next({ random: 0 })).toBe(54_000);
    expect(next({ random: 0.5 })).toBe(60_000);
    expect(next({ random: 0.999_999_999 })).toBe(66_000);
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 600_000_000 }),
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        (intervalMs, random) => {
          const ms = next({ intervalMs, random });
          expect(ms).toBeGreaterThanOrEqual(Math.round(intervalMs * 0.9));
          expect(ms).toBeLessThanOrEqual(Math.round(intervalMs * 1.1));
        },
      ),
    );
  });

  test.each([
    ['transient', 5_000, 5_000],
    ['unsettled', 5_000, 5_000],
    ['transient', 3, 1_000],
    ['transient', 90_000, 60_000],
    ['permanent', null, 60_000],
    ['unauthorized', 0, 60_000],
    ['gone', 0, 60_000],
  ] as const)('after a %s failure that may be tried in %s ms is due in %d ms', (kind, retryInMs, expected) => {
    expect(next({ result: retrying(retryInMs, kind) })).toBe(expected);
  });

  test('confirms a delete within half a minute, or within a shorter interval', () => {
    const result = passResult({ brakes: [brake({ code: 'unconfirmed_delete' })] });
    expect(next({ result })).toBe(30_000);
    expect(next({ result, intervalMs: 10_000 })).toBe(10_000);
    expect(next({ result: passResult({ brakes: [brake({ code: 'mass_delete' })] }) })).toBe(60_000);
  });

  test('looks for a lost create when its time is over, and not for one whose time has been', () => {
    expect(next({ intents: [intentAt(NOW - 10_000)] })).toBe(20_000);
    expect(next({ intents: [intentAt(NOW - 30_000)] })).toBe(60_000);
    expect(next({ intents: [intentAt(NOW - 29_990)] })).toBe(1_000);
    expect(next({ intents: [intentAt(NOW + 5_000)] })).toBe(30_000);
  });

  test('is the soonest of all, and a second is left between passes', () => {
    const result = passResult({
      outcomes: [failed(updating('a'), { retryInMs: 7_000 }), failed(updating('b'), { retryInMs: 4_000 })],
      brakes: [brake({ code: 'unconfirmed_delete' })],
    });
    expect(next({ result, intents: [intentAt(NOW - 20_000)] })).toBe(4_000);
    expect(next({ result: retrying(0, 'transient'), intervalMs: 100 })).toBe(100);
  });
});
