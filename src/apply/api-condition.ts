/**
 * How we stand with the API as a whole, told when it begins, changes and ends:
 *
 * ```
 *            stopped as unauthorized                list or me stopped otherwise
 *   unauthorized <---------------------- well ----------------------> unreachable
 *        |                                ^                               |
 *        +--- success of the same kind ---+---------- any success --------+
 * ```
 *
 * A key may read and not write. So what a refused write has begun, only a write that succeeds can end; otherwise each
 * pass would tell it twice.
 */

import type { Operation, StopReason } from '../api/retry-policy.ts';
import type { EmitEvent } from '../model/event.ts';

type Condition = 'well' | 'unreachable' | 'unauthorized to read' | 'unauthorized to write';

const WRITES: ReadonlySet<Operation> = new Set(['create', 'update', 'delete']);

export interface Stop {
  readonly operation: Operation;
  readonly reason: StopReason;
  readonly status: number | null;
  readonly cause: Error;
}

export interface ApiCondition {
  readonly succeeded: (operation: Operation) => void;
  readonly stopped: (stop: Stop) => void;
}

export function createApiCondition(emit: EmitEvent): ApiCondition {
  let condition: Condition = 'well';
  return {
    succeeded: (operation) => {
      if (condition === 'well' || (condition === 'unauthorized to write' && !WRITES.has(operation))) return;
      condition = 'well';
      emit({ event: 'api.recovered' });
    },
    stopped: ({ operation, reason, status, cause }) => {
      if (reason === 'unauthorized') {
        const alreadyTold = condition.startsWith('unauthorized');
        condition = WRITES.has(operation) ? 'unauthorized to write' : 'unauthorized to read';
        // Without an answer it is the key itself that cannot be sent: the same as none.
        if (!alreadyTold) emit({ event: 'api.unauthorized', status: status ?? 401 });
      } else if (condition !== 'unreachable' && saysUnreachable(operation, reason) && status !== 429) {
        condition = 'unreachable';
        emit({ event: 'api.unreachable', status, error: cause.message });
      }
    },
  };
}

/** One connector that cannot be written says nothing about the API; a list that cannot be read does. */
function saysUnreachable(operation: Operation, reason: StopReason): boolean {
  return (operation === 'list' || operation === 'me') && (reason === 'exhausted' || reason === 'permanent');
}
