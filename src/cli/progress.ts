/** A line that counts writes while they are made; on a terminal only. */

import type { Plan } from '../model/change.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Output } from './terminal.ts';

export interface Progress {
  begin(plan: Plan): void;
  step(outcome: Outcome): void;
  end(): void;
}

export function createProgress(output: Output): Progress {
  let total = 0;
  let done = 0;
  return {
    begin: (plan) => {
      total = plan.changes.filter(({ action }) => isWrite(action)).length;
    },
    step: ({ change }) => {
      if (!isWrite(change.action)) return;
      done += 1;
      if (output.isTerminal) output.write(`\r${done}/${total} `);
    },
    end: () => {
      if (output.isTerminal && total > 0) output.write('\r\u001B[K');
    },
  };
}

function isWrite(action: Outcome['change']['action']): boolean {
  return action === 'create' || action === 'update' || action === 'delete' || action === 'adopt';
}
