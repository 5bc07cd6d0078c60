/** Text from files and servers as a notice carries it: no longer than it needs to be, and in one line. */

/** Control and format characters, line ends and lone surrogates; the joiners stay, which scripts and emoji need. */
const UNFIT = /[[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]--[\u200c\u200d]]/gv;

/** @param most characters (code points) */
export function boundedText(text: string, most: number): string {
  // Cut first, for the text may be huge; a character has two units at most.
  const start = text.slice(0, 2 * most + 2).replaceAll(UNFIT, '\ufffd');
  const characters = Array.from(start);
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : start;
}
