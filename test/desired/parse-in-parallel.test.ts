import { describe, expect, test } from 'vitest';
import { parseThread } from '#parse-thread';
import type { ParallelOptions } from '../../src/desired/parse-in-parallel.ts';
import { createParallelParser } from '../../src/desired/parse-in-parallel.ts';
import type { ParsedFile } from '../../src/desired/parse-yaml.ts';
import { parseYaml } from '../../src/desired/parse-yaml.ts';
import { mixedDefinitions } from '../support/mixed-definitions.ts';

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

/** @param pause awaited after each file is added */
async function parse(
  added: readonly Uint8Array[],
  options: ParallelOptions,
  { mostDocuments = 100_000, pause }: { mostDocuments?: number; pause?: () => Promise<unknown> } = {},
): Promise<readonly (ParsedFile | undefined)[]> {
  const parsed: ParsedFile[] = [];
  const parsing = createParallelParser(options)(mostDocuments, (index, file) => {
    expect(parsed[index]).toBeUndefined();
    parsed[index] = file;
  });
  for (const bytes of added) {
    parsing.add(bytes);
    await pause?.();
  }
  await parsing.finish();
  return added.map((_, index) => parsed[index]);
}

describe('many files parsed by several threads', () => {
  test.each([
    ['by one thread', { threads: 1, youngGenerationMiB: 4 }],
    ['by three', { threads: 3, youngGenerationMiB: 4 }],
    ['where no other thread can be had', { threads: 3, youngGenerationMiB: 4, code: 'not a script (' }],
    ['where the others end at once', { threads: 3, youngGenerationMiB: 4, code: 'process.exit(3)' }],
  ])('%s, are what they are one after the other', async (_, options) => {
    expect(await parse(files, options)).toEqual(oneAfterTheOther);
  });

  test.each([1, 3])('end with what the receiver throws, whichever of %i threads parsed', async (threads) => {
    let received = 0;
    const parsing = createParallelParser({ threads, youngGenerationMiB: 4 })(100_000, () => {
      received += 1;
      throw new Error(`defect ${received}`);
    });
    for (const bytes of files) parsing.add(bytes);
    await expect(parsing.finish()).rejects.toThrow('defect 1');
    expect(received).toBe(files.length);
  });

  test('are parsed while others are still being added', async () => {
    const slowly = { pause: async () => new Promise(setImmediate) };
    expect(await parse(files, { threads: 2, youngGenerationMiB: 4 }, slowly)).toEqual(oneAfterTheOther);
  });

  test('are missing where a thread took them and broke', async () => {
    const breaking = parseThread.replace('postMessage', 'postNothing');
    const parsed = await parse(
      files,
      { threads: 2, youngGenerationMiB: 4, code: breaking },
      { pause: async () => new Promise(setImmediate) },
    );
    const done = parsed.filter((file) => file !== undefined);
    expect(done.length).toBeGreaterThan(0);
    expect(done.length).toBeLessThanOrEqual(files.length);
    for (const [index, file] of parsed.entries())
      expect(file ?? oneAfterTheOther[index]).toEqual(oneAfterTheOther[index]);
  });

  test('are left to whoever needs them where they are few', async () => {
    const few = await parse(files.slice(0, 20), { threads: 2, youngGenerationMiB: 4 });
    expect(few.every((file) => file === undefined)).toBe(true);
    expect(await parse([], { threads: 2, youngGenerationMiB: 4 })).toEqual([]);
  });

  test('stop when there are more documents than wanted', async () => {
    const parsed = await parse(files, { threads: 2, youngGenerationMiB: 4 }, { mostDocuments: 100 });
    const done = parsed.filter((file) => file !== undefined);
    expect(done.length).toBeGreaterThan(50);
    expect(done.length).toBeLessThan(files.length);
  });
});
