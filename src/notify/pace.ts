/** When the next message may go: arithmetic over the time that is passed in. */

export interface PaceLimits {
  /** Between two messages; milliseconds. */
  readonly gapMs: number;
  /** In any hour. */
  readonly perHour: number;
}

export interface Pace {
  /** How long to wait; milliseconds. `capped`: because of the most messages an hour. */
  next(now: number): { readonly waitMs: number; readonly capped: boolean };
  sent(now: number): void;
}

const HOUR_MS = 3_600_000;

/** @param now of both calls: milliseconds on a clock that never goes back */
export function createPace({ gapMs, perHour }: PaceLimits): Pace {
  let sentAt: readonly number[] = [];
  return {
    next(now) {
      const gap = Math.max(0, (sentAt.at(-1) ?? -Infinity) + gapMs - now);
      const oldest = sentAt.length < perHour ? -Infinity : (sentAt[0] ?? -Infinity);
      const cap = Math.max(0, oldest + HOUR_MS - now);
      return { waitMs: Math.max(gap, cap), capped: cap > gap };
    },
    sent(now) {
      sentAt = [...sentAt, now].slice(-perHour);
    },
  };
}
