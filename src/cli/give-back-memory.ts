/**
 * A large pass leaves behind what it no longer needs, and V8, which sees a process at rest, keeps it for hours. So once the
 * heap has grown by a lot since the last time, it is cleared and given back to the system.
 */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Less is not worth a tenth of a second, in bytes. */
const A_LOT = 32 * 1024 ** 2;
/** A moment after the pass, since another may follow at once; milliseconds. */
const DELAY_MS = 2_000;

export interface MemoryKeeper {
  /** Call it after each pass. */
  rest(): void;
}

export function createMemoryKeeper(process: Pick<NodeJS.Process, 'memoryUsage'>, collect = collector()): MemoryKeeper {
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

/** Node gives its collector only to those who ask for it by a flag, which may be set while it runs. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (options: { type: 'major'; flavor: 'last-resort' }) => void;
  return () => collect({ type: 'major', flavor: 'last-resort' });
}
