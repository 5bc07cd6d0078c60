import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RateLimiter, RateLimiterOptions } from '../../src/apply/rate-limit.ts';
import { createRateLimiter, NotStartedError } from '../../src/apply/rate-limit.ts';
import { mostInWindow } from '../support/most-in-window.ts';

const done = async (): Promise<void> => undefined;

function limiterWith(options: Partial<RateLimiterOptions>): RateLimiter {
  return createRateLimiter({
    rate: null,
    concurrency: Number.POSITIVE_INFINITY,
    onThrottled: () => undefined,
    ...options,
  });
}

/** Starts `count` tasks; answers with the times at which each began. */
function startMany(limiter: RateLimiter, count: number, task = done): { starts: number[]; all: Promise<unknown> } {
  const starts: number[] = [];
  const runs = Array.from({ length: count }, async () =>
    limiter.run(async () => {
      starts.push(performance.now());
      await task();
    }),
  );
  return { starts, all: Promise.all(runs) };
}

describe('in real time', () => {
  test('no window of that length, wherever it begins, sees more starts than the rate allows', async () => {
    const limiter = limiterWith({ rate: { count: 5, intervalMs: 40 }, concurrency: 3 });
    const { starts, all } = startMany(limiter, 30);
    // A pause in the middle, and tasks that come later, must not open a hole.
    setTimeout(() => limiter.pauseFor(30, 429), 25);
    const late = new Promise<{ starts: number[] }>((resolve) => {
      setTimeout(() => {
        const second = startMany(limiter, 20);
        void second.all.then(() => resolve(second));
      }, 90);
    });
    await all;
    const every = [...starts, ...(await late).starts].sort((left, right) => left - right);
    expect(every).toHaveLength(50);
    expect(mostInWindow(every, 40)).toBeLessThanOrEqual(5);
  });

  test('nor when requests leave some time after their turn has come, each its own', async () => {
    const limiter = limiterWith({ rate: { count: 5, intervalMs: 40 } });
    const starts: number[] = [];
    const delays = Array.from({ length: 40 }, (_, index) => (index * 7) % 23);
    await Promise.all(
      delays.map(async (delayMs) =>
        limiter.run(async (leaves) => {
          await new Promise((resolve) => setTimeout(resolve, delayMs));
          starts.push(performance.now());
          leaves();
        }),
      ),
    );
    expect(starts).toHaveLength(40);
    expect(
      mostInWindow(
        starts.toSorted((left, right) => left - right),
        40,
      ),
    ).toBeLessThanOrEqual(5);
  });

  test('a wall clock that is set back or forward changes nothing', async () => {
    const limiter = limiterWith({ rate: { count: 2, intervalMs: 30 } });
    await startMany(limiter, 2).all;
    const wallClock = vi.spyOn(Date, 'now');
    try {
      for (const step of [-3_600_000, 3_600_000]) {
        wallClock.mockImplementation(() => performance.timeOrigin + performance.now() + step);
        const { starts, all } = startMany(limiter, 6);
        await all;
        expect(mostInWindow(starts, 30)).toBeLessThanOrEqual(2);
      }
    } finally {
      wallClock.mockRestore();
    }
  });
});

describe('on a clock that the test moves', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('starts that the rate allows begin at once, the others when the window has moved on', async () => {
    const limiter = limiterWith({ rate: { count: 3, intervalMs: 1_000 } });
    const { starts } = startMany(limiter, 7);
    expect(starts).toHaveLength(3);
    expect(limiter.waiting).toBe(4);
    await vi.advanceTimersByTimeAsync(999);
    expect(starts).toHaveLength(3);
    await vi.advanceTimersByTimeAsync(6);
    expect(starts).toHaveLength(6);
    await vi.advanceTimersByTimeAsync(1_005);
    expect(starts).toHaveLength(7);
    expect(mostInWindow(starts, 1_000)).toBe(3);
  });

  test('a place is taken until its request leaves, and the window is counted from then', async () => {
    const limiter = limiterWith({ rate: { count: 2, intervalMs: 1_000 } });
    const connected = Promise.withResolvers<void>();
    const slow = async (leaves: () => void): Promise<void> => {
      await connected.promise;
      leaves();
    };
    void limiter.run(slow);
    void limiter.run(slow);
    const { starts } = startMany(limiter, 1);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(limiter.waiting).toBe(1);
    connected.resolve();
    await vi.advanceTimersByTimeAsync(1_004);
    expect(starts).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(starts).toHaveLength(1);
  });

  test('a turn in which nothing leaves counts from its end', async () => {
    const limiter = limiterWith({ rate: { count: 1, intervalMs: 1_000 } });
    const full = new Error('disk full');
    const refused = Promise.allSettled([
      limiter.run(async () => {
        await new Promise((resolve) => setTimeout(resolve, 300));
        throw full;
      }),
    ]);
    const { starts } = startMany(limiter, 1);
    await vi.advanceTimersByTimeAsync(1_304);
    expect(starts).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(starts).toHaveLength(1);
    expect(await refused).toEqual([{ status: 'rejected', reason: full }]);
  });

  test('starts spread over one window are not forgotten in the next', async () => {
    const limiter = limiterWith({ rate: { count: 4, intervalMs: 1_000 } });
    const starts: number[] = [];
    for (let step = 0; step < 60; step++) {
      void limiter.run(async () => {
        starts.push(performance.now());
      });
      await vi.advanceTimersByTimeAsync(37 + (step % 5) * 61);
    }
    await vi.advanceTimersByTimeAsync(60_000);
    expect(starts).toHaveLength(60);
    expect(mostInWindow(starts, 1_000)).toBe(4);
  });

  test('no more tasks run at once than allowed, in the order in which they came', async () => {
    const limiter = limiterWith({ concurrency: 2 });
    const order: number[] = [];
    const runs = [0, 1, 2, 3, 4].map(async (index) =>
      limiter.run(async () => {
        order.push(index);
        expect(limiter.pending).toBeLessThanOrEqual(2);
        await new Promise((resolve) => {
          setTimeout(resolve, 10);
        });
        return index;
      }),
    );
    expect([limiter.pending, limiter.waiting]).toEqual([2, 3]);
    await vi.advanceTimersByTimeAsync(100);
    expect(await Promise.all(runs)).toEqual([0, 1, 2, 3, 4]);
    expect(order).toEqual([0, 1, 2, 3, 4]);
    expect([limiter.pending, limiter.waiting]).toEqual([0, 0]);
  });

  test('a task that fails, at once or later, fails for its caller alone', async () => {
    const limiter = limiterWith({ concurrency: 1 });
    const boom = new Error('boom');
    const runs = Promise.allSettled([
      limiter.run(() => {
        throw boom;
      }),
      limiter.run(async () => {
        throw boom;
      }),
      limiter.run(async () => 'fine'),
    ]);
    expect(await runs).toEqual([
      { status: 'rejected', reason: boom },
      { status: 'rejected', reason: boom },
      { status: 'fulfilled', value: 'fine' },
    ]);
  });

  describe('a pause', () => {
    test('holds everything back until it ends; what runs goes on', async () => {
      const limiter = limiterWith({ concurrency: 1 });
      const running = Promise.withResolvers<string>();
      const first = limiter.run(async () => running.promise);
      limiter.pauseFor(5_000, 429);
      expect(limiter.pausedUntil).toBe(performance.now() + 5_000);
      const { starts } = startMany(limiter, 2);
      running.resolve('went on');
      expect(await first).toBe('went on');
      await vi.advanceTimersByTimeAsync(4_999);
      expect(starts).toHaveLength(0);
      await vi.advanceTimersByTimeAsync(1);
      expect(starts).toHaveLength(2);
      expect(limiter.pausedUntil).toBeNull();
    });

    test('ends with the latest of those asked for', async () => {
      const limiter = limiterWith({});
      limiter.pauseFor(5_000, 429);
      limiter.pauseFor(1_000, 429);
      const { starts } = startMany(limiter, 1);
      await vi.advanceTimersByTimeAsync(3_000);
      limiter.pauseFor(4_000, 503);
      await vi.advanceTimersByTimeAsync(3_999);
      expect(starts).toHaveLength(0);
      await vi.advanceTimersByTimeAsync(1);
      expect(starts).toHaveLength(1);
    });

    test('is told when it begins and when it grows by a second or more', () => {
      const onThrottled = vi.fn<(pauseMs: number, status: number) => void>();
      const limiter = limiterWith({ onThrottled });
      limiter.pauseFor(0, 429);
      limiter.pauseFor(Number.NaN, 429);
      expect(onThrottled).not.toHaveBeenCalled();
      limiter.pauseFor(2_000, 429);
      limiter.pauseFor(2_000, 429);
      limiter.pauseFor(500, 429);
      limiter.pauseFor(2_400, 429);
      limiter.pauseFor(2_900, 429);
      limiter.pauseFor(3_300, 503);
      expect(onThrottled.mock.calls).toEqual([
        [2_000, 429],
        [3_300, 503],
      ]);
    });

    test('is told again when another begins later', async () => {
      const onThrottled = vi.fn<(pauseMs: number, status: number) => void>();
      const limiter = limiterWith({ onThrottled });
      limiter.pauseFor(200, 429);
      await vi.advanceTimersByTimeAsync(200);
      limiter.pauseFor(200, 429);
      expect(onThrottled).toHaveBeenCalledTimes(2);
    });

    test('may be longer than a timer of Node can hold', async () => {
      const limiter = limiterWith({ rate: { count: 1, intervalMs: 1_000 } });
      const days = 40 * 86_400_000;
      limiter.pauseFor(days, 503);
      const { starts } = startMany(limiter, 1);
      await vi.advanceTimersByTimeAsync(days - 1);
      expect(starts).toHaveLength(0);
      await vi.advanceTimersByTimeAsync(1);
      expect(starts).toHaveLength(1);
    });

    test('does not let the window be forgotten', async () => {
      const limiter = limiterWith({ rate: { count: 2, intervalMs: 1_000 } });
      const { starts } = startMany(limiter, 6);
      limiter.pauseFor(300, 429);
      await vi.advanceTimersByTimeAsync(700);
      limiter.pauseFor(400, 429);
      await vi.advanceTimersByTimeAsync(5_000);
      expect(starts).toHaveLength(6);
      expect(mostInWindow(starts, 1_000)).toBe(2);
    });
  });

  describe('an aborted signal', () => {
    test('takes a waiting task back at once, also out of a paused queue', async () => {
      const limiter = limiterWith({});
      limiter.pauseFor(3_600_000, 429);
      const controller = new AbortController();
      const task = vi.fn<() => Promise<void>>(done);
      const run = limiter.run(task, controller.signal);
      controller.abort('enough');
      await expect(run).rejects.toBeInstanceOf(NotStartedError);
      await expect(run).rejects.toMatchObject({ cause: 'enough' });
      expect(limiter.waiting).toBe(0);
      limiter.close();
      expect(task).not.toHaveBeenCalled();
    });

    test('lets a running task finish, and counts it until then', async () => {
      const limiter = limiterWith({ concurrency: 1 });
      const controller = new AbortController();
      const running = Promise.withResolvers<string>();
      const run = limiter.run(async () => running.promise, controller.signal);
      controller.abort();
      const { starts } = startMany(limiter, 1);
      await vi.advanceTimersByTimeAsync(1_000);
      expect([limiter.pending, starts.length]).toEqual([1, 0]);
      running.resolve('finished');
      expect(await run).toBe('finished');
    });

    test('that has aborted before starts nothing', async () => {
      const task = vi.fn<() => Promise<void>>(done);
      await expect(limiterWith({}).run(task, AbortSignal.abort())).rejects.toBeInstanceOf(NotStartedError);
      expect(task).not.toHaveBeenCalled();
    });

    test('frees the places in the window: those who stay do not wait for those who left', async () => {
      const limiter = limiterWith({ rate: { count: 2, intervalMs: 1_000 } });
      const controller = new AbortController();
      await startMany(limiter, 2).all;
      const left = Array.from({ length: 50 }, async () => limiter.run(done, controller.signal));
      const { starts } = startMany(limiter, 2);
      const settled = Promise.allSettled(left);
      controller.abort();
      expect((await settled).every(({ status }) => status === 'rejected')).toBe(true);
      await vi.advanceTimersByTimeAsync(1_005);
      expect(starts).toHaveLength(2);
      await vi.advanceTimersByTimeAsync(1_005);
      // Nor does anything that is left over use up the window of those who come later.
      expect(startMany(limiter, 2).starts).toHaveLength(2);
    });

    test('gathers no listeners', async () => {
      const limiter = limiterWith({ concurrency: 1 });
      const { signal } = new AbortController();
      const add = vi.spyOn(signal, 'addEventListener');
      const remove = vi.spyOn(signal, 'removeEventListener');
      await Promise.all(Array.from({ length: 20 }, async () => limiter.run(done, signal)));
      expect(add).toHaveBeenCalledTimes(20);
      expect(remove).toHaveBeenCalledTimes(20);
    });
  });

  test('close takes back what waits, refuses what comes, and leaves no timer', async () => {
    const limiter = limiterWith({ rate: { count: 1, intervalMs: 1_000 }, concurrency: 1 });
    const running = Promise.withResolvers<string>();
    const first = limiter.run(async () => running.promise);
    const waiting = limiter.run(done);
    limiter.pauseFor(1_000, 429);
    limiter.close();
    await expect(waiting).rejects.toBeInstanceOf(NotStartedError);
    await expect(limiter.run(done)).rejects.toBeInstanceOf(NotStartedError);
    running.resolve('finished');
    expect(await first).toBe('finished');
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('when nobody waits, no timer keeps the process alive', async () => {
    const limiter = limiterWith({ rate: { count: 2, intervalMs: 1_000 } });
    const { starts } = startMany(limiter, 4);
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1_005);
    expect(starts).toHaveLength(4);
    expect(vi.getTimerCount()).toBe(0);
    // And yet the window is kept by those who come next.
    expect(startMany(limiter, 1).starts).toHaveLength(0);
    limiter.pauseFor(5_000, 429);
    expect(vi.getTimerCount()).toBe(1);
  });

  test('a start that takes long itself does not shorten the window', async () => {
    let lost = 0;
    const now = (): number => performance.now() + lost;
    const limiter = limiterWith({ rate: { count: 1, intervalMs: 1_000 }, now });
    const begun: number[] = [];
    void limiter.run(async () => {
      lost += 300;
      begun.push(now());
    });
    void limiter.run(async () => {
      begun.push(now());
    });
    await vi.advanceTimersByTimeAsync(3_000);
    expect(begun).toHaveLength(2);
    expect(mostInWindow(begun, 1_000)).toBe(1);
  });
});
