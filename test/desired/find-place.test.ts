import { expect, test } from 'vitest';

import type { PlacedFile } from '../../src/desired/find-place.ts';
import { createPlaceFinder } from '../../src/desired/find-place.ts';

/** A file that counts how often it is opened. */
function createFile(text: string): PlacedFile & { readonly opened: () => number } {
  let reads = 0;
  return {
    get bytes() {
      reads += 1;
      return Buffer.from(text);
    },
    opened: () => reads,
  };
}

test('a file is opened once for all places that are looked up one after the other', () => {
  const find = createPlaceFinder();
  const file = createFile('a: 1\nb: 2\n');
  expect(find(file, 0, '/a')).toEqual({ line: 1, column: 4 });
  expect(find(file, 0, '/b')).toEqual({ line: 2, column: 4 });
  expect(find(file, 0, '/b', 'key')).toEqual({ line: 2, column: 1 });
  expect(file.opened()).toBe(1);
});

test('a place that was found before is known without opening its file', () => {
  const find = createPlaceFinder();
  const [one, other] = [createFile('a: 1\n'), createFile('# x\na: 1\n')];
  for (let load = 0; load < 3; load += 1) {
    expect(find(one, 0, '/a')).toEqual({ line: 1, column: 4 });
    expect(find(other, 0, '/a')).toEqual({ line: 2, column: 4 });
  }
  expect([one.opened(), other.opened()]).toEqual([1, 1]);
});
