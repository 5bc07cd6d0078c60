import { describe, expect, test } from 'vitest';

import { createTextLoader, loaderOptions } from '../support/load-texts.ts';

const definition = (name: string, more = ''): string => `name: ${name}\nmethod: get\nurl: https://a.example\n${more}`;
const documents = (...texts: readonly string[]): string => texts.join('---\n');

const load = createTextLoader(loaderOptions({ CONNECTOR_NAME: 's3cret-name' }));

/** What the load says of a set: the keys that are valid, and `file code line:column: message` of every problem. */
function judge(texts: Readonly<Record<string, string>>, bound: readonly string[] = []) {
  const desired = load(texts, (key) => bound.includes(key));
  return {
    valid: desired.connectors.map(({ key }) => key),
    problems: desired.invalid.flatMap(({ problems }) =>
      problems.map(({ file, code, line, column, message }) => `${file} ${code} ${line}:${column} ${message}`),
    ),
  };
}

describe('keys', () => {
  test('of single documents are their paths without the extension, even with a ref', () => {
    const texts = {
      'a.yaml': definition('A'),
      'team/b.yml': definition('B', 'sync: {ref: x}\n'),
      'c.d.json': '{"name":"C","method":"get","url":"https://a.example"}',
    };
    expect(judge(texts)).toEqual({ valid: ['a', 'c.d', 'team/b'], problems: [] });
  });

  test('of several documents have their refs', () => {
    const text = documents(definition('A', 'sync: {ref: one}\n'), definition('B', 'sync: {ref: two}\n'));
    expect(judge({ 'a.yaml': text })).toEqual({ valid: ['a#one', 'a#two'], problems: [] });
  });

  test('a document without a ref is invalid, and the others of its file are not', () => {
    const text = documents(
      definition('A', 'sync: {ref: one}\n'),
      definition('B'),
      definition('C', 'sync: {protect: true}\n'),
    );
    const { invalid, connectors } = load({ 'a.yaml': text });
    expect(connectors.map(({ key, document }) => [key, document])).toEqual([['a#one', 0]]);
    expect(invalid).toMatchObject([
      {
        key: 'a',
        wholeFile: true,
        name: 'B',
        problems: [{ code: 'missing_ref', line: 6, column: 1, path: '/sync/ref' }],
      },
      { key: 'a', wholeFile: true, name: 'C', problems: [{ code: 'missing_ref', line: 13, column: 7 }] },
    ]);
  });

  test('an invalid ref is told once, not as a missing one', () => {
    const text = documents(definition('A', 'sync: {ref: one}\n'), definition('B', 'sync: {ref: "a b"}\n'));
    expect(judge({ 'a.yaml': text }).problems).toEqual([expect.stringContaining('not_allowed 9:13')]);
  });

  test('two documents with one ref are both invalid', () => {
    const one = 'sync: {ref: one}\n';
    const text = documents(definition('A', one), definition('B', one), definition('C', 'sync: {ref: two}\n'));
    const { valid, problems } = judge({ 'a.yaml': text });
    expect(valid).toEqual(['a#two']);
    expect(problems).toEqual([
      'a.yaml duplicate_ref 4:13 Another document of this file has the ref "one" too.',
      'a.yaml duplicate_ref 9:13 Another document of this file has the ref "one" too.',
    ]);
  });

  test('files that differ only in their extension are all invalid, and each names the others', () => {
    const texts = {
      'a.json': '{"name": "A"}',
      'a.yaml': definition('B'),
      'a.yml': 'name: [',
      'b.yaml': definition('C'),
    };
    const { valid, problems } = judge(texts);
    expect(valid).toEqual(['b']);
    expect(problems.filter((problem) => problem.includes('duplicate_definition_key'))).toEqual([
      'a.json duplicate_definition_key 1:1 The key "a" is also that of a.yaml, a.yml.',
      'a.yaml duplicate_definition_key 1:1 The key "a" is also that of a.json, a.yml.',
      'a.yml duplicate_definition_key 1:1 The key "a" is also that of a.json, a.yaml.',
    ]);
  });

  test('a file whose name looks like a ref contradicts that ref', () => {
    const text = documents(definition('A', 'sync: {ref: b}\n'), definition('B', 'sync: {ref: c}\n'));
    const { valid, problems } = judge({ 'a.yaml': text, 'a#b.yaml': definition('C') });
    expect(valid).toEqual(['a#c']);
    expect(problems).toEqual([
      'a#b.yaml duplicate_definition_key 1:1 The key "a#b" is also that of a.yaml (ref b).',
      'a.yaml duplicate_definition_key 1:1 The key "a#b" is also that of a#b.yaml.',
    ]);
  });
});

describe('ids', () => {
  test('two definitions with one id are both invalid, also when one of them is invalid anyway', () => {
    const texts = {
      'a.yaml': definition('A', 'id: 7\n'),
      'b.yaml': definition('B', 'id: 7\nfoo: 1\n'),
      'c.yaml': definition('C', 'id: 8\n'),
    };
    const { valid, problems } = judge(texts, ['a', 'b']);
    expect(valid).toEqual(['c']);
    expect(problems).toEqual([
      'a.yaml duplicate_id 4:5 The id 7 is also that of b.yaml.',
      'b.yaml duplicate_id 4:5 The id 7 is also that of a.yaml.',
      expect.stringContaining('b.yaml unknown_field 5:1'),
    ]);
  });
});

describe('names', () => {
  test('two definitions with one name and nothing else to tell them apart are both invalid', () => {
    const { valid, problems } = judge({
      'a.yaml': definition('X'),
      'b.yaml': definition('X'),
      'c.yaml': definition('x'),
    });
    expect(valid).toEqual(['c']);
    expect(problems).toEqual([
      'a.yaml duplicate_name 1:7 The name "X" is also that of b.yaml.',
      'b.yaml duplicate_name 1:7 The name "X" is also that of a.yaml.',
    ]);
  });

  test.each([
    ['one is pinned', { 'a.yaml': definition('X', 'id: 1\n'), 'b.yaml': definition('X') }, []],
    ['one is bound', { 'a.yaml': definition('X'), 'b.yaml': definition('X') }, ['b']],
    [
      'one is pinned and one bound of three',
      { 'a.yaml': definition('X', 'id: 1\n'), 'b.yaml': definition('X'), 'c.yaml': definition('X') },
      ['b'],
    ],
  ])('are fine twice when %s', (_, texts, bound) => {
    expect(judge(texts, bound).problems).toEqual([]);
  });

  test('those that are pinned or bound are not blamed for the others', () => {
    const texts = Object.fromEntries(['a', 'b', 'c', 'd'].map((key) => [`${key}.yaml`, definition('X')]));
    const { valid, problems } = judge({ ...texts, 'd.yaml': definition('X', 'id: 1\n') }, ['c']);
    expect(valid).toEqual(['c', 'd']);
    expect(problems).toHaveLength(2);
  });

  test('of a crowd only three others are named', () => {
    const texts = Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`${i}.yaml`, definition('X')]));
    expect(judge(texts).problems[5]).toBe(
      '5.yaml duplicate_name 1:7 The name "X" is also that of 0.yaml, 1.yaml, 2.yaml, 2 more.',
    );
  });

  test('that come from a secret are compared, and never shown', () => {
    const { valid, problems } = judge({
      'a.yaml': definition('"${env:CONNECTOR_NAME}"'),
      'b.yaml': definition('s3cret-name'),
    });
    expect(valid).toEqual([]);
    expect(problems[0]).toBe('a.yaml duplicate_name 1:7 This name is also that of b.yaml.');
  });

  test('of which one is in an unreadable definition count too', () => {
    expect(judge({ 'a.yaml': definition('X'), 'b.yaml': definition('X', 'foo: 1\n') }).valid).toEqual([]);
  });
});
