import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatPointer, parsePointer, replaceAt, valueAt } from '../../src/model/pointer.ts';

// The examples of RFC 6901, section 5.
const DOCUMENT = { foo: ['bar', 'baz'], '': 0, 'a/b': 1, 'c%d': 2, 'e^f': 3, 'g|h': 4, 'k"l': 6, ' ': 7, 'm~n': 8 };

describe('the value at a pointer', () => {
  test.each([
    ['', DOCUMENT],
    ['/foo', ['bar', 'baz']],
    ['/foo/0', 'bar'],
    ['/', 0],
    ['/a~1b', 1],
    ['/c%d', 2],
    ['/e^f', 3],
    ['/g|h', 4],
    ['/k"l', 6],
    ['/ ', 7],
    ['/m~0n', 8],
  ])('%j', (pointer, value) => {
    expect(valueAt(DOCUMENT, pointer)).toEqual(value);
  });

  test.each(['/bar', '/foo/2', '/foo/-', '/foo/00', '/foo/length', '/foo/0/x', '/toString', '/__proto__', '/foo/map'])(
    '%j leads nowhere',
    (pointer) => {
      expect(valueAt(DOCUMENT, pointer)).toBe(undefined);
    },
  );

  test('of a value that is null or no object is undefined', () => {
    expect([valueAt(null, '/a'), valueAt('text', '/length'), valueAt(undefined, '/a')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

test('segments survive being written and read, whatever they hold', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: fc.constantFrom('~', '/', '0', '1', 'a') })), (segments) => {
      expect(parsePointer(formatPointer(segments))).toEqual(segments);
    }),
  );
  expect(formatPointer(['headers', 0, 'value'])).toBe('/headers/0/value');
});

describe('a replacement', () => {
  test('gives a copy, and leaves what it came from alone', () => {
    const root = { list: [{ value: 1 }, { value: 2 }], other: { kept: true } };
    const copy = replaceAt(root, '/list/1/value', 3);
    expect(copy).toEqual({ list: [{ value: 1 }, { value: 3 }], other: { kept: true } });
    expect(root.list[1]).toEqual({ value: 2 });
    expect(copy.other).toBe(root.other);
    expect(copy.list[0]).toBe(root.list[0]);
  });

  test('of the root is the replacement', () => {
    expect(replaceAt<unknown>({ a: 1 }, '', 'all')).toBe('all');
  });

  test.each(['/b', '/list/2', '/list/-', '/list/length', '/list/0/x', '/__proto__/x'])(
    'at %s, which leads nowhere, changes nothing',
    (pointer) => {
      const root = { list: ['a', 'b'] };
      expect(replaceAt(root, pointer, 'c')).toEqual({ list: ['a', 'b'] });
    },
  );
});
