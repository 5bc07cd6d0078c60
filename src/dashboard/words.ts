/** Codes of the API as people say them. */

import type { Cause, ChangeAction } from '../model/change.ts';
import type { DaemonStatus } from './daemon-status.ts';

export const CAUSES: Readonly<Record<Cause, string>> = {
  new: 'New definition',
  adopted: 'Adopted',
  ambiguous_name: 'Ambiguous name',
  in_sync: 'Nothing differs',
  file_changed: 'File changed',
  remote_changed: 'Changed outside git',
  both_changed: 'Changed on both sides',
  remote_deleted: 'Deleted outside git',
  pinned_id_missing: 'Pinned id missing',
  invalid: 'Invalid definition',
  removed_from_source: 'Removed from source',
};

export const ACTIONS: Readonly<Record<ChangeAction, string>> = {
  create: 'Create',
  adopt: 'Adopt',
  update: 'Update',
  delete: 'Delete',
  none: 'None',
  blocked: 'Blocked',
  held: 'Held as it is',
};

export const MODES: Readonly<Record<DaemonStatus['mode'], string>> = {
  starting: 'Starting',
  syncing: 'Syncing',
  waiting: 'Waiting',
  draining: 'Stopping',
  stopped: 'Stopped',
};

/** `1 connector`, `12,000 connectors`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** With separators: `12,000`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en');
}
