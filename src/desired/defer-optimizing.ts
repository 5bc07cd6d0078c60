/**
 * While all cores parse, V8's slowest compiler competes with them for code that is run for half a second: with two cores and
 * 2,000 files, parsing takes a third less time without it. What lasts longer gains from it, so it is only late.
 */

import { setFlagsFromString } from 'node:v8';

/** By then 10,000 files are parsed, and for many more it is worth its price; milliseconds. */
const DELAY_MS = 2_000;

/** V8 heeds this flag while it runs, in all threads; what was optimized before stays so. */
export function deferOptimizing(setFlag: (flag: string) => void = setFlagsFromString): void {
  setFlag('--no-turbofan');
  setTimeout(() => setFlag('--turbofan'), DELAY_MS).unref();
}
