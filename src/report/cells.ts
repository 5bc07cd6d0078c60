/** Text in cells of a terminal, where a character may take two and a mark none. */

import { cellWidth } from './render-problems/cell-width.ts';

const PLAIN = /^[\u0020-\u007e]*$/u;

/** @param text without control characters */
export function cellsOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let cells = 0;
  for (const { segment } of new Intl.Segmenter('en').segment(text)) cells += cellWidth(segment);
  return cells;
}

/** The text with spaces behind it, so that it takes so many cells, or more where it is longer. */
export function padCells(text: string, cells: number): string {
  return text + ' '.repeat(Math.max(0, cells - cellsOf(text)));
}

/** The text, or as much of it as fits into so many cells together with `…`. */
export function cutCells(text: string, cells: number): string {
  if (cellsOf(text) <= cells) return text;
  let kept = '';
  let free = cells - 1;
  for (const { segment } of new Intl.Segmenter('en').segment(text)) {
    free -= cellWidth(segment);
    if (free < 0) break;
    kept += segment;
  }
  return `${kept}…`;
}
