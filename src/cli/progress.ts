/** A bar that grows while changes are written; on a terminal only. */

import type { Plan } from '../model/change.ts';
import { isDue } from '../model/due-change.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Output } from './terminal.ts';

export interface Progress {
  /** Where others write to while the bar is shown: it steps aside for them. */
  readonly output: Output;
  begin(plan: Plan): void;
  step(outcome: Outcome): void;
  end(): void;
}

/** In characters. */
const WIDTH = 24;
const ERASE_LINE = '\r\u001B[K';

export function createProgress(output: Output, quiet = false): Progress {
  let phase: 'hidden' | 'shown' = 'hidden';
  let total = 0;
  let done = 0;
  const draw = (): void => {
    if (phase === 'hidden') return;
    const filled = Math.floor((done / total) * WIDTH);
    output.write(`${ERASE_LINE}[${'#'.repeat(filled)}${'-'.repeat(WIDTH - filled)}] ${done}/${total}`);
  };
  const erase = (): void => {
    if (phase === 'shown') output.write(ERASE_LINE);
  };
  return {
    output: {
      ...output,
      write: (text) => {
        erase();
        output.write(text);
        draw();
      },
    },
    begin: (plan) => {
      total = plan.changes.filter(isDue).length;
      if (output.isTerminal && !quiet && total > 0) phase = 'shown';
      draw();
    },
    step: ({ change }) => {
      if (!isDue(change)) return;
      done += 1;
      draw();
    },
    end: () => {
      erase();
      phase = 'hidden';
    },
  };
}
