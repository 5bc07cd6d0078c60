/** Any live connector becomes a file that, with the right values for its placeholders, is that connector again. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Secret } from '../../src/import/hide-secrets.ts';
import { hideSecrets } from '../../src/import/hide-secrets.ts';
import { planImport } from '../../src/import/plan-import.ts';
import { renderFile } from '../../src/import/render-definition.ts';
import type { ConnectorConfig, LiveConnector } from '../../src/model/connector.ts';
import type { Desired, Problem } from '../../src/model/problem.ts';
import { maskIfUrl, maskUrl } from '../../src/report/mask-url.ts';
import { createTextLoader, loaderOptions, problemsOf } from '../support/load-texts.ts';

/** Pieces that are hard on YAML, on placeholders or on what looks for secrets. */
const PIECES = [
  '${',
  '$',
  '}',
  '{{ x }}',
  '{% if a %}',
  '${env:CONNECTOR_X}',
  '\n',
  '\r\n',
  '\t',
  ' ',
  '# ',
  ': ',
  '- ',
  "'",
  '"',
  '\\',
  '---\n',
  '...',
  '|',
  '>',
  '***',
  '[redacted]',
  '"api_key": "',
  'Bearer ',
  'https://u:p@h.example/?token=',
  '&',
  '?key=',
  '<secret-0-0>',
  '\u0085',
  '\u2028',
  '\uFEFF',
  'é',
  '🦄',
  'yes',
  'null',
  '0x10',
  '~',
  '\u001B[31m',
  '!tag',
];

const text = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 8 })), { maxLength: 8 })
  .map((parts) => parts.join('').replaceAll('\0', ''))
  .filter((value) => value.isWellFormed());
const headerText = text.map((value) => value.replaceAll(/[\r\n]/gu, ''));
const pairName = fc.oneof(fc.constantFrom('token', 'api_key', 'q', 'page', 'x'), text);
const pairs = fc.array(fc.record({ name: pairName, value: text }), { maxLength: 3 });
const limit = fc.option(fc.integer({ min: 1, max: 1000 }));

const config: fc.Arbitrary<ConnectorConfig> = fc.record({
  name: text.map((value) => `n${value}`),
  type: fc.constantFrom('simple', 'enrichment', 'exporter'),
  method: fc.constantFrom('get', 'post', 'put', 'patch'),
  url: text.map((value) => `https://api.example.com/${value.replaceAll(/[\s\p{Cc}]/gu, '')}`),
  headers: fc.array(
    fc.record({ name: fc.constantFrom('Authorization', 'Content-Type', 'Accept', 'X-Key', 'X-A'), value: headerText }),
    { maxLength: 3 },
  ),
  parameters: pairs,
  body: pairs,
  body_template: fc.option(text),
  rate_limit: limit,
  max_concurrency: limit,
});

const sync = { ref: null, suspend: false, protect: false, ignore: [] };

/** A live connector may well be doubtful; it must only not be wrong. */
function errorsOf(desired: Desired): readonly Problem[] {
  return problemsOf(desired).filter(({ severity }) => severity === 'error');
}

/** The file of a configuration, and the environment that makes it complete. */
function write(live: ConnectorConfig): { readonly file: string; readonly values: Record<string, string> } {
  const values: Record<string, string> = {};
  const placeholder = ({ value }: Secret): string => {
    const name = `CONNECTOR_V${Object.keys(values).length}`;
    values[name] = value;
    return `\${env:${name}}`;
  };
  const hidden = hideSecrets(live, { maskUrl, maskIfUrl, openHeaders: new Set(), placeholder });
  return { file: renderFile([{ config: hidden, id: 7, sync, origin: 'Imported.' }], './s.json'), values };
}

test('with its values supplied, the file is the live connector', () => {
  const values: Record<string, string> = {};
  const load = createTextLoader({
    ...loaderOptions(),
    placeholders: { ...loaderOptions().placeholders, environment: values },
  });
  fc.assert(
    fc.property(config, (live) => {
      const written = write(live);
      for (const name of Object.keys(values)) delete values[name];
      Object.assign(values, written.values);
      const desired = load({ 'a.yaml': written.file });
      const errors = errorsOf(desired);
      fc.pre(!errors.some(({ code }) => code === 'too_long') && URL.canParse(live.url));
      expect(errors).toEqual([]);
      expect(desired.connectors.map(({ id, config }) => ({ id, config }))).toEqual([{ id: 7, config: live }]);
    }),
    { numRuns: 300 },
  );
});

test.each([' \n', '\n \n', 'a\n  \nb', '\t\n', '  a\n b\n\n', '\n\na', ' ', 'n---\n \n𐀀𐀀𐀀---\n𐀀𐀀𐀀𐀀𐀀𐀀𐀀𐀀𐀀'])(
  'the text %j survives',
  (body_template) => {
    const { file } = write({
      name: 'A',
      type: 'simple',
      method: 'get',
      url: 'https://a.example',
      headers: [],
      parameters: [],
      body: [],
      body_template,
      rate_limit: null,
      max_concurrency: null,
    });
    expect(createTextLoader()({ 'a.yaml': file }).connectors[0]?.config.body_template).toBe(body_template);
  },
);

test('no secret of a place that announces one is in the file', () => {
  const secret = fc.stringMatching(/^[a-z]{12,20}$/u);
  fc.assert(
    fc.property(config, secret, fc.constantFrom('', 'Bearer ', 'Basic ', '$', '${'), (live, value, prefix) => {
      const hidden: ConnectorConfig = {
        ...live,
        url: `https://u:${value}@h.example/?page=1&api_key=${prefix}${value}#access_token=${value}`,
        headers: [...live.headers, { name: 'X-Anything', value: `${prefix}${value}` }, { name: 'Content-Type', value }],
        parameters: [...live.parameters, { name: 'client_secret', value: prefix + value }],
        body: [...live.body, { name: 'password', value }],
        body_template: `{"apiKey": "${value}"}`,
      };
      expect(write(hidden).file).not.toContain(value);
    }),
    { numRuns: 200 },
  );
});

test('what the server masks is never written', () => {
  const mask = fc.constantFrom('***', '********', '••••', '[REDACTED]');
  const written = fc.property(mask, fc.constantFrom('', 'Bearer ', 'sk-'), (hidden, prefix) => {
    const value = `${prefix}${hidden}`;
    const pair = [{ name: 'q', value }];
    const { file } = write({
      name: 'A',
      type: 'simple',
      method: 'get',
      url: `https://h.example/?page=${hidden}`,
      headers: [{ name: 'X-A', value }],
      parameters: pair,
      body: pair,
      body_template: `{"q": "${hidden}"}`,
      rate_limit: null,
      max_concurrency: null,
    });
    expect(file).not.toContain(hidden);
  });
  fc.assert(written, { numRuns: 20 });
});

test('names of files and variables are plain, unique and the same every time', () => {
  const workspace = fc.uniqueArray(fc.record({ id: fc.integer({ min: 1, max: 10_000 }), config }), {
    selector: ({ id }) => id,
    maxLength: 8,
  });
  const load = createTextLoader(loaderOptions({}, 'optional'));
  fc.assert(
    fc.property(workspace, fc.boolean(), (live: readonly LiveConnector[], singleFile) => {
      const request = {
        claims: new Map(),
        secretPlaces: new Map(),
        writtenTexts: new Map(),
        definitions: [],
        takenNames: new Set(['taken', 'n']),
        variables: new Map([['b.yaml', ['CONNECTOR_N_2_AUTHORIZATION']]]),
        envPrefix: 'CONNECTOR_',
        singleFile,
        overwrite: false,
        host: 'h.example',
        schemaFor: () => './s.json',
        hiding: { maskUrl, maskIfUrl, openHeaders: new Set<string>() },
      };
      const plan = planImport({ ...request, live });
      expect(planImport({ ...request, live: live.toReversed() }).files).toEqual(plan.files);
      const paths = plan.files.map(({ path }) => path);
      expect(new Set(paths).size).toBe(paths.length);
      expect(paths.filter((path) => !/^[a-z0-9][a-z0-9-]{0,70}\.yaml$/u.test(path))).toEqual([]);
      expect(paths).not.toContain('n.yaml');
      const variables = plan.files.flatMap(({ connectors }) => connectors.flatMap(({ placeholders }) => placeholders));
      const names = variables.map(({ variable }) => variable);
      expect(new Set(names).size).toBe(names.length);
      expect(names.filter((name) => !/^CONNECTOR_[A-Z0-9_]{1,140}$/u.test(name))).toEqual([]);
      expect(names).not.toContain('CONNECTOR_N_2_AUTHORIZATION');
      const desired = load(Object.fromEntries(plan.files.map(({ path, text }) => [path, text])));
      const broken = errorsOf(desired).map(({ code }) => code);
      expect(broken.filter((code) => code.startsWith('duplicate') || code.startsWith('yaml'))).toEqual([]);
      expect(desired.connectors.length + desired.invalid.length).toBe(live.length);
    }),
    { numRuns: 50 },
  );
});
