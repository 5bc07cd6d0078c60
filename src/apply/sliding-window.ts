/** A strict rate: so many starts in any window of time, wherever the window begins. */

export interface Rate {
  readonly count: number;
  readonly intervalMs: number;
}

export interface SlidingWindow {
  /** Note a start. Call it when the start is over, so that the time it took shortens no window. */
  readonly add: (now: number) => void;
  /** The earliest time at which one more start keeps the rate, on the same clock; it may have passed. */
  readonly nextStart: () => number;
}

/** Null is no limit. */
export function createSlidingWindow(rate: Rate | null): SlidingWindow {
  if (rate === null) return { add: () => undefined, nextStart: () => Number.NEGATIVE_INFINITY };
  const { count, intervalMs } = rate;
  // A ring of the last `count` starts: the next one overwrites, and is measured against, the oldest.
  const starts: number[] = Array.from({ length: count }, () => Number.NEGATIVE_INFINITY);
  let oldest = 0;
  return {
    add: (now) => {
      starts[oldest] = now;
      oldest = (oldest + 1) % count;
    },
    nextStart: () => (starts[oldest] ?? Number.NEGATIVE_INFINITY) + intervalMs,
  };
}
