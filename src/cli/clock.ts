/**
 * Milliseconds since the epoch on a clock that never goes back while the process lives, so that a clock that is
 * set under a running daemon neither stalls it nor makes it hurry.
 */
export function monotonicNow(): number {
  return Math.round(performance.timeOrigin + performance.now());
}

/**
 * A time of {@link monotonicNow} as the system's clock would have told it, had it always been as it is set now: for those who
 * compare it with a clock of their own. The two part when the system's clock is set, or the machine sleeps; less than a
 * second does not count.
 *
 * @param at null stays null
 */
export function wallTime<T extends number | null>(at: T): T {
  if (at === null) return at;
  const apart = Math.round((Date.now() - monotonicNow()) / 1_000) * 1_000;
  return (at + apart) as T;
}
