import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ensureDirectory } from '../../src/state/state-directory.ts';
import { temporaryDirectory } from '../support/state-fixtures.ts';

const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe('the state directory', () => {
  test('is made for its owner alone, as are those above it that are missing', () => {
    const base = temporaryDirectory();
    ensureDirectory(join(base, 'a', 'b'));
    expect([modeOf(join(base, 'a')), modeOf(join(base, 'a', 'b'))]).toEqual([0o700, 0o700]);
  });

  test('is left as it is when it is there', () => {
    const base = temporaryDirectory();
    mkdirSync(join(base, 'a'), { mode: 0o750 });
    ensureDirectory(join(base, 'a'));
    expect(modeOf(join(base, 'a'))).toBe(0o750);
  });

  test('is refused where a file lies in its place, or above it', () => {
    const base = temporaryDirectory();
    writeFileSync(join(base, 'a'), '');
    expect(() => ensureDirectory(join(base, 'a'))).toThrow('EEXIST');
    expect(() => ensureDirectory(join(base, 'a', 'b'))).toThrow('ENOTDIR');
  });

  test.runIf(existsSync('/proc/self'))('is refused where nothing can be made, and at once', () => {
    expect(() => ensureDirectory('/proc/databar-sync/state')).toThrow('ENOENT');
  });
});
