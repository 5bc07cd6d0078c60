import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { readCommit } from '../../src/build/read-commit.ts';
import { hasGit, initRepository } from '../support/git-repository.ts';
import { openSite } from '../support/site.ts';

const HASH = '0a07a07fa5e3edcb11f82f2ba715a5f54cea97c0';

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'databar-sync-commit-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

describe('the commit of a build', () => {
  test('is what the build is told, in a directory that is no repository', () => {
    expect(readCommit(temporaryDirectory(), { GIT_COMMIT: HASH })).toBe(HASH);
  });

  test.each(['main', '0A07A07', 'v1', '0a07'])('told as "%s", which is no commit, breaks the build off', (given) => {
    expect(() => readCommit(temporaryDirectory(), { GIT_COMMIT: given })).toThrow(`found "${given}"`);
  });

  test.each([undefined, ''])('is not known without git and without being told (%j)', (given) => {
    expect(readCommit(temporaryDirectory(), { GIT_COMMIT: given })).toBeNull();
  });

  test.skipIf(!hasGit())('is that of the repository, and says when files differ from it', () => {
    const directory = temporaryDirectory();
    const { repository, commits } = initRepository(directory, [{ 'a.txt': '1' }]);
    repository.checkout(commits[0] ?? '');
    expect(readCommit(directory, {})).toBe(commits[0]);
    writeFileSync(join(directory, 'a.txt'), '2');
    expect(readCommit(directory, {})).toBe(`${commits[0]}-dirty`);
  });

  test.skipIf(!hasGit())('is not that of a repository around the directory', () => {
    const directory = temporaryDirectory();
    const { repository, commits } = initRepository(directory, [{ 'a.txt': '1' }]);
    repository.checkout(commits[0] ?? '');
    mkdirSync(join(directory, 'unpacked'));
    expect(readCommit(join(directory, 'unpacked'), {})).toBeNull();
  });
});

test('--version prints the version, and the commit where it is known', async () => {
  const site = await openSite();
  const { code, stdout } = await site.run('--version');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+(?: \(commit [0-9a-f]{7,64}(?:-dirty)?\))?\n$/u);
  expect(stdout).toContain(manifest.version);
});
