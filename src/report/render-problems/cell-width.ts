/** How many cells of a terminal a character takes. */

/** Characters that a terminal draws as pictures, two cells wide. */
const PICTURE = /\p{Emoji_Presentation}|\ufe0f/v;

/**
 * East Asian wide and fullwidth characters, by block: Unicode's EastAsianWidth.txt is no property that a regular
 * expression knows, and single exceptions within these blocks are not worth a table.
 */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1aff0}-\u{1b2ff}\u{20000}-\u{3fffd}]/v;

/** Marks, joiners, and the vowels and final consonants that a terminal draws into the syllable before them. */
const ZERO = /[\p{Mn}\p{Me}\u200c-\u200d\u1160-\u11ff\ud7b0-\ud7fb]/v;

/** The cells that one grapheme of printable text takes: 0, 1 or 2, more only where characters do not combine. */
export function cellWidth(grapheme: string): number {
  if (PICTURE.test(grapheme)) return 2;
  let cells = 0;
  for (const character of grapheme) {
    if (ZERO.test(character)) continue;
    cells += WIDE.test(character) ? 2 : 1;
  }
  return cells;
}
