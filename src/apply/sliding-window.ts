/**
 * A strict rate, as the server counts: so many arrivals in any window of time, wherever the window begins.
 *
 * When a request arrived nobody tells. It left before, and its answer came back after, which takes at least as long as the
 * quickest way there and back: so it arrived no later than that before its answer. A server that was asleep, or a way that
 * is jammed, makes the first requests late and those of the next window not, and departures kept apart are arrivals that
 * are not.
 */

import { createRoundTrips } from './round-trips.ts';

export interface Rate {
  readonly count: number;
  readonly intervalMs: number;
}

/** A request that has a place in the window. Times are milliseconds on one clock. */
export interface Start {
  /** It leaves. Of several calls the last one counts. */
  readonly leaves: (now: number) => void;
  /** It is over. */
  readonly ends: (now: number, outcome: 'answered' | 'failed') => void;
}

export interface SlidingWindow {
  /** Take a place. It stays taken until the request leaves, or ends without having left. */
  readonly take: () => Start;
  /**
   * The earliest time at which one more start keeps the rate; it may have passed. Infinite while the start that it is
   * measured against has not happened yet.
   */
  readonly nextStart: () => number;
}

interface Journey {
  leftAt: number;
  endedAt: number;
}

/**
 * Null is no limit.
 *
 * Starts are noted in a ring of `count` places, and each is kept apart from the one before it in the same place. So every
 * window holds at most one of each place, in whatever order the starts that were taken happen.
 */
export function createSlidingWindow(rate: Rate | null): SlidingWindow {
  if (rate === null) return UNBOUNDED;
  const { count, intervalMs } = rate;
  const trips = createRoundTrips();
  const places: (Journey | undefined)[] = Array.from({ length: count });
  let oldest = 0;

  return {
    take: () => {
      const journey: Journey = { leftAt: Number.POSITIVE_INFINITY, endedAt: Number.NEGATIVE_INFINITY };
      places[oldest] = journey;
      oldest = (oldest + 1) % count;
      return {
        leaves: (now) => {
          journey.leftAt = now;
        },
        ends: (now, outcome) => {
          // What never left did not arrive, and yet its turn is used up.
          if (journey.leftAt === Number.POSITIVE_INFINITY) journey.leftAt = now;
          else if (outcome === 'answered') trips.add(now - journey.leftAt);
          journey.endedAt = now;
        },
      };
    },
    nextStart: () => {
      const journey = places[oldest];
      if (journey === undefined) return Number.NEGATIVE_INFINITY;
      return Math.max(journey.leftAt, journey.endedAt - trips.quickestMs()) + intervalMs;
    },
  };
}

const UNBOUNDED: SlidingWindow = {
  take: () => ({ leaves: () => undefined, ends: () => undefined }),
  nextStart: () => Number.NEGATIVE_INFINITY,
};
