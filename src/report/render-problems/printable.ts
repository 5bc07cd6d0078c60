/**
 * Text from files and servers, made safe to show. Escape sequences could repaint a terminal, line breaks could forge
 * lines of output, and invisible or direction-changing characters could make a line read as something that it is not.
 */

/**
 * Controls, format characters, separators of lines and paragraphs, lone surrogates, and the two non-characters that XML
 * forbids. The zero-width joiners stay: many scripts and emoji need them, and they hide nothing.
 */
const UNPRINTABLE = /[[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]--[\u200c\u200d]]/gv;

const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\n', String.raw`\n`],
  ['\r', String.raw`\r`],
  ['\t', String.raw`\t`],
]);

/**
 * The text with every unprintable character spelled out, such as `\n` or `\u{1b}`.
 *
 * @param keep characters that stay as they are, such as `'\n'`; none by default
 */
export function printable(text: string, keep = ''): string {
  return text.replace(UNPRINTABLE, (character) => {
    if (keep.includes(character)) return character;
    return SHORT_ESCAPES.get(character) ?? String.raw`\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

/**
 * A JSON document, indented by two spaces, with a final line break. Characters that a terminal should not see are
 * escaped in it, which changes no value. Lone surrogates become U+FFFD, for many parsers refuse them (RFC 8259, 8.2).
 */
export function printableJson(value: unknown): string {
  const json = JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? part.toWellFormed() : part), 2);
  return `${json.replace(UNPRINTABLE, (character) => (character === '\n' ? character : escapeUnits(character)))}\n`;
}

function escapeUnits(text: string): string {
  return Array.from(text.split(''), (unit) => String.raw`\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join(
    '',
  );
}
