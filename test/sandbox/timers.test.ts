import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTimers } from '../../src/sandbox/timers.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test('a task runs once, when its time has come', () => {
  const task = vi.fn<() => void>();
  createTimers().after(100, task);
  vi.advanceTimersByTime(99);
  expect(task).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1_000);
  expect(task).toHaveBeenCalledOnce();
});

test('stopped timers leave nothing pending and start nothing more', () => {
  const task = vi.fn<() => void>();
  const timers = createTimers();
  timers.after(100, task);
  timers.stop();
  timers.after(100, task);
  expect(vi.getTimerCount()).toBe(0);
});
