import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { createDebounce, startTimer } from '../../src/source/debounce.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function debounced() {
  const fire = vi.fn<() => void>();
  return { fire, debounce: createDebounce(fire, { quietMs: 250, maxWaitMs: 1000, startTimer }) };
}

test('a single signal fires once, after the quiet time', () => {
  const { fire, debounce } = debounced();
  debounce.signal();
  vi.advanceTimersByTime(249);
  expect(fire).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(fire).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(10_000);
  expect(fire).toHaveBeenCalledTimes(1);
});

test('a burst fires once, at its end', () => {
  const { fire, debounce } = debounced();
  for (let signal = 0; signal < 4; signal++) {
    debounce.signal();
    vi.advanceTimersByTime(200);
  }
  expect(fire).not.toHaveBeenCalled();
  vi.advanceTimersByTime(50);
  expect(fire).toHaveBeenCalledTimes(1);
});

test('a burst that does not end fires after the longest wait, and again', () => {
  const { fire, debounce } = debounced();
  for (let elapsed = 0; elapsed < 2000; elapsed += 100) {
    debounce.signal();
    vi.advanceTimersByTime(100);
  }
  expect(fire).toHaveBeenCalledTimes(2);
});

test('nothing fires after cancel, and no timer is left', () => {
  const { fire, debounce } = debounced();
  debounce.signal();
  debounce.cancel();
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(10_000);
  expect(fire).not.toHaveBeenCalled();
});

test('the longest wait counts from the first signal of each burst', () => {
  const { fire, debounce } = debounced();
  debounce.signal();
  vi.advanceTimersByTime(250);
  vi.advanceTimersByTime(700);
  debounce.signal();
  vi.advanceTimersByTime(100);
  expect(fire).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(150);
  expect(fire).toHaveBeenCalledTimes(2);
});
