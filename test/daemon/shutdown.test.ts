import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createShutdown } from '../../src/daemon/shutdown.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function prepare(abort: () => Promise<void> = async () => undefined) {
  const { promise: drained, resolve, reject } = Promise.withResolvers<void>();
  const told: string[] = [];
  const shutdown = createShutdown({
    graceMs: 25_000,
    drain: () => void told.push('drain'),
    abort: async () => {
      told.push('abort');
      await abort();
    },
    drained,
  });
  const exit = shutdown.finished.then(
    (code) => void told.push(`exit ${code}`),
    (error: unknown) => void told.push(String(error)),
  );
  return { told, signal: () => shutdown.signal(), exit, drained: resolve, breakDown: reject };
}

const wait = async (milliseconds: number): Promise<void> => {
  await vi.advanceTimersByTimeAsync(milliseconds);
};

test('a signal drains, and when nothing is in flight any more the daemon exits 0', async () => {
  const { told, signal, exit, drained } = prepare();
  signal();
  await wait(24_999);
  expect(told).toEqual(['drain']);
  drained();
  await exit;
  expect(told).toEqual(['drain', 'exit 0']);
  expect(vi.getTimerCount()).toBe(0);
});

test('grace running out breaks off what is in flight, and the daemon exits 1 when that is recorded', async () => {
  const { told, signal, exit, drained } = prepare();
  signal();
  await wait(25_000);
  expect(told).toEqual(['drain', 'abort']);
  drained();
  await exit;
  expect(told).toEqual(['drain', 'abort', 'exit 1']);
  expect(vi.getTimerCount()).toBe(0);
});

test('a second signal breaks off at once, and further ones change nothing', async () => {
  const { told, signal, exit, drained } = prepare();
  for (let count = 0; count < 4; count += 1) signal();
  expect(told).toEqual(['drain', 'abort']);
  drained();
  await exit;
  await wait(60_000);
  expect(told).toEqual(['drain', 'abort', 'exit 1']);
});

test('what hangs even when it is broken off keeps nobody for ever', async () => {
  const { told, signal } = prepare(async () => new Promise(() => undefined));
  signal();
  signal();
  await wait(1_999);
  expect(told).toEqual(['drain', 'abort']);
  await wait(1);
  expect(told).toEqual(['drain', 'abort', 'exit 1']);
});

test('a loop that ends by itself ends the daemon', async () => {
  const { told, exit, drained } = prepare();
  drained();
  await exit;
  expect(told).toEqual(['exit 0']);
});

test('a loop that breaks down, and a break-off that fails, are no silent end', async () => {
  const broken = prepare();
  broken.breakDown(new Error('a defect'));
  await broken.exit;
  expect(broken.told).toEqual(['Error: a defect']);

  const stuck = prepare(async () => Promise.reject(new Error('cannot abort')));
  stuck.signal();
  stuck.signal();
  await stuck.exit;
  expect(stuck.told).toEqual(['drain', 'abort', 'Error: cannot abort']);
});
