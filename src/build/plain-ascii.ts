/** A script in plain ASCII, which V8 keeps in half the memory, and which needs no decoding. */

/** Quotes of licences: there is nothing to escape them for. */
const PLAIN: Readonly<Record<string, string>> = { '\u2018': "'", '\u2019': "'", '\u201c': '"', '\u201d': '"' };

/** @param script of esbuild, which leaves other characters in comments and regular expressions alone: there, an escape stands for each */
export function plainAscii(script: string): string {
  return script.replaceAll(
    // oxlint-disable-next-line no-control-regex
    /[^\0-\x7f]/g,
    (character) => PLAIN[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
