import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createMemoryKeeper } from '../../src/cli/give-back-memory.ts';

const MIB = 1024 ** 2;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('memory is given back a moment after a pass that has left much behind, and not after one that has not', () => {
  let heapUsed = 100 * MIB;
  let collections = 0;
  const collect = (): void => {
    collections += 1;
    heapUsed = 20 * MIB;
  };
  const usage = (): NodeJS.MemoryUsage => ({ heapUsed, heapTotal: 0, rss: 0, external: 0, arrayBuffers: 0 });
  const keeper = createMemoryKeeper({ memoryUsage: Object.assign(usage, { rss: () => 0 }) }, collect);

  keeper.rest();
  expect(collections).toBe(0);
  keeper.rest();
  vi.runAllTimers();
  expect(collections).toBe(1);

  heapUsed = 30 * MIB;
  keeper.rest();
  vi.runAllTimers();
  expect(collections).toBe(1);

  heapUsed = 90 * MIB;
  keeper.rest();
  vi.runAllTimers();
  expect(collections).toBe(2);
});

test('the collector of Node can be had while it runs', () => {
  const before = process.memoryUsage().heapUsed;
  const keeper = createMemoryKeeper({
    memoryUsage: Object.assign((): NodeJS.MemoryUsage => ({ ...process.memoryUsage(), heapUsed: 1e12 }), {
      rss: () => 0,
    }),
  });
  keeper.rest();
  vi.runAllTimers();
  expect(process.memoryUsage().heapUsed).toBeLessThan(before + 64 * MIB);
});
