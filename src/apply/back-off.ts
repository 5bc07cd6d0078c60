/** How long a failing connector rests before it is tried again: doubling, from 1 second to 15 minutes. */

const FIRST_MS = 1_000;
export const LONGEST_BACK_OFF_MS = 15 * 60_000;

/**
 * @param failures passes in which the connector has failed so far, one after the other; from 1
 * @param random a number from 0 up to, not including, 1
 * @returns milliseconds, spread over the upper half so that many failures do not return at once
 */
export function backOffMs(failures: number, random: number): number {
  const longest = Math.min(LONGEST_BACK_OFF_MS, FIRST_MS * 2 ** Math.min(failures - 1, 30));
  return Math.round(longest / 2 + (longest / 2) * random);
}
