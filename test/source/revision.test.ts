import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { readRevision } from '../../src/source/revision.ts';
import { makeDirectory, publishWorktree, writeFiles } from '../support/source-directory.ts';

const COMMIT = 'a94a8fe5ccb19ba61c4c0873d391e987982fbbd3';
const OTHER = '0beec7b5ea3f0fdbc95d0dd47f3c5bc275da8a33';
const SHA256 = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

describe('the revision of a checkout', () => {
  test('a branch is followed to its loose ref, from a directory deep inside', async () => {
    const base = makeDirectory();
    writeFiles(base, {
      '.git/HEAD': 'ref: refs/heads/main\n',
      '.git/refs/heads/main': `${COMMIT}\n`,
      'a/b/x.yaml': '',
    });
    await expect(readRevision(join(base, 'a/b'))).resolves.toBe(COMMIT);
  });

  test('a packed ref is found, and a loose one goes before it', async () => {
    const base = makeDirectory();
    writeFiles(base, {
      '.git/HEAD': 'ref: refs/heads/main\n',
      '.git/packed-refs': `# pack-refs with: peeled fully-peeled sorted\n${OTHER} refs/heads/other/main\n${COMMIT} refs/heads/main\n^${OTHER}\n`,
    });
    await expect(readRevision(base)).resolves.toBe(COMMIT);
    writeFiles(base, { '.git/refs/heads/main': OTHER });
    await expect(readRevision(base)).resolves.toBe(OTHER);
  });

  test.each([COMMIT, SHA256])('a detached HEAD is the commit: %s', async (commit) => {
    const base = makeDirectory();
    writeFiles(base, { '.git/HEAD': `${commit}\n` });
    await expect(readRevision(base)).resolves.toBe(commit);
  });

  test('a linked worktree has its own HEAD and its repository’s refs', async () => {
    const base = makeDirectory();
    writeFiles(base, {
      'repo/.git/HEAD': 'ref: refs/heads/main\n',
      'repo/.git/refs/heads/main': OTHER,
      'repo/.git/refs/heads/topic': COMMIT,
      'repo/.git/worktrees/topic/HEAD': 'ref: refs/heads/topic\n',
      'repo/.git/worktrees/topic/commondir': '../..\n',
      'topic/.git': 'gitdir: ../repo/.git/worktrees/topic\n',
    });
    await expect(readRevision(join(base, 'topic'))).resolves.toBe(COMMIT);
  });

  test('a branch without a commit, a reftable and nonsense give null', async () => {
    const base = makeDirectory();
    for (const head of [
      'ref: refs/heads/unborn\n',
      'ref: refs/heads/.invalid\n',
      'ref: refs/../../secret\n',
      'nonsense',
    ]) {
      writeFiles(base, { '.git/HEAD': head });
      await expect(readRevision(base)).resolves.toBeNull();
    }
  });

  test('refs in a circle, a ref that is a directory, a pipe, and a HEAD that is too large give null', async () => {
    const base = makeDirectory();
    writeFiles(base, { '.git/HEAD': 'ref: refs/heads/a\n', '.git/refs/heads/a': 'ref: refs/heads/a\n' });
    await expect(readRevision(base)).resolves.toBeNull();
    writeFiles(base, { '.git/HEAD': 'ref: refs/heads\n' });
    await expect(readRevision(base)).resolves.toBeNull();
    writeFiles(base, { '.git/HEAD': `${COMMIT}${' '.repeat(100_000)}` });
    await expect(readRevision(base)).resolves.toBeNull();
    const piped = makeDirectory();
    mkdirSync(join(piped, '.git'));
    execFileSync('mkfifo', [join(piped, '.git/HEAD')]);
    await expect(readRevision(piped)).resolves.toBeNull();
  });

  test('a directory outside git, and one that does not exist, give null', async () => {
    const base = makeDirectory();
    await expect(readRevision(base)).resolves.toBeNull();
    await expect(readRevision(join(base, 'missing'))).resolves.toBeNull();
  });
});

describe('the revision of a git-sync worktree', () => {
  test('the name of the tree tells the commit when there is no repository, also from below the link', async () => {
    const base = makeDirectory();
    publishWorktree(base, COMMIT, { 'sub/a.yaml': '' });
    await expect(readRevision(join(base, 'current'))).resolves.toBe(COMMIT);
    await expect(readRevision(join(base, 'current/sub'))).resolves.toBe(COMMIT);
  });

  test('a repository that is out of reach does not hide the name', async () => {
    const base = makeDirectory();
    publishWorktree(base, COMMIT, { '.git': 'gitdir: /elsewhere/.git/worktrees/x\n' });
    await expect(readRevision(join(base, 'current'))).resolves.toBe(COMMIT);
  });

  test('a repository around the tree does not stand in for it', async () => {
    const base = makeDirectory();
    writeFiles(base, { '.git/HEAD': OTHER });
    publishWorktree(base, COMMIT, { 'a.yaml': '' });
    await expect(readRevision(join(base, 'current'))).resolves.toBe(COMMIT);
    writeFiles(base, { 'broken/.git': 'gitdir: nowhere\n' });
    await expect(readRevision(join(base, 'broken'))).resolves.toBeNull();
  });
});

describe.skipIf(!hasGit())('the revision agrees with git itself', () => {
  test('for a branch, after packing, for a worktree, detached, and with its git directory elsewhere', async () => {
    const base = makeDirectory();
    const repo = join(base, 'repo');
    git(base, 'init', '--quiet', '--initial-branch=main', repo);
    writeFileSync(join(repo, 'a.yaml'), 'name: a\n');
    git(repo, 'add', '.');
    git(repo, 'commit', '--quiet', '--message=first');
    const head = git(repo, 'rev-parse', 'HEAD');
    await expect(readRevision(repo)).resolves.toBe(head);
    git(repo, 'pack-refs', '--all');
    await expect(readRevision(repo)).resolves.toBe(head);
    git(repo, 'worktree', 'add', '--quiet', '-b', 'topic', join(base, 'topic'));
    await expect(readRevision(join(base, 'topic'))).resolves.toBe(head);
    git(repo, 'checkout', '--quiet', '--detach');
    await expect(readRevision(repo)).resolves.toBe(head);
    renameSync(join(repo, '.git'), join(base, 'books'));
    symlinkSync('../books', join(repo, '.git'));
    await expect(readRevision(repo)).resolves.toBe(head);
  });
});

function git(directory: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgSign=false'];
  return execFileSync('git', [...identity, ...args], { cwd: directory, encoding: 'utf8' }).trim();
}

function hasGit(): boolean {
  try {
    execFileSync('git', ['--version']);
    return true;
  } catch {
    return false;
  }
}
