/** A change in words: its sign, what would be done, and why. */

import type { BlockCode, Change, ChangeAction } from '../../model/change.ts';

export const SIGNS: Readonly<Record<ChangeAction, string>> = {
  create: '+',
  adopt: '=',
  update: '~',
  delete: '-',
  none: ' ',
  blocked: '!',
  held: '!',
};

/** The word for what would be done. */
export function wordOf(change: Change): string {
  if (change.action !== 'none') return change.action;
  switch (change.outcome) {
    case 'unchanged':
      return 'in sync';
    case 'reported':
      return 'report';
    case 'skipped':
      return 'skip';
  }
}

/** The name and the id, as far as there are any. */
export function subjectOf({ name, id }: Pick<Change, 'name' | 'id'>): string {
  return [name === null ? null : JSON.stringify(name), id === null ? null : `(id ${id})`]
    .filter((part) => part !== null)
    .join(' ');
}

/** The cause, and the reason where there is one. */
export function whyOf(change: Change): string {
  const { cause, reason } = change;
  if (change.action === 'blocked' && change.code !== cause) {
    const would = change.held === null ? '' : `, would ${change.held}`;
    return `${change.code}${would}: ${change.reason}`;
  }
  return reason === null ? cause : `${cause}: ${reason}`;
}

/** What to do about a change that is held back. */
export const REMEDIES: Readonly<Record<BlockCode, string>> = {
  ambiguous_name: 'Add `id` to the file: the id of the connector that it means.',
  pinned_id_missing: 'Correct `id`, or remove it to create a new connector.',
  id_claimed: 'Remove one of the two definitions, or give each an `id` of its own.',
  name_held: 'Mend the invalid file first; `databar-sync validate` tells what is wrong with it.',
  unsettled_create: 'Wait: a later pass finds out what became of it.',
  source_unavailable: 'Make the source directory readable again.',
  source_empty: 'Put the definitions back. To delete the last of them, delete the connectors in the web app.',
  invalid_definitions: 'Mend every invalid file; `databar-sync validate` tells what is wrong with them.',
  mass_delete: 'If all of that is meant, use `--force` once, or raise `sync.maxDeletePercent`.',
  unconfirmed_delete: 'Wait: the next pass confirms it.',
  live_list_short:
    'See whether the API key is that of the right workspace. If they are really gone, use `--force` once.',
  fight: 'Find out who else writes to it. Then change the file, or use `--force` once.',
};
