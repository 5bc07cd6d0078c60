/** One sentence for each digest: `37 connectors drifted: a, b, c and 34 more`. */

import type { Digest } from './digest.ts';
import type { Notice } from './notice.ts';
import { listSome } from '../model/list-some.ts';

/** How text that came from files or servers is put into a sentence. */
export interface Style {
  /** A key, a name or a path. */
  readonly name: (text: string) => string;
  /** A reason. */
  readonly prose: (text: string) => string;
}

export const PLAIN_STYLE: Style = { name: (text) => text, prose: (text) => text };

const NAMED_KEYS = 3;
const NAMED_FIELDS = 5;

export function sentenceOf({ kind, state, notices }: Digest, style: Style): string {
  const [first] = notices;
  switch (kind) {
    case 'api':
      return apiSentence(first, style);
    case 'source':
      return state === 'begun'
        ? `the source cannot be read${reasonOf(first, style)}; nothing is changed until it is back`
        : 'the source can be read again';
    case 'brake':
      return state === 'begun'
        ? `brake ${first.subject} holds ${counted(first.blocked ?? 0, 'change')}${reasonOf(first, style)}`
        : `brake ${first.subject} is released`;
    case 'drift':
      return notices.length > 1
        ? `${notices.length} connectors ${manyDrifted(state)}: ${keysOf(notices, style)}`
        : `${whoOf(first, style)} ${oneDrifted(first)}${fieldsOf(first, style)}${state === 'healed' ? '; healed' : ''}`;
    case 'failure':
      return notices.length > 1
        ? `${notices.length} connectors ${manyFailed(first)}: ${keysOf(notices, style)}`
        : `${whoOf(first, style)} ${oneFailed(first)}${state === 'begun' ? detailsOf(first, style) : ''}`;
  }
}

function apiSentence(notice: Notice, style: Style): string {
  if (notice.state !== 'begun') {
    return notice.subject === 'unauthorized' ? 'the API accepts the key again' : 'the API answers again';
  }
  const status = notice.status === null ? '' : ` (${notice.status})`;
  return notice.subject === 'unauthorized'
    ? `the API refuses the key${status}${reasonOf(notice, style)}; nothing is written until it is accepted`
    : `the API has not answered as it should for ${counted(notice.passes, 'pass')}${reasonOf(notice, style)}`;
}

function manyDrifted(state: Notice['state']): string {
  switch (state) {
    case 'begun':
      return 'drifted';
    case 'healed':
      return 'drifted, and were healed';
    case 'ended':
      return 'that drifted are as their files say again';
  }
}

function oneDrifted({ cause, state }: Notice): string {
  if (state === 'ended') return 'drifted, and is as its file says again';
  if (cause === 'remote_deleted') return 'was deleted outside of git';
  return `was changed outside of git${cause === 'both_changed' ? ', and its file changed too' : ''}`;
}

function manyFailed({ subject, state }: Notice): string {
  const isOver = state !== 'begun';
  if (subject === 'invalid') return isOver ? 'are no longer invalid' : 'have an invalid definition';
  if (subject === 'blocked') return isOver ? 'are no longer blocked' : 'are blocked';
  return isOver ? 'no longer fail' : 'have failed';
}

function oneFailed({ subject, state, passes }: Notice): string {
  const isOver = state !== 'begun';
  if (subject === 'invalid') return isOver ? 'is no longer invalid' : 'has an invalid definition';
  if (subject === 'blocked') return isOver ? 'is no longer blocked' : 'is blocked';
  return isOver ? 'no longer fails' : `has failed for ${counted(passes, 'pass')}`;
}

function detailsOf(notice: Notice, style: Style): string {
  const [place] = notice.problems;
  if (place === undefined) return reasonOf(notice, style);
  const { file, line, column, code } = place;
  const others = notice.problems.length - 1 + notice.more;
  const more = others > 0 ? ` (and ${others} more)` : '';
  return `${reasonOf(notice, style)}: ${code.replaceAll('_', ' ')} at ${style.name(`${file}:${line}:${column}`)}${more}`;
}

function reasonOf({ reason }: Notice, style: Style): string {
  return reason === null ? '' : `: ${style.prose(reason)}`;
}

function fieldsOf({ fields, more, state }: Notice, style: Style): string {
  return fields.length === 0 || state === 'ended'
    ? ''
    : `: ${listSome(fields.map(style.name), NAMED_FIELDS, fields.length + more)}`;
}

function whoOf({ connector }: Notice, style: Style): string {
  if (connector === null) return 'a connector';
  const { key, id, name } = connector;
  return `${style.name(key)}${name === null ? '' : ` ${style.name(`"${name}"`)}`}${id === null ? '' : ` (id ${id})`}`;
}

function keysOf(notices: readonly Notice[], style: Style): string {
  const keys = notices.flatMap(({ connector }) => (connector === null ? [] : [style.name(connector.key)]));
  return listSome(keys, NAMED_KEYS);
}

function counted(count: number, one: string): string {
  return `${count} ${count === 1 ? one : `${one}${one.endsWith('s') ? 'es' : 's'}`}`;
}
