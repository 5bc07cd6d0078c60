import type { Cause } from './change.ts';

/** True when the workspace changed and we did not do it. */
export function isDriftCause(cause: Cause): boolean {
  return cause === 'remote_changed' || cause === 'remote_deleted';
}
