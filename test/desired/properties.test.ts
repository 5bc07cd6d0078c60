import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';

import { parseYaml } from '../../src/desired/parse-yaml.ts';
import { createDesiredLoader } from '../../src/desired/load-desired.ts';
import { loaderOptions, problemsOf, sourceTree } from '../support/load-texts.ts';
import { YAML_PIECES } from '../support/yaml-pieces.ts';

/** One loader for all. */
const loader = createDesiredLoader(loaderOptions({ CONNECTOR_A: 'a' }));

/** Any text that YAML and JSON can carry. */
const text = fc
  .string({ unit: 'grapheme', maxLength: 40 })
  .filter((value) => value.isWellFormed() && !value.includes('\0'));
const plain = text.map((value) => value.replaceAll('${', '$${'));
const entry = fc.record({ name: plain, value: plain });
const header = fc.record({
  name: fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,20}$/).filter((name) => !name.includes('${')),
  value: plain.map((value) => value.replaceAll(/[\r\n]/g, ' ')),
});
const count = fc.option(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }));

const config = fc.record({
  name: plain.filter((name) => name.trim() !== ''),
  type: fc.constantFrom('simple', 'enrichment', 'exporter'),
  method: fc.constantFrom('get', 'post', 'put', 'patch'),
  url: fc
    .webUrl({ withQueryParameters: true, withFragments: true })
    .filter((url) => url.length <= 512 && !url.includes('$')),
  headers: fc.array(header, { maxLength: 4 }),
  parameters: fc.array(entry, { maxLength: 4 }),
  body: fc.array(entry, { maxLength: 4 }),
  body_template: fc.option(plain),
  rate_limit: count,
  max_concurrency: count,
});

const unescape = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? part.replaceAll('$${', () => '${') : part)),
  );

test('any valid configuration, written as YAML or JSON, is read as itself', () => {
  const widths = fc.constantFrom(0, 40, 80);
  fc.assert(
    fc.property(config, widths, (written, lineWidth) => {
      for (const [file, content] of [
        ['a.yaml', stringify(written, { lineWidth })],
        ['a.json', JSON.stringify(written)],
      ] as const) {
        const { connectors, invalid } = loader.load(sourceTree({ [file]: content }), () => false);
        expect(invalid).toEqual([]);
        expect(connectors.map((connector) => connector.config)).toEqual([unescape(written)]);
      }
    }),
    { numRuns: 200 },
  );
});

/** A loaded text is either taken whole, or has problems that lie within it. */
function expectJudged(bytes: Uint8Array): void {
  const desired = loader.load(sourceTree({ 'a.yaml': bytes }), () => false);
  const lines = Buffer.from(bytes).toString('utf8').split('\n');
  expect(desired.connectors.length + desired.invalid.length).toBeGreaterThan(0);
  for (const { problems } of desired.invalid) expect(problems.some(({ severity }) => severity === 'error')).toBe(true);
  for (const { line, column, message } of problemsOf(desired)) {
    expect(message).not.toBe('');
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1);
  }
}

test('random bytes are always judged, and problems lie within them', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), expectJudged), { numRuns: 300 });
});

test('random pieces of YAML are always judged', () => {
  const texts = fc
    .array(fc.constantFrom(...YAML_PIECES), { maxLength: 40 })
    .map((pieces) => Buffer.from(pieces.join('')));
  fc.assert(fc.property(texts, expectJudged), { numRuns: 1500 });
});

test('a good definition with one byte changed is always judged', () => {
  const good = Buffer.from(
    'name: A\nmethod: get\nurl: https://a.example\nheaders:\n  - {name: B, value: "${env:CONNECTOR_A}"}\n',
  );
  const changed = fc.tuple(fc.nat(good.length - 1), fc.nat(255)).map(([at, byte]) => {
    const bytes = Buffer.from(good);
    bytes[at] = byte;
    return bytes;
  });
  fc.assert(fc.property(changed, expectJudged), { numRuns: 1000 });
});

test('a megabyte of anything repeated ends within the limits', { timeout: 60_000 }, () => {
  const units = [
    '[',
    '{',
    '- ',
    '? ',
    'a: ',
    '---\n',
    '1,',
    'a\n',
    'a: 1\n',
    '&a ',
    '! ',
    '*a ',
    '\n',
    '#\n',
    '"',
    '""',
    "'",
    '\\',
    '%a\n',
    '[]',
    '}',
    '|\n',
    '${',
    'é',
  ];
  for (const unit of units) {
    for (const before of ['', 'a: [', 'a: "', "a: '", 'a: |\n ']) {
      const bytes = Buffer.from(before + unit.repeat((1024 * 1024 - 10) / Buffer.byteLength(unit)));
      const { documents, faults } = parseYaml(bytes);
      expect(documents.length <= 1001 || faults.length > 0).toBe(true);
    }
  }
});
