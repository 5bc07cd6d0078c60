/** The rate as the server counts: when requests arrive, not when they leave. */

import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { sleep } from '../../src/api/sleep.ts';
import { createRateLimiter } from '../../src/apply/rate-limit.ts';
import { mostInWindow } from '../support/most-in-window.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Milliseconds that a request is under way. */
interface Way {
  readonly there: number;
  readonly back: number;
  readonly fails?: boolean;
}

/** Sends requests, `count` a second; answers with when they left and when they arrived, in order. */
async function travel(count: number, ways: readonly Way[]): Promise<{ left: number[]; arrived: number[] }> {
  const limiter = createRateLimiter({
    rate: { count, intervalMs: 1_000 },
    concurrency: 6,
    onThrottled: () => undefined,
  });
  const [left, arrived]: [number[], number[]] = [[], []];
  const runs = ways.map(async ({ there, back, fails = false }) =>
    limiter.run(async (leaves) => {
      leaves();
      left.push(performance.now());
      await sleep(there);
      arrived.push(performance.now());
      await sleep(back);
      if (fails) throw new Error('not answered');
    }),
  );
  const all = Promise.allSettled(runs);
  await vi.runAllTimersAsync();
  await all;
  return { left, arrived: arrived.toSorted((one, other) => one - other) };
}

/** Between each start and the one that takes its place in the window. */
function distances(times: readonly number[], count: number): number[] {
  return times.slice(count).map((time, index) => time - (times[index] ?? 0));
}

const QUICKEST: Way = { there: 1, back: 2 };
const way = fc.record({ there: fc.integer({ min: 1, max: 400 }), back: fc.integer({ min: 2, max: 400 }) });

test('no window sees more arrivals than the rate allows, however long each request is under way', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(way, fc.constant(QUICKEST)), { minLength: 10, maxLength: 200 }),
      fc.integer({ min: 1, max: 8 }),
      async (ways, count) => {
        const { left, arrived } = await travel(count, ways);
        expect(arrived).toHaveLength(ways.length);
        expect(mostInWindow(left, 1_000)).toBeLessThanOrEqual(count);
        expect(mostInWindow(arrived, 1_000)).toBeLessThanOrEqual(count);
      },
    ),
  );
});

/** So many that it is known how long the way is. */
const many = (there: number): Way[] => Array.from({ length: 64 }, () => ({ there, back: 10 }));

test('a server that was asleep, and takes in at once what waited, is not sent the next too early', async () => {
  const asleep = [230, 240, 250].map((there) => ({ there, back: 2 }));
  const { arrived } = await travel(3, [...asleep, ...many(1)]);
  expect(mostInWindow(arrived, 1_000)).toBe(3);
});

test('a way that is always as long costs nothing of the rate, once it is known', async () => {
  const { left } = await travel(2, [...many(300), ...many(300)]);
  const apart = distances(left, 2);
  expect([apart[0], apart.at(-1)]).toEqual([1_315, 1_005]);
});

test('nor does one that has become longer, nor a quick refusal', async () => {
  const refused = { there: 1, back: 1, fails: true };
  const { left } = await travel(2, [...many(10), ...many(110), refused, ...many(110)]);
  const apart = distances(left, 2);
  expect([apart[66], apart[120], apart.at(-1)]).toEqual([1_105, 1_105, 1_005]);
});

test('a failure may have arrived as late as an answer', async () => {
  const { left } = await travel(1, [
    { there: 600, back: 20, fails: true },
    { there: 10, back: 10 },
  ]);
  expect(distances(left, 1)).toEqual([1_625]);
});

test('who is under way for longer than the window does not hold the others up', async () => {
  const { left } = await travel(1, [{ there: 9_000, back: 10 }, ...many(1).slice(0, 2)]);
  expect(distances(left, 1)).toEqual([1_005, 1_016]);
});
