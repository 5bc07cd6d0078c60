/** A change in words: its sign, what would be done, and why. */

import type { Change, ChangeAction } from '../../model/change.ts';

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
