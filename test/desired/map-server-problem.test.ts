import { describe, expect, test } from 'vitest';

import { createDesiredLoader } from '../../src/desired/load-desired.ts';
import type { ServerProblem } from '../../src/desired/map-server-problem.ts';
import { mapServerProblems } from '../../src/desired/map-server-problem.ts';
import { createRepetitionTest, scrubServerText } from '../../src/desired/scrub-server-text.ts';
import { definition } from '../support/builders.ts';
import { inShort, loaderOptions, sourceTree } from '../support/load-texts.ts';

const TEXT = `name: Public name
method: get
url: https://user:url-passw0rd@a.example/?page=12345&api_key=query-k3y-value
headers:
  - name: Authorization
    value: Bearer h3ader-value
parameters:
  - {name: access_token, value: param-t0ken-value}
  - {name: greeting, value: good-morning}
body:
  - {name: note, value: "\${env:CONNECTOR_NOTE}"}
rate_limit: 60
`;

function loaded() {
  const loader = createDesiredLoader(loaderOptions({ CONNECTOR_NOTE: 'n0te with "quotes" and a\nline break' }));
  const [connector] = loader.load(sourceTree({ 'team/a.yaml': TEXT }), () => false).connectors;
  if (connector === undefined) throw new Error('the fixture is invalid');
  return { connector, locate: loader.locate };
}

function map(...details: readonly Partial<ServerProblem>[]) {
  const { connector, locate } = loaded();
  const whole = details.map((detail) => ({ loc: ['body'], msg: 'Wrong', type: 'value_error', ...detail }));
  return mapServerProblems(whole, connector, locate);
}

describe('where the server points leads to', () => {
  test.each([
    ['a field', ['body', 'rate_limit'], '12:13 /rate_limit'],
    ['the name of a header', ['body', 'headers', 0, 'name'], '5:11 /headers/0/name'],
    ['the field that is called body', ['body', 'body', 0, 'value'], '11:25 /body/0/value'],
    ['a field that the file leaves out', ['body', 'body_template'], '1:1 /body_template'],
    [
      'the value, when it speaks of one branch of a union',
      ['body', 'rate_limit', 'constrained-int'],
      '12:13 /rate_limit',
    ],
    ['the entry, when it speaks of a part we do not know', ['body', 'headers', 0, 'kind'], '5:5 /headers/0'],
    ['the list, when there is no such entry', ['body', 'headers', 9, 'name'], '5:3 /headers'],
    ['the document, for an unknown field', ['body', 'owner'], '1:1 '],
    ['the document, for the body as a whole', ['body'], '1:1 '],
    ['the document, for another part of the request', ['header', 'name'], '1:1 '],
    ['the document, for nothing', [], '1:1 '],
  ])('%s', (_, loc, place) => {
    expect(map({ loc }).map(inShort)).toEqual([`rejected_by_server ${place}`]);
  });
});

test("the server's words are told when they repeat no secret", () => {
  expect(map({ loc: ['body', 'rate_limit'], msg: 'Input should be\n less than 50', type: 'less_than' })).toEqual([
    {
      code: 'rejected_by_server',
      severity: 'error',
      file: 'team/a.yaml',
      line: 12,
      column: 13,
      path: '/rate_limit',
      message: 'The server rejected this: Input should be less than 50',
      hint: null,
    },
  ]);
});

describe('the words are withheld when they repeat', () => {
  test.each([
    ['the value of a header', 'bad value Bearer h3ader-value'],
    ['a part of it', 'bad value h3ader-v...'],
    ['a value with a name like a credential', 'param-t0ken-value is wrong'],
    ['what a placeholder stood for', 'n0te with "quotes" and a\nline break'],
    ['that inside JSON', '{"input": "n0te with \\"quotes\\" and a\\nline break"}'],
    ['user information of the url', 'cannot log in with url-passw0rd'],
    ['a query parameter like a credential', 'https://a.example/?api_key=query-k3y-value'],
    ['a value in capitals', 'BAD VALUE H3ADER-VALUE'],
    ['a value in base64', `cannot use ${btoa('Bearer h3ader-value')}`],
    ['a value in base64 behind something else', `cannot use ${btoa('Authorization: Bearer h3ader-value')}`],
    ['a value in base64 for URLs', `cannot use ${Buffer.from('Bearer h3ader-value').toString('base64url')}`],
    ['a value in hexadecimal digits', `cannot use ${Buffer.from('h3ader-value').toString('hex')}`],
    ['a value in percent signs', `cannot use ${percentEncoded('h3ader-value')}`],
    ['a value in HTML', `cannot use ${entities('h3ader-value')}`],
    ['a value in escapes', `cannot use ${unicodeEscapes('h3ader-value')}`],
    ['a value in JSON in JSON', JSON.stringify(JSON.stringify({ input: 'n0te with "quotes" and a\nline break' }))],
    ['a value in base64 in JSON', JSON.stringify({ input: btoa(JSON.stringify('n0te with "quotes"')) })],
  ])('%s', (_, msg) => {
    const { connector } = loaded();
    expect(scrubServerText(msg, createRepetitionTest(connector))).toBeNull();
    expect(map({ msg })[0]?.message).toBe('The server rejected this (value_error).');
  });

  test('and the kind too, when it is no plain word or a secret itself', () => {
    const msg = 'Bearer h3ader-value';
    expect(map({ msg, type: 'Bearer h3ader-value' })[0]?.message).toBe('The server rejected this.');
    expect(map({ msg, type: '' })[0]?.message).toBe('The server rejected this.');
  });

  test('nothing secret stays as it is', () => {
    const { connector } = loaded();
    for (const text of ['Public name', 'good-morning', 'page 12345', 'a.example']) {
      expect(scrubServerText(text, createRepetitionTest(connector))).toBe(text);
    }
  });
});

test('words that repeat a secret only together are all withheld', () => {
  const parts = ['bad value h3ad', 'er-v', 'alue'].map((msg, index) => ({ loc: ['body', 'headers', index], msg }));
  const messages = map(...parts).map(({ message }) => message);
  expect(new Set(messages)).toEqual(new Set(['The server rejected this (value_error).']));
});

test('a secret that begins where the words are cut is found', () => {
  expect(map({ msg: `${'x'.repeat(296)} h3ader-value` })[0]?.message).toBe('The server rejected this (value_error).');
});

test.each([
  ['the token of a bearer', 'Bearer t0k3', 'no t0k3'],
  ['the password of basic credentials', `Basic ${btoa('user:pa5s')}`, 'wrong pa5s'],
])('%s counts also without what stands before it', (_, value, text) => {
  const repeatsSecret = createRepetitionTest(definition({ config: { headers: [{ name: 'Authorization', value }] } }));
  expect(scrubServerText(text, repeatsSecret)).toBeNull();
  expect(scrubServerText('wrong user', repeatsSecret)).toBe('wrong user');
});

const eachByte = (text: string, spell: (byte: string) => string): string =>
  [...Buffer.from(text)].map((byte) => spell(byte.toString(16).padStart(2, '0'))).join('');
const percentEncoded = (text: string): string => eachByte(text, (byte) => `%${byte}`);
const entities = (text: string): string => eachByte(text, (byte) => `&#x${byte};`);
const unicodeEscapes = (text: string): string => eachByte(text, (byte) => `\\u00${byte}`);

test('long words are cut, control characters removed, and empty words replaced', () => {
  expect(map({ msg: `a\u0000\u001b[31m${'x'.repeat(1000)}` })[0]?.message).toMatch(
    /^The server rejected this: a \[31mx{200,300}$/,
  );
  expect(map({ msg: ' ' })[0]?.message).toBe('The server rejected this (value_error).');
});

test('repeated entries are told once, and at most twenty in all', () => {
  const union = { loc: ['body', 'rate_limit', 'int'], msg: 'Wrong' };
  expect(map(union, { ...union, loc: ['body', 'rate_limit', 'none'] })).toHaveLength(1);
  expect(map(...Array.from({ length: 100 }, (_, i) => ({ msg: `Wrong ${i}` })))).toHaveLength(20);
});

test('without a place the file is named at least', () => {
  const { connector } = loaded();
  const problems = mapServerProblems([{ loc: ['body', 'url'], msg: 'Wrong', type: 'x' }], connector, () => null);
  expect(problems).toMatchObject([{ file: 'team/a.yaml', line: 1, column: 1, path: '/url' }]);
});
