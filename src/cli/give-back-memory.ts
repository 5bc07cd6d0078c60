/**
 * When a daemon collects garbage. Left alone, V8 does both too much and too little:
 *
 * - A process that is mostly at rest may grow by a tenth before all of its heap is collected. So every pass, however little it
 *   left, ended with that, which took longer than the pass.
 * - What a large pass leaves behind is kept for hours. So once the heap has grown by a lot since the last time, it is cleared,
 *   and given back to the system.
 * - Half a minute after that, V8's memory reducer clears all of it twice again, and finds nothing.
 */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Less is not worth a tenth of a second, in bytes. */
const A_LOT = 32 * 1024 ** 2;
/** By how much the heap may grow before V8 collects all of it, in percent. */
const GROWTH = 60;
/** A moment after the pass, since another may follow at once; milliseconds. */
const DELAY_MS = 2_000;

export interface MemoryKeeper {
  /** Call it after each pass. */
  rest(): void;
}

export function createMemoryKeeper(process: Pick<NodeJS.Process, 'memoryUsage'>, collect = takeCharge()): MemoryKeeper {
  let kept = 0;
  let timer: NodeJS.Timeout | undefined;
  const giveBack = (): void => {
    timer = undefined;
    if (process.memoryUsage().heapUsed < kept + A_LOT) return;
    collect();
    kept = process.memoryUsage().heapUsed;
  };
  return {
    rest() {
      clearTimeout(timer);
      timer = setTimeout(giveBack, DELAY_MS).unref();
    },
  };
}

/** V8 heeds these flags while it runs; Node gives its collector only to those who ask for it by the second. */
function takeCharge(): () => void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH}`);
  setFlagsFromString('--memory-reducer-gc-count=0');
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (options: { type: 'major'; flavor: 'last-resort' }) => void;
  return () => collect({ type: 'major', flavor: 'last-resort' });
}
