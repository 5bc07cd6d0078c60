/** The most of these times that lie within any window of that length. */
export function mostInWindow(times: readonly number[], windowMs: number): number {
  return Math.max(...times.map((from) => times.filter((at) => at >= from && at - from < windowMs).length));
}
