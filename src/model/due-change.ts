/** Changes that ask for something to be done, as against those that are decided by the plan alone. */

import type { AdoptChange, Change, CreateChange, DeleteChange, UpdateChange } from './change.ts';

/** Sends a request, or binds. */
export type DueChange = CreateChange | AdoptChange | UpdateChange | DeleteChange;

export function isDue(change: Change): change is DueChange {
  switch (change.action) {
    case 'create':
    case 'adopt':
    case 'update':
    case 'delete':
      return true;
    case 'none':
    case 'blocked':
    case 'held':
      return false;
  }
}
