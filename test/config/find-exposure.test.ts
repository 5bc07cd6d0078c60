import { chmodSync, linkSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findExposure } from '../../src/config/find-exposure.ts';
import { readSecret } from '../../src/desired/read-secret.ts';
import type { ConfigDirectory } from '../support/config-directory.ts';
import { makeConfigDirectory } from '../support/config-directory.ts';

let directory: ConfigDirectory;
let secrets: string;
/** A key beside the secrets directory. */
let key: string;
beforeEach(() => {
  directory = makeConfigDirectory();
  secrets = join(directory.path, 'secrets');
  mkdirSync(secrets);
  key = directory.write('key', 'hunter2');
});
afterEach(() => {
  directory.remove();
});

/** As Kubernetes mounts a secret: `api-key -> ..data/api-key` and `..data -> ..2026`. */
function mountSecret(): void {
  mkdirSync(join(secrets, '..2026'));
  directory.write('secrets/..2026/api-key', 'hunter2');
  symlinkSync('..2026', join(secrets, '..data'));
  symlinkSync('..data/api-key', join(secrets, 'api-key'));
}

/** Whether a definition is given our key, under whatever of these names. */
function isGivenAway(...names: readonly string[]): boolean {
  return names.some((name) => readSecret(secrets, name).status === 'value');
}

describe('a file of our own is exposed', () => {
  test('in the secrets directory, and where a link to there names it', () => {
    const inside = directory.write('secrets/api-key', 'hunter2');
    const outside = join(directory.path, 'link');
    symlinkSync('secrets/api-key', outside);
    expect(isGivenAway('api-key')).toBe(true);
    expect(findExposure(secrets, inside)).toBe('it lies in secrets.dir');
    expect(findExposure(secrets, outside)).toBe('it lies in secrets.dir');
  });

  test.each(['..data/api-key', '..2026/api-key'])('in a mounted Kubernetes secret, as %s', (name) => {
    mountSecret();
    expect(isGivenAway('api-key')).toBe(true);
    expect(findExposure(secrets, join(secrets, name))).toBe('"api-key" in secrets.dir leads to it');
  });

  test('under a second name, which no link tells of', () => {
    linkSync(key, join(secrets, 'other'));
    expect(isGivenAway('other')).toBe(true);
    expect(findExposure(secrets, key)).toBe('"other" in secrets.dir leads to it');
  });

  test('before it is there, when a link leads to where it will be', () => {
    rmSync(key);
    symlinkSync('secrets/api-key', key);
    expect(findExposure(secrets, key)).toBe('it lies in secrets.dir');
    rmSync(secrets, { recursive: true });
    expect(findExposure(secrets, key)).toBe('it lies in secrets.dir');
  });

  test('for all that can be told, when there are too many entries', () => {
    for (const name of ['a', 'b', 'c']) directory.write(`secrets/${name}`, '');
    expect(findExposure(secrets, key, 3)).toBeNull();
    expect(findExposure(secrets, key, 2)).toBe('secrets.dir has more than 2 entries, too many to look at each');
  });

  test.runIf(process.getuid?.() !== 0)(
    'for all that can be told, when names are hidden and files can be opened',
    () => {
      chmodSync(secrets, 0o300);
      expect(findExposure(secrets, key)).toBe('secrets.dir cannot be listed to see that nothing in it leads there');
      chmodSync(secrets, 0o000);
      expect(findExposure(secrets, key)).toBeNull();
      chmodSync(secrets, 0o700);
    },
  );
});

describe('a file of our own is out of reach', () => {
  test('deeper, when no entry leads to it', () => {
    mkdirSync(join(secrets, 'ours'));
    const deeper = directory.write('secrets/ours/key', 'hunter2');
    symlinkSync('ours', join(secrets, 'link'));
    expect(findExposure(secrets, deeper)).toBeNull();
    expect(isGivenAway('ours', 'link', 'key')).toBe(false);
  });

  test('when an entry leads out of the directory to it, which no placeholder follows', () => {
    symlinkSync('../key', join(secrets, 'link'));
    expect(findExposure(secrets, key)).toBeNull();
    expect(isGivenAway('link')).toBe(false);
  });

  test('beside others, links that lead nowhere or round among them', () => {
    symlinkSync('nowhere', join(secrets, 'dangling'));
    symlinkSync('loop', join(secrets, 'loop'));
    directory.write('secrets/token', 'x');
    expect(findExposure(secrets, key)).toBeNull();
  });

  test('when nothing is there, or a link leads round, or the directory is a file', () => {
    symlinkSync('round', join(directory.path, 'round'));
    expect(findExposure(secrets, join(directory.path, 'round'))).toBeNull();
    expect(findExposure(join(directory.path, 'round'), key)).toBeNull();
    expect(findExposure(join(directory.path, 'none'), join(directory.path, 'nor-this'))).toBeNull();
    expect(findExposure(directory.write('file', ''), key)).toBeNull();
  });
});
