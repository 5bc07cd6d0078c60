import { readdirSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';

import { composeYaml } from '../../src/desired/compose-yaml.ts';
import { readDocument } from '../../src/desired/read-document.ts';
import type { PlainDocument } from '../../src/desired/read-plain.ts';
import { readPlain } from '../../src/desired/read-plain.ts';
import { readTokens } from '../../src/desired/read-tokens.ts';
import { definitionText } from '../bench/definitions.ts';
import { YAML_PIECES } from '../support/yaml-pieces.ts';

/** What the composer makes of a text; null when it finds anything wrong with it, or a document that is no map. */
function compose(text: string): readonly PlainDocument[] | null {
  const { documents, fault } = composeYaml(readTokens(text));
  if (fault !== null) return null;
  const found = documents.map((document) => {
    const { value, size, faults } = readDocument(document);
    const isSound = document.errors.length + document.warnings.length + faults.length === 0;
    const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isSound && isMap ? { fields: value as Record<string, unknown>, size } : null;
  });
  return found.every((one) => one !== null) ? found : null;
}

/** Equal, in the order of the fields as well. */
function expectSame(plain: readonly PlainDocument[] | null, text: string): void {
  const composed = compose(text);
  expect(plain).toStrictEqual(composed);
  expect(JSON.stringify(plain)).toBe(JSON.stringify(composed));
}

const scalar = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }).filter((value) => value.isWellFormed() && !value.includes('\0')),
  fc.constantFrom('', ' ', 'a\nb', 'a\n\n  b\n', '\n', '~', 'null', 'true', 'False', '1', '-0', '0x1F', '0o17', '1e3'),
  fc.constantFrom('.5', '1.', '.inf', '-', '- a', 'a: b', 'a #b', '#', '@a', '%a', '`a`', '<<', '{a}', "it's", '"a"'),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }),
  fc.constantFrom(true, false, null, -0),
);
const key = fc.oneof(fc.constantFrom('name', 'url', 'headers', 'null', '1', 'a b', 'a: b', "'", ''), fc.string());
const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'value' },
    scalar,
    fc.array(tie('value'), { maxLength: 4, depthIdentifier: 'value' }),
    fc.dictionary(key, tie('value'), { maxKeys: 4, depthIdentifier: 'value', noNullPrototype: true }),
  ),
}));
/** What definitions are made of. */
const usualName = fc.constantFrom('name', 'url', 'headers', 'rate_limit', 'x-y', '_', 'null1', 'valueOf');
const usualText = fc.constantFrom(
  'Acme',
  'a b',
  'https://a.example/b?c=d#e',
  '{{ email }}',
  '[',
  "it's",
  'a\nb\n',
  'a\n\n  b',
  'a: b',
  '1',
  '',
);
const usualScalar = fc.oneof(
  { weight: 6, arbitrary: usualText },
  { weight: 2, arbitrary: fc.constantFrom(0, 1, -2.5, true, false, null) },
);
const { map: usualMap } = fc.letrec<{ map: Record<string, unknown> }>((tie) => ({
  map: fc.dictionary(
    usualName,
    fc.oneof(
      { maxDepth: 4, depthIdentifier: 'usual' },
      { weight: 5, arbitrary: usualScalar },
      { weight: 1, arbitrary: fc.array(fc.constantFrom('a', 'b c', '{{ d }}', 1, true)) },
      { weight: 1, arbitrary: fc.array(tie('map'), { maxLength: 4, depthIdentifier: 'usual' }) },
      { weight: 1, arbitrary: tie('map') },
    ),
    { maxKeys: 4, depthIdentifier: 'usual', noNullPrototype: true },
  ),
}));
const usualFields = usualMap.filter((map) => Object.keys(map).length > 0);
const fields = fc.dictionary(key, anyValue, { minKeys: 1, maxKeys: 5, noNullPrototype: true });
const usualStyle = fc.record({
  lineWidth: fc.constant(0),
  indent: fc.constantFrom(1, 2, 4),
  indentSeq: fc.boolean(),
  singleQuote: fc.boolean(),
  directives: fc.constantFrom(null, false),
});
const style = fc.record({
  lineWidth: fc.constantFrom(0, 20, 80),
  indent: fc.constantFrom(1, 2, 4),
  indentSeq: fc.boolean(),
  collectionStyle: fc.constantFrom('any', 'block', 'flow'),
  defaultStringType: fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'),
  directives: fc.constantFrom(null, false),
});

/** Whatever is read as plain is what the composer finds. @returns the share of the texts that were */
function sharePlain(texts: fc.Arbitrary<string>, numRuns: number): number {
  let [plainTexts, all] = [0, 0];
  fc.assert(
    fc.property(texts, (text) => {
      const plain = readPlain(text);
      all += 1;
      if (plain === null) return;
      plainTexts += 1;
      expectSame(plain, text);
    }),
    { numRuns },
  );
  return plainTexts / all;
}

// The shares that are expected are there since otherwise this would be about nothing.

test.for([
  ['usual values in the usual style', usualFields, usualStyle, 0.4],
  ['usual values in any style', usualFields, style, 0.02],
  ['any values in any style', fields, style, 0],
] as const)('what is read as plain is what the composer finds: %s', ([, values, styles, share]) => {
  const texts = fc
    .tuple(values, styles)
    .map(([written, options]) => stringify(written, { ...options, aliasDuplicateObjects: false } as object));
  expect(sharePlain(texts, 1500)).toBeGreaterThan(share);
});

test('a good definition with pieces of YAML put in or left out is read as the composer reads it, or given up', () => {
  const more = "more: # here\n- a: [] # none\n  b:   'it''s'\n- c\nd: >-\n  folded\n  text\n";
  const good = `${definitionText(1)}${more}---\n# second\nname: |\n  two\n\n    lines\nurl: "x"\n`;
  const edit = fc.record({
    at: fc.nat(good.length),
    without: fc.nat(6),
    piece: fc.oneof(fc.constant(''), fc.constantFrom(...YAML_PIECES)),
  });
  const texts = fc
    .array(edit, { maxLength: 3 })
    .map((edits) =>
      edits.reduce((text, { at, without, piece }) => text.slice(0, at) + piece + text.slice(at + without), good),
    );
  expect(sharePlain(texts, 4000)).toBeGreaterThan(0.25);
});

test('random pieces of YAML are read as the composer reads them, or given up', () => {
  const texts = fc.array(fc.constantFrom(...YAML_PIECES), { maxLength: 30 }).map((pieces) => pieces.join(''));
  expect(sharePlain(texts, 5000)).toBeGreaterThan(0);
});

test('random lines at random columns are read as the composer reads them, or given up', () => {
  const indent = fc.constantFrom('', '', '  ', '  ', '    ', ' ', '   ', '      ');
  const dash = fc.constantFrom('', '', '', '- ', '-   ', '- - ');
  const name = fc.constantFrom('', 'a: ', 'b: ', 'c: ', 'd:', 'e:', 'f-g:  ', 'h_1: ', '1: ', 'null: ');
  const anyText = fc.constantFrom(
    '',
    '',
    'x',
    'x y',
    '1',
    '-2.50',
    '~',
    'True',
    '"q"',
    "'r'",
    "''",
    '|',
    '|-',
    '>-',
    '>',
    '[]',
    '{ }',
    '# c',
    'x # c',
    'x#c',
    '"q" # c',
    'x: y',
    '-',
    '- x',
    '---',
    '...',
    'x:',
    '? x',
    '&a x',
    '*a',
    '!t x',
    '%x',
    '- [a]',
    'a, b',
    '0x1f',
    '0o7',
    '1e3',
    '.5',
    '+1',
    'http://a.b/c?d=e#f',
    '{{ a }}',
    "'{{ a }}'",
    '12:30',
    '2026-11-26',
    '<<',
    '"a\\n"',
  );
  const usual = fc.record({
    indent: fc.constantFrom('', '', '', '  ', '    '),
    dash: fc.constantFrom('', '', '- '),
    value: fc.constantFrom('', '', 'x', '1', '"q"', "'r' # c", '|', '>-', '[]', 'x y'),
  });
  const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'), { minLength: 1, maxLength: 6 });
  const usualLines = names.chain((all) =>
    fc.tuple(...all.map((one) => usual.map(({ indent: i, dash: d, value: v }) => `${i}${d}${one}: ${v}\n`))),
  );
  const line = fc
    .tuple(indent, dash, name, anyText, fc.constantFrom('', '', '', ' '))
    .map((parts) => `${parts.join('')}\n`);
  const blank = fc.constantFrom('\n', '  \n', '---\n', '# c\n', '    more\n');
  const lines = fc.array(fc.oneof({ weight: 8, arbitrary: line }, { weight: 1, arbitrary: blank }), { maxLength: 8 });
  const texts = fc
    .oneof(
      lines,
      fc
        .tuple(
          usualLines,
          lines.map((all) => all.slice(0, 1)),
          usualLines,
        )
        .map((all) => all.flat()),
      usualLines,
    )
    .map((all) => all.join(''));
  expect(sharePlain(texts, 10_000)).toBeGreaterThan(0.02);
});

describe('plain are', () => {
  test.for<readonly [string, string]>([
    ['fields and lists', 'a: b\nc:\n  - d\n  - e: f\n    g: h\n'],
    ['lists that are not indented', 'a:\n- b\n-   c: d\n    e: f\ng: h\n'],
    ['nothing as a value', 'a:\nb: ~\nc:\n  - d:\n'],
    ['numbers and truth values', 'a: 1\nb: -2.5e3\nc: 0x1F\nd: true\ne: FALSE\nf: "1"\n'],
    ['texts over several lines', 'a: |\n  h\n\n   i\n\nb: |-\n    j\n\nc: >-\n  k\n  l\nd: e\n'],
    ['quotes', "a: 'it''s'\nb: \"c # d\" # e\nf: ''\n"],
    ['comments', '# a\n\nb: c # d\n# e\nf: # g\n  # h\n  i: j#k\n\n  # k\n# l\n'],
    ['lists and maps with nothing in them', 'a: []\nb: { } # c\nd:\n  - []\n'],
    ['several documents', '---\na: b\n---\n# c\nd: e\n'],
    ['a text without a line end at its end', 'a: b\nc: d'],
    ['texts with what could be more', 'a: b:c\nd: e - f, [g] {h}\ni: -1x\nj: http://k/l?m#n\n'],
  ])('%s', ([, text]) => {
    const plain = readPlain(text);
    expect(plain).not.toBeNull();
    expectSame(plain, text);
  });

  test('the samples and the definitions of the benchmark', () => {
    const directory = new URL('../../connectors/', import.meta.url);
    const samples = readdirSync(directory, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => readFileSync(new URL(name, directory), 'utf8'));
    expect(samples.length).toBeGreaterThan(3);
    for (const text of [...samples, definitionText(7)]) expect(readPlain(text)).not.toBeNull();
  });
});

describe('given up are', () => {
  test.for<readonly [string, string]>([
    ['an empty text', ''],
    ['what is no map', '- a\n'],
    ['an empty document among others', 'a: b\n---\n'],
    ['anchors', 'a: &b c\nd: *b\n'],
    ['tags', 'a: !!str 1\n'],
    ['directives', '%YAML 1.2\n---\na: b\n'],
    ['the end of a document, told', 'a: b\n...\n'],
    ['a map on the line of the marker', '--- a: b\n'],
    ['keys with a question mark', '? a\n: b\n'],
    ['a key without a colon', 'a: b\nc\n'],
    ['a key that is no text', '1: a\n'],
    ['a key twice', 'a: b\na: c\n'],
    ['a key of a merge', '<<: {a: b}\n'],
    ['the name of the prototype', '__proto__: a\n'],
    ['a long key', `${'a'.repeat(1100)}: b\n`],
    ['fields at different columns', 'a:\n    b: c\n   d: e\n'],
    ['a map on the line of its key', 'a: b: c\n'],
    ['a list on the line of its key', 'a: - b\n'],
    ['tabs', 'a:\tb\n'],
    ['a comment that nothing sets apart', "a: 'b'#c\n"],
    ['what stands behind a quoted text', "a: 'b' c\n"],
    ['a text that begins with a reserved character', 'a: @b\n'],
    ['a number beyond 2^53', 'a: 9007199254740993\n'],
    ['infinity', 'a: .inf\n'],
    ['a NUL', 'a: "\\0"\n'],
    ['half a surrogate pair', 'a: "\\ud800"\n'],
    ['flow that holds something', 'a: [b]\n'],
    ['flow that is not closed', 'a: [\n'],
    ['quotes that are not closed', 'a: "b\n'],
    ['texts that go on with the next line', 'a: b\n  c\n'],
    ['a folded text of several paragraphs', 'a: >-\n  b\n\n  c\n'],
    ['a block that keeps its line ends', 'a: |+\n  b\n\n'],
    ['a block with nothing in it', 'a: |\nb: c\n'],
    ['a block that begins with a blank line', 'a: |\n\n  b\nc: d\n'],
    ['a block that moves to the left', 'a: |\n    b\n  c\n'],
    ['lists in lists', 'a:\n  - - b\n'],
    ['an item with nothing in it', 'a:\n  -\n  - b\n'],
    ['names in quotes', '"a": b\n'],
    ['line ends of Windows', 'a: b\r\n'],
    ['a byte order mark within', 'a: b\n\uFEFFc: d\n'],
    ['more lines than a definition has', 'a: b\n'.repeat(4001)],
  ])('%s', ([, text]) => {
    expect(readPlain(text)).toBeNull();
  });
});
