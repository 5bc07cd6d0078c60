import { describe, expect, test } from 'vitest';

import { locatePath, openLocator } from '../../src/desired/locate.ts';

const TEXT = Buffer.from(`# first
name: A
headers:
  - name: X
    value: |
      block
  - &h
    name: Y
    value: "quoted"
  - *h
rate_limit:
"a/b": 1
---
- list
- {x: 1}
`);

describe('a pointer leads to', () => {
  test.each([
    ['the document', 0, '', 'value', 2, 1],
    ['a value', 0, '/name', 'value', 2, 7],
    ['a key', 0, '/name', 'key', 2, 1],
    ['a list', 0, '/headers', 'value', 4, 3],
    ['an entry', 0, '/headers/0', 'value', 4, 5],
    ['a value within an entry', 0, '/headers/1/value', 'value', 9, 12],
    ['a block', 0, '/headers/0/value', 'value', 5, 12],
    ['the anchored value behind an alias', 0, '/headers/2/name', 'value', 8, 11],
    ['the alias itself', 0, '/headers/2', 'value', 10, 5],
    ['where a missing value would stand', 0, '/rate_limit', 'value', 11, 12],
    ['an escaped name', 0, '/a~1b', 'key', 12, 1],
    ['the map that lacks a field', 0, '/headers/0/nope', 'value', 4, 5],
    ['the list that lacks an entry', 0, '/headers/9/name', 'value', 4, 3],
    ['the text that has no fields', 0, '/name/first', 'value', 2, 7],
    ['the document that lacks a field', 0, '/url', 'value', 2, 1],
    ['a later document', 1, '/1/x', 'value', 15, 7],
    ['the start of the file when the document does not exist', 7, '/name', 'value', 1, 1],
    ['what precedes an index that is none', 0, '/headers/-1', 'value', 4, 3],
  ] as const)('%s', (_, document, pointer, at, line, column) => {
    expect(locatePath(TEXT, document, pointer, at)).toEqual({ line, column });
  });
});

test('columns count after a byte order mark, and in UTF-16 units', () => {
  expect(locatePath(Buffer.from('\ufeff{"😀": 1, "a": 2}'), 0, '/a')).toEqual({ line: 1, column: 16 });
});

test('in a file that cannot be read every place is its first character', () => {
  for (const bytes of [Buffer.from([0xff]), Buffer.from('a: "'), Buffer.from('['.repeat(100)), Buffer.from('')]) {
    expect(openLocator(bytes)(0, '/a')).toEqual({ line: 1, column: 1 });
  }
});
