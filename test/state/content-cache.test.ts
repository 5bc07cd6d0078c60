import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ContentCacheOptions, StoredContentCache } from '../../src/state/content-cache.ts';
import { openContentCache } from '../../src/state/content-cache.ts';
import { temporaryDirectory } from '../support/state-fixtures.ts';

const installationKey = Buffer.alloc(32, 7);

function optionsIn(directory: string): ContentCacheOptions {
  const file = join(directory, 'parsed.cache');
  return { file, secret: 'an API key', installationKey, maker: 'this build', readOnly: false };
}

const contentOf = (index: number): Buffer => Buffer.from(`name: Straße ${index}\n`);
const madeOf = (index: number): string => `{"name":"Straße ${index}"}`;

function noteAll(cache: StoredContentCache, count: number): void {
  for (let index = 0; index < count; index += 1) cache.note(`a/${index}.yaml`, contentOf(index), () => madeOf(index));
}

/** A cache of 200 files, as an earlier process left it. */
async function keptIn(directory: string): Promise<ContentCacheOptions> {
  const options = optionsIn(directory);
  const cache = openContentCache(options);
  noteAll(cache, 200);
  await cache.save();
  return options;
}

const recalled = (options: ContentCacheOptions): readonly (string | null)[] => {
  const cache = openContentCache(options);
  return Array.from({ length: 200 }, (_, index) => cache.recall(`a/${index}.yaml`, contentOf(index)));
};

function withBitTurned(bytes: Buffer, at: number): Buffer {
  const altered = Buffer.from(bytes);
  altered[at] = (altered[at] ?? 0) ^ 1;
  return altered;
}

const ALL = Array.from({ length: 200 }, (_, index) => madeOf(index));
const NOTHING = ALL.map(() => null);

describe('what was made of files', () => {
  test('is known to the next process, for the same content of the same file', async () => {
    const options = await keptIn(temporaryDirectory());
    expect(recalled(options)).toEqual(ALL);
    const cache = openContentCache(options);
    expect(cache.recall('a/0.yaml', Buffer.from('name: other\n'))).toBeNull();
    expect(cache.recall('b/0.yaml', contentOf(0))).toBeNull();
  });

  test('lies there for its owner alone, and can be read by nobody without the key', async () => {
    const directory = temporaryDirectory();
    const { file } = await keptIn(directory);
    expect(readdirSync(directory)).toEqual(['parsed.cache']);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const bytes = readFileSync(file);
    for (const text of ['Straße', 'name', 'yaml']) expect(bytes.includes(text)).toBe(false);
  });

  test('never lies there twice in the same letters', async () => {
    const [one, other] = [await keptIn(temporaryDirectory()), await keptIn(temporaryDirectory())];
    expect(readFileSync(one.file).subarray(28)).not.toEqual(readFileSync(other.file).subarray(28));
  });

  test.each<[string, Partial<ContentCacheOptions>]>([
    ['another API key', { secret: 'another API key' }],
    ['another installation', { installationKey: Buffer.alloc(32, 8) }],
    ['another build', { maker: 'another build' }],
  ])('is not known to %s', async (_, change) => {
    const options = await keptIn(temporaryDirectory());
    expect(recalled({ ...options, ...change })).toEqual(NOTHING);
  });

  test.each<[string, (bytes: Buffer) => Buffer]>([
    ['altered in one bit', (bytes) => withBitTurned(bytes, bytes.length - 1)],
    ['altered in its tag', (bytes) => withBitTurned(bytes, 13)],
    ['cut off', (bytes) => bytes.subarray(0, -1)],
    ['cut off early', (bytes) => bytes.subarray(0, 20)],
    ['empty', () => Buffer.of()],
    ['something else', () => Buffer.alloc(1000, 'x')],
  ])('is as good as none when the file is %s', async (_, alter) => {
    const options = await keptIn(temporaryDirectory());
    writeFileSync(options.file, alter(readFileSync(options.file)));
    expect(recalled(options)).toEqual(NOTHING);
    await keptIn(join(options.file, '..'));
    expect(recalled(options)).toEqual(ALL);
  });

  test('is not written for a few files, nor when little of it is new', async () => {
    const directory = temporaryDirectory();
    const few = openContentCache(optionsIn(directory));
    noteAll(few, 199);
    await few.save();
    expect(readdirSync(directory)).toEqual([]);

    const options = await keptIn(directory);
    const before = readFileSync(options.file);
    const next = openContentCache(options);
    expect(next.recall('a/0.yaml', contentOf(0))).toBe(madeOf(0));
    next.note('new.yaml', contentOf(1), () => madeOf(1));
    await next.save();
    expect(readFileSync(options.file)).toEqual(before);
  });

  test('is written with what was recalled when much is new, and without what is gone', async () => {
    const options = await keptIn(temporaryDirectory());
    const next = openContentCache(options);
    expect(next.recall('a/7.yaml', contentOf(7))).toBe(madeOf(7));
    for (let index = 0; index < 200; index += 1) next.note(`b/${index}.yaml`, contentOf(index), () => madeOf(index));
    await next.save();
    const last = openContentCache(options);
    expect(last.recall('a/7.yaml', contentOf(7))).toBe(madeOf(7));
    expect(last.recall('a/8.yaml', contentOf(8))).toBeNull();
    expect(last.recall('b/8.yaml', contentOf(8))).toBe(madeOf(8));
  });

  test('is forgotten once it was kept: a process begins once', async () => {
    const options = await keptIn(temporaryDirectory());
    const cache = openContentCache(options);
    expect(cache.recall('a/0.yaml', contentOf(0))).toBe(madeOf(0));
    await cache.save();
    expect(cache.recall('a/0.yaml', contentOf(0))).toBeNull();
  });

  test('is known to a process that may not write, and not changed by it', async () => {
    const options = { ...(await keptIn(temporaryDirectory())), readOnly: true };
    const before = readFileSync(options.file);
    expect(recalled(options)).toEqual(ALL);
    const cache = openContentCache(options);
    for (let index = 0; index < 200; index += 1) cache.note(`b/${index}.yaml`, contentOf(index), () => madeOf(index));
    await cache.save();
    expect(readFileSync(options.file)).toEqual(before);
    expect(readdirSync(join(options.file, '..'))).toEqual(['parsed.cache']);
  });

  test('is not kept beyond 64 MiB', async () => {
    const directory = temporaryDirectory();
    const cache = openContentCache(optionsIn(directory));
    const large = 'x'.repeat(1024 ** 2);
    noteAll(cache, 200);
    for (let index = 0; index < 64; index += 1) cache.note(`large/${index}.yaml`, Buffer.of(), () => large);
    await cache.save();
    expect(readdirSync(directory)).toEqual([]);
  });

  test('takes the place of what an interrupted process left half written', async () => {
    const directory = temporaryDirectory();
    const options = optionsIn(directory);
    writeFileSync(`${options.file}.new`, 'half', { mode: 0o644 });
    await keptIn(directory);
    expect(readdirSync(directory)).toEqual(['parsed.cache']);
    expect(statSync(options.file).mode & 0o777).toBe(0o600);
  });

  test('is done without where it cannot be written', async () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, 'parsed.cache', 'taken'), { recursive: true });
    await keptIn(directory);
    expect(readdirSync(directory)).toEqual(['parsed.cache']);
    const missing = join(directory, 'missing');
    await keptIn(missing);
    expect(existsSync(missing)).toBe(false);
  });
});
