import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { MAX_TIMER_MS, sleep, startTimer } from '../../src/api/sleep.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a timer', () => {
  test.each([0, 1, 5_000, MAX_TIMER_MS, MAX_TIMER_MS + 1, 3 * MAX_TIMER_MS + 7])(
    'of %i ms fires then, once, and not before',
    async (ms) => {
      const callback = vi.fn<() => void>();
      startTimer(ms, callback);
      await vi.advanceTimersByTimeAsync(Math.max(0, ms - 1));
      expect(callback).toHaveBeenCalledTimes(ms === 0 ? 1 : 0);
      await vi.advanceTimersByTimeAsync(2);
      expect(callback).toHaveBeenCalledTimes(1);
      expect(vi.getTimerCount()).toBe(0);
    },
  );

  test('of less than nothing fires at once', async () => {
    const callback = vi.fn<() => void>();
    startTimer(-5, callback);
    await vi.advanceTimersByTimeAsync(0);
    expect(callback).toHaveBeenCalledTimes(1);
  });

  test('can be cancelled, also after the first of its parts', async () => {
    const callback = vi.fn<() => void>();
    const cancel = startTimer(2 * MAX_TIMER_MS, callback);
    await vi.advanceTimersByTimeAsync(MAX_TIMER_MS + 1);
    cancel();
    expect(vi.getTimerCount()).toBe(0);
    expect(callback).not.toHaveBeenCalled();
  });
});

describe('sleep', () => {
  test('ends after its time, and leaves no listener behind', async () => {
    const { signal } = new AbortController();
    const remove = vi.spyOn(signal, 'removeEventListener');
    const slept = sleep(1_000, signal);
    await vi.advanceTimersByTimeAsync(1_000);
    await slept;
    expect(remove).toHaveBeenCalledTimes(1);
  });

  test('ends at once when the signal aborts, and leaves no timer behind', async () => {
    const controller = new AbortController();
    const slept = sleep(1_000_000, controller.signal);
    controller.abort();
    await slept;
    expect(vi.getTimerCount()).toBe(0);
  });

  test('does not begin when the signal has aborted', async () => {
    await sleep(1_000_000, AbortSignal.abort());
    expect(vi.getTimerCount()).toBe(0);
  });
});
