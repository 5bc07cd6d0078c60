/**
 * Milliseconds since the epoch on a clock that never goes back while the process lives, so that a clock that is
 * set under a running daemon neither stalls it nor makes it hurry.
 */
export function monotonicNow(): number {
  return Math.round(performance.timeOrigin + performance.now());
}
