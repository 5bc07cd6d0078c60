/**
 * Many notices as a few: those of one subject and state are told together, and of one condition only how it stands last,
 * for what waited together may have begun, ended and begun again.
 */

import type { Notice, NoticeKind, NoticeState, Subject } from './notice.ts';

export interface Digest {
  readonly kind: NoticeKind;
  readonly subject: Subject;
  readonly state: NoticeState;
  /** At least one, in the order in which they came; of one condition no more than one. */
  readonly notices: readonly [Notice, ...Notice[]];
}

/** What stops everything comes first, what is over last. */
const ORDER: readonly NoticeKind[] = ['api', 'source', 'brake', 'failure', 'drift'];

/** @param notices in the order in which they came */
export function digestsOf(notices: readonly Notice[]): readonly Digest[] {
  const groups = Map.groupBy(lastOfEach(notices), ({ kind, subject, state }) => [kind, subject, state].join(' '));
  return [...groups.values()]
    .flatMap(([first, ...others]): readonly Digest[] => {
      if (first === undefined) return [];
      const { kind, subject, state } = first;
      return [{ kind, subject, state, notices: [first, ...others] }];
    })
    .toSorted((left, right) => rankOf(left) - rankOf(right));
}

function lastOfEach(notices: readonly Notice[]): readonly Notice[] {
  const last = new Map<string, Notice>();
  for (const notice of notices) {
    const { kind, subject, connector } = notice;
    last.set(`${kind} ${connector?.key ?? (kind === 'brake' ? subject : '')}`, notice);
  }
  return [...last.values()];
}

function rankOf({ kind, state }: Digest): number {
  return ORDER.indexOf(kind) + (state === 'begun' ? 0 : ORDER.length);
}
