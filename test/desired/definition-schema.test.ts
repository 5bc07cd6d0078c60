import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';

import type { ConnectorConfig } from '../../src/model/connector.ts';
import { CONNECTOR_FIELDS } from '../../src/model/connector.ts';
import { connectorCreateSchema } from '../../src/desired/connector-create.schema.ts';
import { definitionSchema } from '../../src/desired/definition-schema.ts';
import { schemaCheck } from '../../src/desired/schema-check.ts';
import { createTextLoader } from '../support/load-texts.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const GOOD = { name: 'A', method: 'get', url: 'https://a.example' };

/** Knows the keyword that is for readers alone. */
function createAjv(): Ajv2020 {
  const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true, addUsedSchema: false });
  return ajv.addKeyword('markdownDescription');
}

const load = createTextLoader();
const validate = createAjv().compile(definitionSchema);

test('config/connector.schema.json is the schema that the code exports', () => {
  const written: unknown = JSON.parse(readFileSync(join(ROOT, 'config', 'connector.schema.json'), 'utf8'));
  expect(written).toEqual(structuredClone(definitionSchema));
});

test('the schema has every field of a connector, and beside them only id and sync', () => {
  expect(Object.keys(definitionSchema.properties)).toEqual([...CONNECTOR_FIELDS, 'id', 'sync']);
  expect(Object.keys(connectorCreateSchema.components.schemas.ConnectorCreate.properties).sort()).toEqual(
    [...CONNECTOR_FIELDS].sort(),
  );
});

test('every field is described', () => {
  const { properties, $defs } = definitionSchema;
  const fields = {
    ...properties,
    ...properties.sync.properties,
    ...$defs.Header.properties,
    ...$defs.NameValue.properties,
  };
  const undescribed = Object.entries(fields).filter(([, { description }]) => !description.endsWith('.'));
  expect(undescribed).toEqual([]);
});

describe('an editor with the schema and the validator agree on', () => {
  test.each([
    ['a short definition', {}, true],
    ['upper case', { method: 'PATCH', type: 'Simple', url: 'HTTPS://a.example' }, true],
    ['lists', { headers: [{ name: 'A' }], parameters: [{ name: '', value: '' }], body: [] }, true],
    ['nulls', { body_template: null, rate_limit: null, max_concurrency: null }, true],
    [
      'everything of sync',
      { id: 1, sync: { ref: 'a.b-c_1', suspend: true, protect: false, ignore: ['/body/0/name'] } },
      true,
    ],
    ['a name of code points', { name: '😀'.repeat(256) }, true],
    ['a name too long', { name: '😀'.repeat(257) }, false],
    ['a blank name', { name: ' ' }, false],
    ['an unknown method', { method: 'delete' }, false],
    ['an unknown type', { type: 'other' }, false],
    ['another scheme', { url: 'ftp://a.example' }, false],
    ['a bad header name', { headers: [{ name: 'A b' }] }, false],
    ['an unknown field', { foo: 1 }, false],
    ['an unknown part of an entry', { body: [{ name: 'a', type: 'b' }] }, false],
    ['an unknown option', { sync: { foo: 1 } }, false],
    ['null in place of a list', { headers: null }, false],
    ['null in place of a text', { type: null }, false],
    ['zero', { rate_limit: 0 }, false],
    ['a fraction', { max_concurrency: 1.5 }, false],
    ['an id in quotes', { id: '1' }, false],
    ['a bad ref', { sync: { ref: '-' } }, false],
    ['a bad pointer', { sync: { ignore: ['/id'] } }, false],
  ])('%s', (_, fields, isValid) => {
    const definition = { ...GOOD, ...fields };
    expect(validate(definition)).toBe(isValid);
    expect(load({ 'a.json': JSON.stringify(definition) }).connectors).toHaveLength(isValid ? 1 : 0);
  });

  test('placeholders in any text that may hold one', () => {
    const value = '${env:CONNECTOR_A}';
    const entry = [{ name: value, value }];
    const definition = {
      name: value,
      type: value,
      method: value,
      url: value,
      headers: entry,
      parameters: entry,
      body: entry,
      body_template: value,
    };
    expect(validate(definition)).toBe(true);
  });
});

describe('a sample', () => {
  const samples = readdirSync(join(ROOT, 'connectors'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(?:yaml|json)$/u.test(path))
    .map((path) => ({ path, text: readFileSync(join(ROOT, 'connectors', path), 'utf8') }));

  test.each(samples)('$path pleases an editor with the schema', ({ text }) => {
    const documents = parseAllDocuments(text).map((document) => document.toJS() as unknown);
    expect(documents.filter((definition) => !validate(definition))).toEqual([]);
  });

  test.each(samples.filter(({ path }) => path.endsWith('.yaml')))(
    '$path leads editors to the schema',
    ({ path, text }) => {
      const [, schema = ''] = /^# yaml-language-server: \$schema=(\S+)\n/u.exec(text) ?? [];
      expect(join(ROOT, 'connectors', path, '..', schema)).toBe(join(ROOT, 'config', 'connector.schema.json'));
    },
  );
});

test('the schemas hold under strict rules, apart from the path of the published ones', () => {
  const ajv = createAjv().addKeyword('components');
  expect(() => ajv.compile(definitionSchema)).not.toThrow();
  expect(ajv.compile(connectorCreateSchema)(GOOD)).toBe(true);
});

test('the published schema has the last word about what will be sent', () => {
  const lists = { headers: [], parameters: [], body: [], body_template: null, max_concurrency: null };
  const config: ConnectorConfig = { ...GOOD, type: 'simple', rate_limit: 1, ...lists };
  const { checkPublished } = schemaCheck;
  expect(checkPublished(config)).toEqual([]);
  expect(
    checkPublished({ ...config, name: 'x'.repeat(257), rate_limit: 0 }).map(({ code, path }) => `${code} ${path}`),
  ).toEqual(expect.arrayContaining(['too_long /name', 'too_small /rate_limit']));
});
