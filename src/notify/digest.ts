/** Many notices as a few: those of one subject and state are told together. */

import type { Notice, NoticeKind, NoticeState, Subject } from './notice.ts';

export interface Digest {
  readonly kind: NoticeKind;
  readonly subject: Subject;
  readonly state: NoticeState;
  /** At least one, in the order in which they came. */
  readonly notices: readonly [Notice, ...Notice[]];
}

/** What stops everything comes first, what is over last. */
const ORDER: readonly NoticeKind[] = ['api', 'source', 'brake', 'failure', 'drift'];

export function digestsOf(notices: readonly Notice[]): readonly Digest[] {
  const groups = Map.groupBy(notices, ({ kind, subject, state }) => [kind, subject, state].join(' '));
  return [...groups.values()]
    .flatMap(([first, ...others]): readonly Digest[] => {
      if (first === undefined) return [];
      const { kind, subject, state } = first;
      return [{ kind, subject, state, notices: [first, ...others] }];
    })
    .toSorted((left, right) => rankOf(left) - rankOf(right));
}

function rankOf({ kind, state }: Digest): number {
  return ORDER.indexOf(kind) + (state === 'begun' ? 0 : ORDER.length);
}
