import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createRepeater } from '../../src/dashboard/repeater.ts';
import { retryDelay } from '../../src/dashboard/retry-delay.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Questions that are answered when the test says so. */
function openRepeater() {
  const questions: PromiseWithResolvers<void>[] = [];
  const repeater = createRepeater(async () => {
    const question = Promise.withResolvers<void>();
    questions.push(question);
    return question.promise;
  }, 400);
  return {
    repeater,
    asked: () => questions.length,
    answer: async () => {
      questions.at(-1)?.resolve();
      await vi.advanceTimersByTimeAsync(0);
    },
  };
}

test('it asks at once, and no more until it is told', async () => {
  const { asked, answer } = openRepeater();
  await vi.advanceTimersByTimeAsync(0);
  await answer();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked()).toBe(1);
});

test('a slow answer is never broken off by news; it leads to one more question after it', async () => {
  const { repeater, asked, answer } = openRepeater();
  await vi.advanceTimersByTimeAsync(0);
  for (let news = 0; news < 20; news += 1) {
    repeater.again();
    await vi.advanceTimersByTimeAsync(250);
  }
  expect(asked()).toBe(1);
  await answer();
  expect(asked()).toBe(2);
  await answer();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked()).toBe(2);
});

test('quick answers are asked for again only after a rest', async () => {
  const { repeater, asked, answer } = openRepeater();
  await vi.advanceTimersByTimeAsync(0);
  await answer();
  repeater.again();
  await vi.advanceTimersByTimeAsync(399);
  expect(asked()).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked()).toBe(2);
});

test('once stopped, it asks no more', async () => {
  const { repeater, asked, answer } = openRepeater();
  await vi.advanceTimersByTimeAsync(0);
  repeater.again();
  repeater.stop();
  await answer();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked()).toBe(1);
});

test('a lost stream is tried again ever later, up to a limit', () => {
  expect([1, 2, 3, 4, 5, 6, 50].map(retryDelay)).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
});
