import { execFileSync } from 'node:child_process';
import { renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { SourceFile, SourceReading } from '../../src/model/source.ts';
import type { FirstLook } from '../../src/source/read-connectors.ts';
import { lookAhead, readConnectors } from '../../src/source/read-connectors.ts';
import { createSourceReader } from '../../src/source/source-reader.ts';
import { makeDirectory, publishWorktree, writeFiles } from '../support/source-directory.ts';

const FILES = { 'a.yaml': 'one', 'b.yaml': 'two', 'team/c.yaml': 'six' };

async function look(base: string): Promise<FirstLook> {
  const ahead = await lookAhead(base);
  if (ahead === null) throw new Error('expected a look ahead');
  return ahead;
}

function contents(reading: SourceReading): Record<string, string> | string {
  if (reading.status !== 'ok') return reading.status;
  return Object.fromEntries(reading.files.map((file) => [file.path, file.bytes.toString()]));
}

/** Write other bytes of the same length, and give the file its time of modification again. */
function changeInSecret(path: string, content: string): void {
  const { atime, mtime } = statSync(path);
  writeFileSync(path, content);
  utimesSync(path, atime, mtime);
}

describe('a look ahead', () => {
  test('spares the reading: the files are those that it has read', async () => {
    const base = makeDirectory();
    writeFiles(base, FILES);
    const ahead = await look(base);
    const reading = await readConnectors(base, { ahead });
    expect(contents(reading)).toEqual(FILES);
    expect(reading.status === 'ok' && reading.files.every((file, index) => file === ahead.contents.files[index])).toBe(
      true,
    );
  });

  test.for<readonly [string, (base: string) => void]>([
    ['a file was written', (base) => writeFileSync(join(base, 'a.yaml'), 'longer')],
    ['a file was written with its old length and time', (base) => changeInSecret(join(base, 'b.yaml'), 'TWO')],
    ['a file came', (base) => writeFileSync(join(base, 'team/d.yaml'), 'new')],
    ['a file went', (base) => rmSync(join(base, 'a.yaml'))],
    ['two files changed their places', swapFiles],
    ['a directory was exchanged for another', exchangeDirectory],
    ['a link came', (base) => symlinkSync('a.yaml', join(base, 'e.yaml'))],
    ['a link came that leads nowhere', (base) => symlinkSync('nowhere', join(base, 'e.yaml'))],
    ['a file became something else', becomePipe],
    ['all went', (base) => rmSync(base, { recursive: true })],
  ])('is worth nothing when %s', async ([, change]) => {
    const base = makeDirectory();
    writeFiles(base, FILES);
    const ahead = await look(base);
    change(base);
    const sleep = async (): Promise<void> => Promise.resolve();
    expect(await readConnectors(base, { ahead, sleep })).toEqual(await readConnectors(base, { sleep }));
  });

  test('is worth nothing for a file that was changed twice in one tick of a coarse clock', async () => {
    const base = makeDirectory();
    writeFiles(base, FILES);
    const ahead = await look(base);
    writeFileSync(join(base, 'a.yaml'), 'ONE');
    // As it would look if the second change bore the time of the first.
    const blind = {
      ...ahead,
      contents: { ...ahead.contents, states: { ...ahead.contents.states, hasChanged: () => false } },
    };
    expect(contents(await readConnectors(base, { ahead: blind }))).toEqual({ ...FILES, 'a.yaml': 'ONE' });
  });

  test('is worth nothing when another commit was checked out, though the files are the same', async () => {
    const base = makeDirectory();
    publishWorktree(base, '1'.repeat(40), FILES);
    const ahead = await look(join(base, 'current'));
    publishWorktree(base, '2'.repeat(40), FILES);
    const reading = await readConnectors(join(base, 'current'), { ahead });
    expect(reading).toMatchObject({ status: 'ok', revision: '2'.repeat(40) });
  });

  test('is none where not all is well', async () => {
    const base = makeDirectory();
    writeFiles(base, FILES);
    symlinkSync('nowhere', join(base, 'e.yaml'));
    expect(await lookAhead(base)).toBeNull();
    rmSync(join(base, 'e.yaml'));
    becomePipe(base);
    expect(await lookAhead(base)).toBeNull();
    expect(await lookAhead(join(base, 'missing'))).toBeNull();
  });
});

function swapFiles(base: string): void {
  renameSync(join(base, 'a.yaml'), join(base, 'x'));
  renameSync(join(base, 'b.yaml'), join(base, 'a.yaml'));
  renameSync(join(base, 'x'), join(base, 'b.yaml'));
}

function exchangeDirectory(base: string): void {
  writeFiles(join(base, '.spare'), { 'c.yaml': 'SIX' });
  rmSync(join(base, 'team'), { recursive: true });
  renameSync(join(base, '.spare'), join(base, 'team'));
}

function becomePipe(base: string): void {
  rmSync(join(base, 'a.yaml'));
  execFileSync('mkfifo', [join(base, 'a.yaml')]);
}

describe('a reader of a source', () => {
  test('tells of new content, whether it looked ahead or not, and gives the same object for the same content', async () => {
    const base = makeDirectory();
    writeFiles(base, FILES);
    const reader = createSourceReader(base, () => undefined);
    const told: string[] = [];
    const onNew = ({ path, bytes }: SourceFile): void => void told.push(`${path} ${bytes.toString()}`);
    const first = await reader.read(onNew);
    expect(told.splice(0)).toEqual(['a.yaml one', 'b.yaml two', 'team/c.yaml six']);

    writeFileSync(join(base, 'a.yaml'), 'eins');
    reader.lookAhead();
    reader.lookAhead();
    const second = await reader.read(onNew);
    expect(told.splice(0)).toEqual(['a.yaml eins']);
    expect(contents(second)).toEqual({ ...FILES, 'a.yaml': 'eins' });
    expect(sharedPaths(first, second)).toEqual(['b.yaml', 'team/c.yaml']);

    const third = await reader.read(onNew);
    expect(told).toEqual([]);
    expect(sharedPaths(second, third)).toEqual(Object.keys(FILES));
  });

  test('gives the same list when all is as it was, whether it looked ahead or not', async () => {
    const base = makeDirectory();
    writeFiles(base, FILES);
    const reader = createSourceReader(base, () => undefined);
    const read = async (): Promise<unknown> => {
      const reading = await reader.read(() => undefined);
      return reading.status === 'ok' ? reading.files : reading.status;
    };
    const first = await read();
    expect(await read()).toBe(first);
    writeFiles(base, FILES);
    reader.lookAhead();
    expect(await read()).toBe(first);
  });

  test('knows what it read while it looked ahead', async () => {
    const base = makeDirectory();
    writeFiles(base, FILES);
    const reader = createSourceReader(base, () => undefined);
    const reading = reader.read(() => undefined);
    reader.lookAhead();
    const told: string[] = [];
    const [first, second] = [await reading, await reader.read(({ path }) => void told.push(path))];
    expect(told).toEqual([]);
    expect(sharedPaths(first, second)).toEqual(Object.keys(FILES));
  });

  test('reads what is there now, however changes, looks ahead and readings follow on each other', async () => {
    const step = fc.oneof(
      fc.constantFrom('look', 'read', 'breathe'),
      fc.record({
        file: fc.constantFrom('a.yaml', 'b.yaml', 'd/c.yaml'),
        content: fc.constantFrom('1', '2', '33', null),
      }),
    );
    let readings = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const base = makeDirectory();
        writeFiles(base, { 'd/z.yaml': '' });
        const reader = createSourceReader(base, () => undefined);
        for (const one of [...steps, 'read']) {
          if (one === 'look') reader.lookAhead();
          else if (one === 'breathe') await new Promise(setImmediate);
          else if (typeof one === 'object' && one.content === null) rmSync(join(base, one.file), { force: true });
          else if (typeof one === 'object') writeFiles(base, { [one.file]: String(one.content) });
          else {
            readings += 1;
            expect(await reader.read(() => undefined)).toEqual(await readConnectors(base));
          }
        }
      }),
      { numRuns: 150 },
    );
    expect(readings).toBeGreaterThan(150);
  });
});

function sharedPaths(before: SourceReading, after: SourceReading): readonly string[] {
  if (before.status !== 'ok' || after.status !== 'ok') return [];
  return after.files.filter((file) => before.files.includes(file)).map(({ path }) => path);
}
