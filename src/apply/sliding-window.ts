/** A strict rate: so many starts in any window of time, wherever the window begins. */

export interface Rate {
  readonly count: number;
  readonly intervalMs: number;
}

export interface SlidingWindow {
  /**
   * Take a place for a start. The function that is returned notes when it happened; of several calls the last one counts.
   */
  readonly take: () => (now: number) => void;
  /**
   * The earliest time at which one more start keeps the rate, on the same clock; it may have passed. Infinite while the
   * start that it is measured against has not happened yet.
   */
  readonly nextStart: () => number;
}

/**
 * Null is no limit.
 *
 * Starts are noted in a ring of `count` places, and each is kept apart from the one before it in the same place. So every
 * window holds at most one of each place, in whatever order the starts that were taken happen.
 */
export function createSlidingWindow(rate: Rate | null): SlidingWindow {
  if (rate === null) return { take: () => () => undefined, nextStart: () => Number.NEGATIVE_INFINITY };
  const { count, intervalMs } = rate;
  const starts: number[] = Array.from({ length: count }, () => Number.NEGATIVE_INFINITY);
  let oldest = 0;
  return {
    take: () => {
      const place = oldest;
      starts[place] = Number.POSITIVE_INFINITY;
      oldest = (oldest + 1) % count;
      return (now) => {
        starts[place] = now;
      };
    },
    nextStart: () => (starts[oldest] ?? Number.NEGATIVE_INFINITY) + intervalMs,
  };
}
