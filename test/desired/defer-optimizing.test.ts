import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { deferOptimizing } from '../../src/desired/defer-optimizing.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the optimizing compiler', () => {
  test('is off from now on, and on again after two seconds', () => {
    const flags: string[] = [];
    deferOptimizing((flag) => flags.push(flag));
    expect(flags).toEqual(['--no-turbofan']);
    vi.advanceTimersByTime(1_999);
    expect(flags).toEqual(['--no-turbofan']);
    vi.advanceTimersByTime(1);
    expect(flags).toEqual(['--no-turbofan', '--turbofan']);
  });
});
