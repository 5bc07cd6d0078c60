import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { digestSource } from '../../src/build/digest-source.ts';
import { makeDirectory, writeFiles } from '../support/source-directory.ts';

const SOURCE = { 'package-lock.json': '{}', 'src/a.ts': 'one', 'src/b/c.ts': 'two' };

function digestOf(files: Readonly<Record<string, string>>): string {
  const root = makeDirectory();
  writeFiles(root, files);
  return digestSource(root);
}

test('the same sources have one digest, wherever they are', () => {
  expect(digestOf(SOURCE)).toBe(digestOf(SOURCE));
  expect(digestOf(SOURCE)).toMatch(/^[0-9a-f]{64}$/u);
});

test.each<[string, Readonly<Record<string, string>>]>([
  ['a library', { ...SOURCE, 'package-lock.json': '{"a": 1}' }],
  ['a file', { ...SOURCE, 'src/b/c.ts': 'three' }],
  ['a name', { 'package-lock.json': '{}', 'src/a.ts': 'one', 'src/b/d.ts': 'two' }],
  ['one file more', { ...SOURCE, 'src/d.ts': '' }],
])('another one has another digest: %s', (_, files) => {
  expect(digestOf(files)).not.toBe(digestOf(SOURCE));
});

test('what is no source does not matter', () => {
  const root = makeDirectory();
  writeFiles(root, SOURCE);
  const before = digestSource(root);
  writeFileSync(join(root, 'README.md'), 'text');
  expect(digestSource(root)).toBe(before);
});
