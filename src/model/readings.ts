/** The ways in which a text can be read: whoever repeats a value may have escaped or encoded it first. */

/** Escapes are often nested, such as JSON inside a text of JSON. */
const DEPTH = 2;

/**
 * The text itself, and what it says when percent signs, backslashes, HTML entities, base64 or hexadecimal digits in it are
 * taken back, up to two of these after each other. Made for texts of some hundred characters.
 */
export function readingsOf(text: string): readonly string[] {
  let readings = new Set([text]);
  for (let depth = 0; depth < DEPTH; depth += 1) {
    readings = new Set([...readings].flatMap((reading) => [reading, ...DECODERS.map((decode) => decode(reading))]));
  }
  return [...readings];
}

const DECODERS: readonly ((text: string) => string)[] = [
  (text) =>
    text.replaceAll(/(?:%[0-9a-f]{2})+/giu, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8')),
  (text) =>
    text
      .replaceAll(/\\(?:u([0-9a-f]{4})|x([0-9a-f]{2}))/giu, (_, long?: string, short?: string) =>
        character(long ?? short, 16),
      )
      .replaceAll(/\\([nrtbf])/gu, ' ')
      .replaceAll(/\\(.)/gu, '$1'),
  (text) =>
    text
      .replaceAll(/&#(?:x([0-9a-f]{1,6})|([0-9]{1,7}));/giu, (_, hex?: string, decimal?: string) =>
        hex === undefined ? character(decimal, 10) : character(hex, 16),
      )
      .replaceAll(/&(amp|lt|gt|quot|apos);/gu, (_, name: keyof typeof ENTITIES) => ENTITIES[name]),
  // A value may stand behind others in what was encoded, so that its digits begin anywhere.
  ...[0, 1, 2, 3].map(
    (skipped) => (text: string) =>
      text.replaceAll(/[\w+/-]{12,}/gu, (run) => decodeRun(run, run.slice(skipped), 'base64')),
  ),
  (text) => text.replaceAll(/(?:[0-9a-f]{2}){4,}/giu, (run) => decodeRun(run, run, 'hex')),
];

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" } as const;

/** What is decoded to no text was none: words and numbers look like base64 and hexadecimal digits, too. */
function decodeRun(run: string, digits: string, encoding: 'base64' | 'hex'): string {
  const text = Buffer.from(digits, encoding).toString('utf8');
  const strange = text.match(/[\ufffd\p{Cc}]/gu)?.length ?? 0;
  return 4 * strange <= text.length ? text : run;
}

function character(digits: string | undefined, radix: number): string {
  const code = Number.parseInt(digits ?? '', radix);
  return code <= 0x10_ff_ff ? String.fromCodePoint(code) : '';
}
