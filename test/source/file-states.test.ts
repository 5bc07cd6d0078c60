import { renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createFileStates } from '../../src/source/file-states.ts';
import { makeDirectory } from '../support/source-directory.ts';

test('a file that was noted has changed when it was written to, replaced or is gone, whatever its times say', () => {
  const base = makeDirectory();
  const [file, other] = [join(base, 'a'), join(base, 'b')];
  for (const path of [file, other]) writeFileSync(path, 'x');
  const before = statSync(file);
  const states = createFileStates(2);
  states.note(1, before);
  expect([states.isNoted(0), states.isNoted(1)]).toEqual([false, true]);
  expect(states.hasChanged(1, statSync(file))).toBe(false);
  expect(states.hasChanged(1, undefined)).toBe(true);

  expect(states.hasChanged(1, statSync(other))).toBe(true);
  writeFileSync(file, 'longer');
  expect(states.hasChanged(1, statSync(file))).toBe(true);
  utimesSync(other, before.atime, before.mtime);
  renameSync(other, file);
  expect(states.hasChanged(1, statSync(file))).toBe(true);
});
