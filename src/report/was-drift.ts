import type { Cause } from '../model/change.ts';

/** True when the live side moved without us, whether or not the file moved too. */
export function wasDrift(cause: Cause): boolean {
  return cause === 'remote_changed' || cause === 'remote_deleted' || cause === 'both_changed';
}
