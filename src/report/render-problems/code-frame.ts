/** One line of a file as a terminal can show it, and where in it a column lies. */

import { printable } from './printable.ts';
import { cellWidth } from './cell-width.ts';

export interface CodeFrame {
  /** The line, or the part of it around the column, with `…` where it was cut. */
  readonly shown: string;
  /** Cells to the left of the column in `shown`, so that a caret after as many spaces stands under it. */
  readonly caret: number;
}

interface Piece {
  readonly text: string;
  readonly cells: number;
}

/** Lines are cut to this many cells, besides the `…` at either end. */
const MAX_CELLS = 100;

/** Of a line that is cut, at least this many cells to the right of the column are shown, if there are as many. */
const RIGHT_CELLS = 40;

/** UTF-16 units on either side that are looked at: a line may be as long as a file, and nearly all of it is cut away. */
const REACH = 4 * MAX_CELLS;

const TAB = '    ';

/**
 * @param line without its line break
 * @param column from 1, in UTF-16 units, not counting a byte order mark; beyond the line is its end
 */
export function codeFrame(line: string, column: number): CodeFrame {
  const text = line.startsWith('\ufeff') ? line.slice(1) : line;
  const target = Math.min(Math.max(column - 1, 0), text.length);
  const start = wholeCharacter(text, target - REACH);
  const end = wholeCharacter(text, target + REACH);

  const before: Piece[] = [];
  const from: Piece[] = [];
  for (const { segment, index } of new Intl.Segmenter('en').segment(text.slice(start, end))) {
    const isBefore = start + index + segment.length <= target;
    (isBefore ? before : from).push(toPiece(segment));
  }

  // Some of what follows comes first, then what precedes; what either side does not need is the other's.
  const some = take(from, 0, RIGHT_CELLS);
  const left = take(before.toReversed(), 0, MAX_CELLS - cellsOf(some));
  const right = take(from, some.length, MAX_CELLS - cellsOf(some) - cellsOf(left));
  const isCutLeft = start > 0 || left.length < before.length;
  const isCutRight = end < text.length || some.length + right.length < from.length;
  const pieces = [...left.toReversed(), ...some, ...right];
  return {
    shown: `${isCutLeft ? '…' : ''}${pieces.map((piece) => piece.text).join('')}${isCutRight ? '…' : ''}`,
    caret: cellsOf(left) + (isCutLeft ? 1 : 0),
  };
}

function toPiece(segment: string): Piece {
  const text = segment === '\t' ? TAB : printable(segment);
  return { text, cells: cellWidth(text) };
}

/** The first pieces after the skipped ones that fit into so many cells together. */
function take(pieces: readonly Piece[], skipped: number, cells: number): readonly Piece[] {
  let free = cells;
  let count = skipped;
  for (const piece of pieces.slice(skipped)) {
    free -= piece.cells;
    if (free < 0) break;
    count += 1;
  }
  return pieces.slice(skipped, count);
}

function cellsOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { cells }) => sum + cells, 0);
}

/** The offset within the text, moved back by one where it would split a surrogate pair. */
function wholeCharacter(text: string, offset: number): number {
  const within = Math.min(Math.max(offset, 0), text.length);
  const isInside = within > 0 && (text.codePointAt(within - 1) ?? 0) > 0xffff;
  return isInside ? within - 1 : within;
}
