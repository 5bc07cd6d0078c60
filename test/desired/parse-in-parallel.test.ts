import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createParallelParser } from '../../src/desired/parse-in-parallel.ts';
import { parseYaml } from '../../src/desired/parse-yaml.ts';
import { mixedDefinitions } from '../support/mixed-definitions.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');
const BROKEN = [
  '',
  'name: [',
  'a: 1\na: 2\n',
  '- x\n',
  'n: &a {b: *a}\n',
  'x: 99999999999999999\n',
  '\u0000',
  'x: "\\q"\n',
];
const texts = [...Object.values(mixedDefinitions(900).files), ...BROKEN];
const files = texts.map((text) => Buffer.from(text));
const oneAfterTheOther = files.map((bytes) => parseYaml(bytes));

describe('many files parsed by several threads', () => {
  test.each([
    ['by one thread', { program: MAIN, threads: 1 }],
    ['by three', { program: MAIN, threads: 3 }],
    ['where no other thread can be had', { program: '/nowhere/main.ts', threads: 3 }],
  ])('%s, are what they are one after the other', async (_, options) => {
    expect(await createParallelParser(options)(files, 100_000)).toEqual(oneAfterTheOther);
  });

  test('a few are parsed here', async () => {
    const parse = createParallelParser({ program: '/nowhere/main.ts', threads: 2 });
    expect(await parse(files.slice(0, 20), 100_000)).toEqual(oneAfterTheOther.slice(0, 20));
    expect(await parse([], 100_000)).toEqual([]);
  });

  test('stop when there are more documents than wanted', async () => {
    const parsed = await createParallelParser({ program: MAIN, threads: 2 })(files, 100);
    const done = parsed.filter((file) => file !== undefined);
    expect(done.length).toBeGreaterThan(50);
    expect(done.length).toBeLessThan(files.length);
  });
});
