/** A bar that grows while changes are written; on a terminal only. */

import type { Plan } from '../model/change.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Output } from './terminal.ts';

export interface Progress {
  begin(plan: Plan): void;
  step(outcome: Outcome): void;
  end(): void;
}

/** In characters. */
const WIDTH = 24;

export function createProgress(output: Pick<Output, 'isTerminal' | 'write'>, quiet = false): Progress {
  const isShown = output.isTerminal && !quiet;
  let total = 0;
  let done = 0;
  const draw = (): void => {
    if (!isShown || total === 0) return;
    const filled = Math.floor((done / total) * WIDTH);
    output.write(`\r[${'#'.repeat(filled)}${'-'.repeat(WIDTH - filled)}] ${done}/${total}\u001B[K`);
  };
  return {
    begin: (plan) => {
      total = plan.changes.filter(({ action }) => isWrite(action)).length;
      draw();
    },
    step: ({ change }) => {
      if (!isWrite(change.action)) return;
      done += 1;
      draw();
    },
    end: () => {
      if (isShown && total > 0) output.write('\r\u001B[K');
    },
  };
}

function isWrite(action: Outcome['change']['action']): boolean {
  return action === 'create' || action === 'update' || action === 'delete' || action === 'adopt';
}
