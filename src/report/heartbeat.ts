/** Quiet daemons say now and then that they live: one `pass.completed` at info level in ten minutes. */

const INTERVAL_MS = 10 * 60_000;

/** @param now milliseconds since the epoch */
export function createHeartbeat(now: () => number): { isDue(): boolean } {
  let last: number | null = null;
  return {
    /** True at first, and then when ten minutes have passed since it was last true. */
    isDue: () => {
      if (last !== null && now() - last < INTERVAL_MS) return false;
      last = now();
      return true;
    },
  };
}
