import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { explainableTopics, explainTopic } from '../../src/cli/explain/explain-topic.ts';
import { definitionFields } from '../../src/desired/definition-fields.ts';
import { definitionSchema } from '../../src/desired/definition-schema.ts';
import { BLOCK_GUIDE } from '../../src/report/guide/block-guide.ts';
import { EVENT_GUIDE } from '../../src/report/guide/event-guide.ts';
import { PROBLEM_GUIDE } from '../../src/report/guide/problem-guide.ts';

const textOf = (topic: string | null): string => {
  const explanation = explainTopic(topic);
  return explanation.status === 'found' ? explanation.text : `unknown: ${explanation.nearest.join(', ')}`;
};

test('without a topic, all fields are shown', () => {
  expect(textOf(null)).toMatchSnapshot();
});

test.each([
  'rate_limit',
  'headers.value',
  'sync.ignore',
  'type',
  'mass_delete',
  'pinned_id_missing',
  'placeholder_unset',
  'drift.detected',
])('%s is explained', (topic) => {
  expect(textOf(topic)).toMatchSnapshot();
});

test.each([
  'headers.value',
  '/headers/0/value',
  'headers[0].value',
  'headers/*/value',
  'Headers.Value',
  'headers.0.value',
])('%s is the value of a header', (written) => {
  expect(textOf(written)).toContain('headers.value  (text; default "")');
});

test.each([
  ['ref', 'sync.ref'],
  ['value', 'headers.value, parameters.value, body.value'],
  ['rate-limit', 'rate_limit'],
  ['bodytemplate', 'body_template'],
  ['duplicate_names', 'duplicate_name'],
  ['drift.detect', ''],
  ['constructor', ''],
  ['__proto__', ''],
  ['', ''],
])('%j is unknown, and may be %j', (topic, nearest) => {
  const found = textOf(topic);
  if (nearest === '') expect(found.startsWith('unknown: ')).toBe(true);
  else expect(found).toBe(`unknown: ${nearest}`);
});

test('every line fits a terminal of a hundred columns', () => {
  const lines = [null, ...explainableTopics()].flatMap((topic) => textOf(topic).split('\n'));
  expect(lines.filter((line) => line.length > 100)).toEqual([]);
});

test('every code has words of its own, in sentences', () => {
  const guides = [...Object.values(PROBLEM_GUIDE), ...Object.values(BLOCK_GUIDE)];
  for (const { title, meaning, remedy } of guides) {
    for (const text of [title, meaning, remedy]) expect(text).toMatch(/^[A-Z`].*[.]$/u);
  }
  expect(new Set(guides.map(({ title }) => title)).size).toBe(guides.length);
  for (const { remedy } of Object.values(EVENT_GUIDE)) expect(remedy ?? 'X.').toMatch(/^[A-Z].*\.$/u);
});

describe('every field of the schema', () => {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  ajv.addKeyword('markdownDescription');
  const validate = ajv.compile(definitionSchema);
  const good = { name: 'A', method: 'get', url: 'https://a.example' };

  test.each(definitionFields())(
    '$path is described, and its example is valid',
    ({ path, description, example, isList }) => {
      expect(description).toMatch(/\.$/u);
      expect(example).toBeDefined();
      const [outer = '', inner] = path.split('.');
      const parent = definitionFields().find((field) => field.path === outer);
      const entry = { name: 'a', [inner ?? '']: example };
      const value = inner === undefined ? example : parent?.isList === true ? [entry] : { [inner]: example };
      expect(isList === Array.isArray(example)).toBe(true);
      expect(validate({ ...good, [outer]: value })).toBe(true);
    },
  );
});
