const FIRST_MS = 1_000;
const LONGEST_MS = 15_000;

/** How long to wait before trying for the given time, from 1; milliseconds. */
export function retryDelay(attempt: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1));
}
