/** Dates of answers have whole seconds, and answers travel: less than this is no difference. */
const TOLERANCE_MS = 2_000;

/**
 * How far the daemon's clock is ahead of this one; milliseconds.
 *
 * @param sentAt when an answer was sent, by the daemon's clock; null when it did not say
 * @param now when it came, by this clock
 */
export function clockOffset(sentAt: number | null, now: number): number {
  const difference = sentAt === null ? 0 : sentAt - now;
  return Math.abs(difference) < TOLERANCE_MS ? 0 : difference;
}
