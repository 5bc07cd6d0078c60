import { describe, expect, test } from 'vitest';

import { createTextLoader, inShort, loaderOptions, problemsOf } from '../support/load-texts.ts';

/** Stands wherever a secret may be; no message may repeat it. */
const SECRET = 'hunter2hunter2';

interface Defect {
  readonly what: string;
  /** Fields that replace or join those of a good definition, as lines of YAML; `null` leaves one out. */
  readonly fields: Readonly<Record<string, string | null>>;
  readonly problems: readonly string[];
  /** Words that message or hint must have. */
  readonly says?: RegExp;
}

/** The fields stand in this order, one a line, so that line 1 is the name, 2 the method, 3 the url, 4 what is added. */
function definition(fields: Defect['fields']): string {
  const all: Defect['fields'] = { name: 'A', method: 'get', url: 'https://a.example', ...fields };
  return Object.entries(all)
    .flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}\n`]))
    .join('');
}

const long = (length: number): string => 'x'.repeat(length);

const DEFECTS: readonly Defect[] = [
  // what must be there, and what must not
  { what: 'no name', fields: { name: null }, problems: ['missing_field 1:1 /name'], says: /"name", which is missing/ },
  { what: 'no method', fields: { method: null }, problems: ['missing_field 1:1 /method'] },
  {
    what: 'no required field at all',
    fields: { name: null, method: null, url: null, type: 'simple' },
    problems: ['missing_field 1:1 /name', 'missing_field 1:1 /method', 'missing_field 1:1 /url'],
  },
  { what: 'a mistyped field', fields: { heders: '[]' }, problems: ['unknown_field 4:1 /heders'], says: /"headers"\?/ },
  {
    what: 'a field in upper case',
    fields: { method: null, Method: 'get' },
    problems: ['unknown_field 3:1 /Method'],
    says: /Did you mean "method"/,
  },
  {
    what: 'a field like no other',
    fields: { wxyz: '1' },
    problems: ['unknown_field 4:1 /wxyz'],
    says: /Known fields: name/,
  },
  {
    what: 'a field of the server',
    fields: { created_at: 'x' },
    problems: ['unknown_field 4:1 /created_at'],
    says: /leave it out/,
  },
  {
    what: 'an option outside sync',
    fields: { protect: 'true' },
    problems: ['unknown_field 4:1 /protect'],
    says: /under "sync"/,
  },
  { what: 'a field with a slash and a tilde', fields: { '"a/b~c"': '1' }, problems: ['unknown_field 4:1 /a~1b~0c'] },
  { what: 'a field as long as a text', fields: { [`? ${long(2000)}\n`]: '1' }, problems: ['unknown_field 1:1 '] },
  {
    what: 'a mistyped option',
    fields: { sync: '{protec: true}' },
    problems: ['unknown_field 4:8 /sync/protec'],
    says: /"protect"\?/,
  },
  {
    what: 'headers in short form',
    fields: { headers: `\n  - Authorization: ${SECRET}` },
    problems: ['unknown_field 5:5 /headers/0/Authorization'],
    says: /- \{name: Authorization, value: "\.\.\."\}/,
  },
  // types
  { what: 'a number as name', fields: { name: '12' }, problems: ['wrong_type 1:7 /name'], says: /in quotes/ },
  { what: 'nothing as name', fields: { name: '' }, problems: ['wrong_type 1:7 /name'], says: /found nothing/ },
  { what: 'a list as url', fields: { url: `[${SECRET}]` }, problems: ['wrong_type 3:6 /url'], says: /found a list/ },
  { what: 'a boolean as type', fields: { type: 'true' }, problems: ['wrong_type 4:7 /type'] },
  {
    what: 'a map as headers',
    fields: { headers: `{Authorization: ${SECRET}}` },
    problems: ['wrong_type 4:10 /headers'],
    says: /must be a list; found a map/,
  },
  { what: 'a text as headers', fields: { headers: `"X: ${SECRET}"` }, problems: ['wrong_type 4:10 /headers'] },
  {
    what: 'nothing as headers',
    fields: { headers: '' },
    problems: ['wrong_type 4:10 /headers'],
    says: /Leave the field out/,
  },
  { what: 'a text as an entry', fields: { body: `[${SECRET}]` }, problems: ['wrong_type 4:8 /body/0'] },
  {
    what: 'a number as value',
    fields: { parameters: '[{name: token, value: 87654321}]' },
    problems: ['wrong_type 4:35 /parameters/0/value'],
    says: /found a number\./,
  },
  {
    what: 'nothing as value',
    fields: { body: '[{name: a, value: }]' },
    problems: ['wrong_type 4:25 /body/0/value'],
    says: /write ""/,
  },
  {
    what: 'an entry without a name',
    fields: { body: '[{name: a}, {value: b}]' },
    problems: ['missing_field 4:19 /body/1/name'],
  },
  { what: 'a list as template', fields: { body_template: '[]' }, problems: ['wrong_type 4:16 /body_template'] },
  {
    what: 'a quoted number',
    fields: { rate_limit: '"10"' },
    problems: ['wrong_type 4:13 /rate_limit'],
    says: /Remove the quotes/,
  },
  {
    what: 'a placeholder as number',
    fields: { rate_limit: '${env:CONNECTOR_S}' },
    problems: ['wrong_type 4:13 /rate_limit'],
    says: /always becomes a text/,
  },
  {
    what: 'a fraction',
    fields: { rate_limit: '1.5' },
    problems: ['wrong_type 4:13 /rate_limit'],
    says: /found the number 1\.5/,
  },
  { what: 'a rate limit of zero', fields: { rate_limit: '0' }, problems: ['too_small 4:13 /rate_limit'] },
  { what: 'a negative concurrency', fields: { max_concurrency: '-1' }, problems: ['too_small 4:18 /max_concurrency'] },
  { what: 'a text as id', fields: { id: 'abc' }, problems: ['wrong_type 4:5 /id'] },
  { what: 'an id of zero', fields: { id: '0' }, problems: ['too_small 4:5 /id'] },
  { what: 'a list as sync', fields: { sync: '[]' }, problems: ['wrong_type 4:7 /sync'] },
  {
    what: 'the word yes',
    fields: { sync: '{suspend: yes}' },
    problems: ['wrong_type 4:17 /sync/suspend'],
    says: /true or false, without quotes/,
  },
  { what: 'a number as ref', fields: { sync: '{ref: 1}' }, problems: ['wrong_type 4:13 /sync/ref'] },
  { what: 'a text as ignore', fields: { sync: '{ignore: /name}' }, problems: ['wrong_type 4:16 /sync/ignore'] },
  {
    what: 'a number in ignore',
    fields: { sync: '{ignore: [1]}' },
    problems: ['wrong_type 4:17 /sync/ignore/0'],
    says: /Entry 1 of "sync.ignore"/,
  },
  // what texts say
  { what: 'a blank name', fields: { name: '" "' }, problems: ['not_allowed 1:7 /name'] },
  {
    what: 'a name too long',
    fields: { name: long(257) },
    problems: ['too_long 1:7 /name'],
    says: /257 characters; the limit is 256/,
  },
  { what: 'a url too long', fields: { url: `https://a.example/${long(512)}` }, problems: ['too_long 3:6 /url'] },
  { what: 'a template too long', fields: { body_template: long(2049) }, problems: ['too_long 4:16 /body_template'] },
  {
    what: 'an unknown method',
    fields: { method: 'delete' },
    problems: ['not_allowed 2:9 /method'],
    says: /get, post, put or patch; found "delete"/,
  },
  {
    what: 'a mistyped method',
    fields: { method: 'pacth' },
    problems: ['not_allowed 2:9 /method'],
    says: /Did you mean "patch"/,
  },
  {
    what: 'an unknown type',
    fields: { type: 'enrichement' },
    problems: ['not_allowed 4:7 /type'],
    says: /Did you mean "enrichment"/,
  },
  {
    what: 'a relative url',
    fields: { url: `/v1/${SECRET}` },
    problems: ['invalid_url 3:6 /url'],
    says: /not absolute/,
  },
  { what: 'a url without a scheme', fields: { url: `a.example/${SECRET}` }, problems: ['invalid_url 3:6 /url'] },
  { what: 'another scheme', fields: { url: `ftp://u:${SECRET}@a.example` }, problems: ['invalid_url 3:6 /url'] },
  { what: 'a url without a host', fields: { url: '"https://"' }, problems: ['invalid_url 3:6 /url'] },
  { what: 'a url with a path in place of a host', fields: { url: 'https:///a' }, problems: ['invalid_url 3:6 /url'] },
  { what: 'a url with a bad port', fields: { url: 'https://a.example:port/' }, problems: ['invalid_url 3:6 /url'] },
  { what: 'a url with a space', fields: { url: 'https://a.example/a b' }, problems: ['invalid_url 3:6 /url'] },
  { what: 'a url that is all Jinja', fields: { url: '"{{ base }}/v1"' }, problems: ['invalid_url 3:6 /url'] },
  {
    what: 'a header name with a space',
    fields: { headers: '[{name: A b}]' },
    problems: ['invalid_header_name 4:18 /headers/0/name'],
  },
  {
    what: 'a value in the name of a header',
    fields: { headers: `[{name: "A: ${SECRET}"}]` },
    problems: ['invalid_header_name 4:18 /headers/0/name'],
    says: /belongs into "value"/,
  },
  {
    what: 'an empty header name',
    fields: { headers: '[{name: ""}]' },
    problems: ['invalid_header_name 4:18 /headers/0/name'],
    says: /empty/,
  },
  {
    what: 'a header name that is not ASCII',
    fields: { headers: '[{name: Größe}]' },
    problems: ['invalid_header_name 4:18 /headers/0/name'],
  },
  {
    what: 'a line break in a header',
    fields: { headers: `[{name: A, value: "${SECRET}\\r\\nB: c"}]` },
    problems: ['invalid_header_value 4:28 /headers/0/value'],
  },
  {
    what: 'a header as a block',
    fields: { headers: `\n  - name: A\n    value: |\n      ${SECRET}` },
    problems: ['invalid_header_value 6:12 /headers/0/value'],
    says: /\|-/,
  },
  { what: 'a ref with a space', fields: { sync: '{ref: a b}' }, problems: ['not_allowed 4:13 /sync/ref'] },
  {
    what: 'a placeholder as ref',
    fields: { sync: '{ref: "${env:CONNECTOR_S}"}' },
    problems: ['not_allowed 4:13 /sync/ref'],
  },
  {
    what: 'a mistyped pointer',
    fields: { sync: '{ignore: [/header/0]}' },
    problems: ['invalid_pointer 4:17 /sync/ignore/0'],
    says: /"\/headers\/0"/,
  },
  {
    what: 'a pointer without a slash',
    fields: { sync: '{ignore: [rate_limit]}' },
    problems: ['invalid_pointer 4:17 /sync/ignore/0'],
    says: /Did you mean "\/rate_limit"/,
  },
  {
    what: 'a pointer to everything',
    fields: { sync: '{ignore: [""]}' },
    problems: ['invalid_pointer 4:17 /sync/ignore/0'],
  },
  {
    what: 'a pointer into a text',
    fields: { sync: '{ignore: [/name/0]}' },
    problems: ['invalid_pointer 4:17 /sync/ignore/0'],
    says: /Write \/name\./,
  },
  {
    what: 'a pointer by the name of an entry',
    fields: { sync: '{ignore: [/headers/Accept]}' },
    problems: ['invalid_pointer 4:17 /sync/ignore/0'],
  },
  {
    what: 'a pointer too deep',
    fields: { sync: '{ignore: [/headers/0/value/x]}' },
    problems: ['invalid_pointer 4:17 /sync/ignore/0'],
  },
  {
    what: 'a pointer with a bad escape',
    fields: { sync: '{ignore: [/name~2]}' },
    problems: ['invalid_pointer 4:17 /sync/ignore/0'],
  },
  // what placeholders became
  {
    what: 'a secret that makes a url illegal',
    fields: { url: 'https://a.example/${env:CONNECTOR_LINES}' },
    problems: ['invalid_url 3:6 /url'],
  },
  {
    what: 'a secret that makes a header illegal',
    fields: { headers: '[{name: A, value: "${env:CONNECTOR_LINES}"}]' },
    problems: ['invalid_header_value 4:28 /headers/0/value'],
  },
  {
    what: 'a secret that makes a name too long',
    fields: { name: '${env:CONNECTOR_LONG}' },
    problems: ['too_long 1:7 /name'],
  },
  {
    what: 'a secret that is no method',
    fields: { method: '${env:CONNECTOR_S}' },
    problems: ['not_allowed 2:9 /method'],
    says: /get, post, put or patch\./,
  },
  {
    what: 'a secret that makes the name blank',
    fields: { name: '${env:CONNECTOR_EMPTY}' },
    problems: ['not_allowed 1:7 /name'],
  },
];

const ENVIRONMENT = {
  CONNECTOR_S: SECRET,
  CONNECTOR_LINES: `${SECRET}\n${SECRET}`,
  CONNECTOR_LONG: SECRET.repeat(20),
  CONNECTOR_EMPTY: '',
};

const load = createTextLoader(loaderOptions(ENVIRONMENT));

describe('a definition is invalid, at the right place and without repeating a secret, when it has', () => {
  test.each(DEFECTS)('$what', ({ fields, problems, says = /\w/ }) => {
    const desired = load({ 'a.yaml': definition(fields) });
    const found = problemsOf(desired);
    expect(desired.connectors).toEqual([]);
    expect(found.map(inShort)).toEqual(problems);
    const words = found.map(({ message, hint }) => `${message} ${hint ?? ''}`).join('\n');
    expect(words).not.toContain(SECRET);
    expect(words).toMatch(says);
  });
});

test('every problem of a definition is told at once, up to twenty, in the order of the text', () => {
  const entries = Array.from({ length: 30 }, () => '{nam: a}').join(', ');
  const text = definition({ method: 'fetch', url: 'x', headers: `[${entries}]`, rate_limit: '0' });
  const found = problemsOf(load({ 'a.yaml': text }));
  expect(found).toHaveLength(20);
  expect(found[0]?.code).toBe('not_allowed');
  const places = found.map(({ line, column }) => line * 10_000 + column);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});

test('of a very large definition only the first structural problem is told', () => {
  const entries = Array.from({ length: 3000 }, () => '{nam: a}').join(', ');
  const found = problemsOf(load({ 'a.yaml': definition({ headers: `[${entries}]` }) }));
  expect(found.map(({ code }) => code)).toEqual(['missing_field']);
});
