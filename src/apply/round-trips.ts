/** How long a request is under way at the least: the quickest of those that were answered lately. */

/** Enough that some of them met no obstacle; few enough that a way that has become longer is soon known. */
const REMEMBERED = 64;

export interface RoundTrips {
  /** A request was answered, so many milliseconds after it left. */
  readonly add: (tookMs: number) => void;
  /** In milliseconds. */
  readonly quickestMs: () => number;
}

export function createRoundTrips(): RoundTrips {
  // As long as little is known, it may be no time at all: all that were answered may have met the same obstacle.
  const recent = [0];
  let next = 1;
  return {
    add: (tookMs) => {
      recent[next] = tookMs;
      next = (next + 1) % REMEMBERED;
    },
    quickestMs: () => Math.min(...recent),
  };
}
