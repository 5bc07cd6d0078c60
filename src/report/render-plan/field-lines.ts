/**
 * One difference as lines: short values beside each other, long ones below each other, texts of several lines as a line
 * difference. The values are fit to be shown already; here they are made to fit a line.
 */

import { structuredPatch } from 'diff';
import type { Change, FieldChange } from '../../model/change.ts';
import { parsePointer, valueAt } from '../../model/pointer.ts';
import { plainText } from '../plain-text.ts';
import { showValue } from '../show-value.ts';

/** `+` and `-` are the desired and the live side, `@` says where in a text, ` ` is what frames it. */
export interface DifferenceLine {
  readonly sign: ' ' | '+' | '-' | '@';
  readonly text: string;
}

export interface FieldLines {
  /** The place, and for an entry of a list its name. */
  readonly place: string;
  /** Both values on one line; null when they are too long for that. */
  readonly inline: string | null;
  /** The same below each other. */
  readonly lines: readonly DifferenceLine[];
}

/** Both values together may be so long on one line. */
const MAX_INLINE = 100;
/** Longer lines, and further lines, are cut; the JSON output has all. */
const MAX_LINE = 500;
const MAX_LINES = 200;
/** Insertions and deletions that are looked for; texts that differ more are shown one after the other. */
const MAX_EDITS = 400;

export function fieldLines(change: Change, field: FieldChange): FieldLines {
  const { live, desired } = field;
  const [before, after] = [showValue(live), showValue(desired)];
  const patch = isText(live) && isText(desired) ? lineDifference(live ?? '', desired ?? '') : null;
  const isShort = before.length + after.length <= MAX_INLINE;
  return {
    place: placeOf(change, field),
    inline: patch === null && isShort ? `${before} → ${after}` : null,
    lines: patch ?? [...oneLine('-', live), ...oneLine('+', desired)],
  };
}

/** A side that has nothing there has no line. */
function oneLine(sign: '-' | '+', value: unknown): readonly DifferenceLine[] {
  return value === undefined || value === null ? [] : [{ sign, text: cut(showValue(value)) }];
}

function isText(value: unknown): value is string | null | undefined {
  return typeof value === 'string' || value === null || value === undefined;
}

/** Null where neither side has several lines. */
function lineDifference(live: string, desired: string): readonly DifferenceLine[] | null {
  if (!live.includes('\n') && !desired.includes('\n')) return null;
  const patch = structuredPatch('', '', live, desired, '', '', { context: 3, maxEditLength: MAX_EDITS });
  const rows = patch === undefined ? wholeTexts(live, desired) : patch.hunks.flatMap(hunkLines);
  const shown = rows.slice(0, MAX_LINES).map(({ sign, text }) => ({ sign, text: cut(plainText(text)) }));
  const more = rows.length - shown.length;
  return more === 0 ? shown : [...shown, { sign: '@', text: `… ${more} more lines` }];
}

interface Hunk {
  readonly oldStart: number;
  readonly newStart: number;
  readonly lines: readonly string[];
}

function hunkLines({ oldStart, newStart, lines }: Hunk): readonly DifferenceLine[] {
  const isTop = oldStart <= 1 && newStart <= 1;
  const head: readonly DifferenceLine[] = isTop ? [] : [{ sign: '@', text: `line ${oldStart} → line ${newStart}` }];
  return [
    ...head,
    ...lines.map((line): DifferenceLine => {
      const [sign = ' '] = line;
      if (sign === '\\') return { sign: '@', text: 'no line end after this line' };
      return { sign: sign === '+' || sign === '-' ? sign : ' ', text: line.slice(1) };
    }),
  ];
}

function wholeTexts(live: string, desired: string): readonly DifferenceLine[] {
  const rows = (sign: '-' | '+', text: string): readonly DifferenceLine[] =>
    text.split('\n').map((line) => ({ sign, text: line }));
  return [...rows('-', live), ...rows('+', desired)];
}

function cut(line: string): string {
  return line.length <= MAX_LINE ? line : `${line.slice(0, MAX_LINE)}… (${line.length} characters)`;
}

/** `/headers/0/value` alone does not say which header that is. */
function placeOf(change: Change, { path }: FieldChange): string {
  const [list, index, part] = parsePointer(path);
  if (!('send' in change) || part === undefined) return plainText(path);
  const namePath = `/${list ?? ''}/${index ?? ''}/name`;
  const name = change.desired.secretPaths.includes(namePath) ? undefined : valueAt(change.send, namePath);
  return plainText(typeof name === 'string' ? `${path} (${cut(name)})` : path);
}
