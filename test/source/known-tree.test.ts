/** A tree that was read before is read again. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import type { SourceFile, SourceReading } from '../../src/model/source.ts';
import type { ReadConnectorsOptions } from '../../src/source/read-connectors.ts';
import { readConnectors } from '../../src/source/read-connectors.ts';
import { makeDirectory, writeFiles } from '../support/source-directory.ts';

const MAX_FILE_BYTES = 6;
const FILES = { 'a.yaml': 'one', 'b.yaml': '', 'c.json': 'longer', 'd.yml': 'four' };

async function read(base: string, options: ReadConnectorsOptions = {}): Promise<SourceReading> {
  return readConnectors(base, { maxFileBytes: MAX_FILE_BYTES, sleep: async () => Promise.resolve(), ...options });
}

function filesOf(reading: SourceReading): readonly SourceFile[] {
  return reading.status === 'ok' ? reading.files : [];
}

const text = fc.constantFrom('', 'o', 'on', 'one', 'ONE', 'ones', 'four', 'fo', 'longer', 'longest');
const edit = fc.oneof(
  fc.record({ kind: fc.constant('write' as const), content: text }),
  fc.record({ kind: fc.constantFrom('remove', 'pipe', 'directory', 'link', 'dead link') }),
);
const edits = fc.array(fc.tuple(fc.constantFrom(...Object.keys(FILES), 'e.yaml'), edit), { maxLength: 3 });

function apply(base: string, name: string, change: { readonly kind: string; readonly content?: string }): void {
  const path = join(base, name);
  rmSync(path, { force: true, recursive: true });
  if (change.kind === 'write') writeFileSync(path, change.content ?? '');
  if (change.kind === 'pipe') execFileSync('mkfifo', [path]);
  if (change.kind === 'directory') mkdirSync(path);
  if (change.kind === 'link') symlinkSync('d.yml', path);
  if (change.kind === 'dead link') symlinkSync('nowhere', path);
}

test('it reads as if nothing were known of it, whatever has become of its files', async () => {
  await fc.assert(
    fc.asyncProperty(edits, async (changes) => {
      const base = makeDirectory();
      writeFiles(base, FILES);
      const known = filesOf(await read(base));
      for (const [name, change] of changes) apply(base, name, change);

      const told: SourceFile[] = [];
      const after = await read(base, { known, onNew: (file) => told.push(file) });
      expect(after).toEqual(await read(base));
      const unknown = filesOf(after).filter((file) => !known.includes(file));
      expect(new Set(told)).toEqual(new Set(unknown));
      for (const file of unknown) expect(known).not.toContainEqual(file);
      if (unknown.length === 0 && filesOf(after).length === known.length) expect(filesOf(after)).toBe(known);
    }),
  );
});

test.for([
  ['a.yaml', 'ONE'],
  ['a.yaml', 'ones'],
  ['a.yaml', 'on'],
  ['a.yaml', ''],
  ['b.yaml', 'o'],
] as const)('only %s has changed, to "%s"', async ([name, content]) => {
  const base = makeDirectory();
  writeFiles(base, FILES);
  const known = filesOf(await read(base));
  writeFileSync(join(base, name), content);
  const after = filesOf(await read(base, { known }));
  expect(after.filter((file) => !known.includes(file))).toEqual([{ path: name, bytes: Buffer.from(content) }]);
});
