/**
 * The one queue that every request passes, retries included: so many in any window of time as the server counts them, so many
 * at once, and nobody while the server asks for quiet.
 *
 * p-queue keeps the order and the number at once; the window is ours, and holds p-queue back between two starts. Its own
 * `strict` window (10.0.0) lets more through than it says, in three ways: it counts whole milliseconds (of 300 starts
 * at 5 per 40 ms, 64 came up to 1 ms early), it notes a start before it happens rather than after, and it reads the wall
 * clock, so that a clock set forward opens the window, and one set back stops the queue until the old time has come again.
 *
 * The tasks wait here, and what waits in p-queue is a nameless ticket for each: whoever is first takes the next ticket.
 * So a task that is taken back frees its place at no cost, where p-queue's own `signal` would end a running task too, and
 * a check inside the task would use up a start for nothing.
 */

import PQueue from 'p-queue';
import { startTimer } from '../api/sleep.ts';
import type { Rate } from './sliding-window.ts';
import { createSlidingWindow } from './sliding-window.ts';

/** For what the window cannot see: the quickest way may have been quicker still, and the server may count in whole milliseconds. */
const WINDOW_MARGIN = 1.005;
/** A pause that grows by less is not told again: several requests are answered 429 at the same time. */
const NOTABLE_EXTENSION_MS = 1_000;
const NEVER = Number.NEGATIVE_INFINITY;

export interface RateLimiterOptions {
  /** At most `count` in any `intervalMs` milliseconds; null for no limit. */
  readonly rate: Rate | null;
  /** At most this many tasks at once. */
  readonly concurrency: number;
  /** Milliseconds on a clock that never goes back. Default: `performance.now`. */
  readonly now?: () => number;
  /** A pause began, or grew by a second or more. */
  readonly onThrottled: (pauseMs: number, status: number) => void;
}

export interface RateLimiter {
  /**
   * Run a task when it is its turn. Once it runs, neither signal nor pause touch it.
   *
   * @param task calls `leaves` when its request leaves, for before it there may be a wait for the disk, for a connection, for a
   *   handshake. Until then its place in the window is taken; from then on it counts as `sliding-window.ts` tells. Without
   *   that call its end counts. Its result is an answer, and tells how long the way is; a rejection does not.
   * @throws NotStartedError when the signal aborts, or the limiter is closed, before its turn has come
   */
  readonly run: <T>(task: (leaves: () => void) => Promise<T>, signal?: AbortSignal) => Promise<T>;
  /** Start nothing for `ms` milliseconds from now. Of several pauses the one that ends last counts. */
  readonly pauseFor: (ms: number, status: number) => void;
  /** Tasks that run now. */
  readonly pending: number;
  /** Tasks that wait for their turn. */
  readonly waiting: number;
  /** When the pause ends, on the clock of `now`; null when there is none. */
  readonly pausedUntil: number | null;
  /** Take back all that waits, and refuse what comes. Running tasks go on. */
  readonly close: () => void;
}

/** The task was taken back before its turn came; nothing of it happened. */
export class NotStartedError extends Error {
  override readonly name = 'NotStartedError';
}

interface WaitingTask {
  /** Resolves when it is over, to whether it succeeded. */
  readonly run: (leaves: () => void) => Promise<boolean>;
  readonly takeBack: (cause: unknown) => void;
}

export function createRateLimiter(options: RateLimiterOptions): RateLimiter {
  const { rate, concurrency, now = () => performance.now(), onThrottled } = options;
  const queue = new PQueue({ concurrency });
  const window = createSlidingWindow(rate === null ? null : { ...rate, intervalMs: rate.intervalMs * WINDOW_MARGIN });
  const waiting = new Set<WaitingTask>();
  let pausedUntil = NEVER;
  let announcedUntil = NEVER;
  let cancelTimer = (): void => undefined;
  let closed = false;

  /** Let the queue start the next task, or hold it back until that is allowed. */
  const steer = (): void => {
    cancelTimer();
    const holdMs = Math.max(pausedUntil, window.nextStart()) - now();
    if (holdMs <= 0) {
      queue.start();
      return;
    }
    queue.pause();
    // Without anybody who waits, a timer would only keep the process alive; and a start that is still to happen will tell.
    if (waiting.size > 0 && Number.isFinite(holdMs)) cancelTimer = startTimer(Math.ceil(holdMs), steer);
  };

  const startFirst = async (): Promise<void> => {
    const [first] = waiting;
    if (first === undefined) return;
    waiting.delete(first);
    const start = window.take();
    const running = first.run(() => {
      start.leaves(now());
      steer();
    });
    steer();
    const succeeded = await running;
    start.ends(now(), succeeded ? 'answered' : 'failed');
    steer();
  };

  const enqueue = (task: WaitingTask): void => {
    waiting.add(task);
    steer();
    // The tickets of those who were taken back are used up by those who come after.
    if (queue.size < waiting.size) void queue.add(startFirst);
  };

  return {
    run: async <T>(task: (leaves: () => void) => Promise<T>, signal?: AbortSignal): Promise<T> => {
      if (closed || signal?.aborted === true) throw notStarted(closed ? undefined : signal?.reason);
      const { promise, resolve, reject } = Promise.withResolvers<T>();
      const onAbort = (): void => entry.takeBack(signal?.reason);
      const entry: WaitingTask = {
        run: async (leaves) => {
          signal?.removeEventListener('abort', onAbort);
          try {
            resolve(await task(leaves));
            return true;
          } catch (error) {
            reject(error);
            return false;
          }
        },
        takeBack: (cause) => {
          signal?.removeEventListener('abort', onAbort);
          waiting.delete(entry);
          if (waiting.size === 0) cancelTimer();
          reject(notStarted(cause));
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      enqueue(entry);
      return promise;
    },

    pauseFor: (ms, status) => {
      const until = now() + ms;
      if (closed || !(ms > 0) || until <= pausedUntil) return;
      if (pausedUntil <= now() || until >= announcedUntil + NOTABLE_EXTENSION_MS) {
        announcedUntil = until;
        onThrottled(ms, status);
      }
      pausedUntil = until;
      steer();
    },

    get pending() {
      return queue.pending;
    },
    get waiting() {
      return waiting.size;
    },
    get pausedUntil() {
      return pausedUntil > now() ? pausedUntil : null;
    },

    close: () => {
      closed = true;
      for (const task of waiting) task.takeBack(undefined);
    },
  };
}

function notStarted(cause: unknown): NotStartedError {
  return new NotStartedError('Taken back before its turn came', { cause });
}
