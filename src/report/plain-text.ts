/** Text from files and servers, made fit for a terminal and for one line of anything. */

/**
 * Control characters (a terminal obeys them), line ends, lone surrogates, and format characters, which hide in a line or
 * turn its direction. The zero-width joiners stay: many scripts and emoji need them.
 */
const UNFIT = /[[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]--[\u200c\u200d]]/gv;

/** The text with each unfit character written out, as in `\u{1b}`. */
export function plainText(text: string): string {
  return text.replaceAll(UNFIT, (character) => String.raw`\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
