/** What a program is sent. Names and shape are API: see docs/notifications.md. */

import type { Message, Sender } from './message.ts';
import { TEST_TEXT } from './message.ts';
import type { Notice, NoticeKind, NoticeState, Subject } from './notice.ts';
import { PLAIN_STYLE, sentenceOf } from './sentence.ts';

export interface JsonMessage {
  readonly id: string;
  /** ISO 8601. */
  readonly time: string;
  readonly test: boolean;
  readonly heldBack: boolean;
  readonly databar_sync: Sender;
  /** All sentences, one a line. */
  readonly text: string;
  readonly notices: readonly JsonNotice[];
}

interface JsonNotice {
  readonly kind: NoticeKind;
  readonly subject: Subject;
  readonly state: NoticeState;
  readonly text: string;
  /** How many there are, also beyond those listed in `items`. */
  readonly count: number;
  readonly items: readonly JsonItem[];
}

type JsonItem = Omit<Notice, 'kind' | 'subject' | 'state' | 'since'> & {
  /** ISO 8601. */
  readonly since: string;
};

/** In one message, so that it stays small whatever happens. */
const MOST_ITEMS = 50;
const MOST_ITEMS_EACH = 20;

export function jsonMessage({ id, time, sender, digests, heldBack, test }: Message): JsonMessage {
  let left = MOST_ITEMS;
  const notices = digests.map((digest): JsonNotice => {
    const { kind, subject, state } = digest;
    const shown = digest.notices.slice(0, Math.min(left, MOST_ITEMS_EACH));
    left -= shown.length;
    const text = sentenceOf(digest, PLAIN_STYLE);
    return { kind, subject, state, text, count: digest.notices.length, items: shown.map(itemOf) };
  });
  return {
    id,
    time: new Date(time).toISOString(),
    test,
    heldBack,
    databar_sync: sender,
    text: test ? TEST_TEXT : notices.map(({ text }) => text).join('\n'),
    notices,
  };
}

function itemOf({ kind: _kind, subject: _subject, state: _state, since, ...rest }: Notice): JsonItem {
  return { ...rest, since: new Date(since).toISOString() };
}
