import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { describe, expect, onTestFinished, test } from 'vitest';

import type { SourceFile, SourceReading, SourceTree } from '../../src/model/source.ts';
import type { ReadConnectorsOptions } from '../../src/source/read-connectors.ts';
import { readConnectors } from '../../src/source/read-connectors.ts';
import { runScript } from '../support/run-script.ts';
import { makeDirectory, publishConfigMap, publishWorktree, writeFiles } from '../support/source-directory.ts';

const NO_WAIT: ReadConnectorsOptions = { sleep: async () => Promise.resolve() };

async function read(directory: string, options: ReadConnectorsOptions = {}): Promise<SourceTree> {
  const reading = await readConnectors(directory, { ...NO_WAIT, ...options });
  if (reading.status !== 'ok') throw new Error(`expected a tree: ${reading.message}`);
  return reading;
}

function contents(tree: SourceTree): Record<string, string> {
  return Object.fromEntries(tree.files.map((file) => [file.path, file.bytes.toString()]));
}

function problems(tree: SourceTree): string[] {
  return tree.problems.map((problem) => `${problem.file} ${problem.code}`);
}

describe('which files are read', () => {
  test('definition files at any depth, sorted by code units, with slashes', async () => {
    const base = makeDirectory();
    writeFiles(base, { 'b.yaml': '1', 'a/z.yml': '2', 'Z.JSON': '3', 'a/b/c.yaml': '4', 'a.yaml': '5', 'ä.yaml': '6' });
    const tree = await read(base);
    expect(tree.files.map((file) => file.path)).toEqual([
      'Z.JSON',
      'a.yaml',
      'a/b/c.yaml',
      'a/z.yml',
      'b.yaml',
      'ä.yaml',
    ]);
    expect(contents(tree)['a/b/c.yaml']).toBe('4');
    expect(tree.problems).toEqual([]);
  });

  test('a file that still has the same content is the same object, whatever its times say', async () => {
    const base = makeDirectory();
    writeFiles(base, { 'a.yaml': 'same', 'b.yaml': 'one', 'gone.yaml': '', 'c.yaml': 'longer' });
    const before = await read(base);
    const known = before.files;
    const { atime, mtime } = statSync(join(base, 'b.yaml'));
    writeFiles(base, { 'a.yaml': 'same', 'b.yaml': 'two', 'c.yaml': 'long', 'd.yaml': 'new' });
    utimesSync(join(base, 'b.yaml'), atime, mtime);
    rmSync(join(base, 'gone.yaml'));

    const told: SourceFile[] = [];
    const after = await read(base, { known, onNew: (file) => told.push(file) });
    expect(after.files.filter((file) => known.includes(file)).map((file) => file.path)).toEqual(['a.yaml']);
    expect(told).toEqual(after.files.filter((file) => !known.includes(file)));
    expect(contents(after)).toEqual({ 'a.yaml': 'same', 'b.yaml': 'two', 'c.yaml': 'long', 'd.yaml': 'new' });
    expect(after).toEqual(await read(base));
    expect(contents(before)).toEqual({ 'a.yaml': 'same', 'b.yaml': 'one', 'gone.yaml': '', 'c.yaml': 'longer' });
  });

  test('hidden names, temporary files and other files are passed over in silence', async () => {
    const base = makeDirectory();
    writeFiles(base, {
      'a.yaml': '',
      '.hidden.yaml': '',
      '.git/config.yaml': '',
      '..2026/a.yaml': '',
      'a.yaml~': '',
      '#a.yaml#': '',
      'a.yaml___jb_tmp___': '',
      'README.md': '',
      'lost+found/a.yaml': '',
    });
    execFileSync('mkfifo', [join(base, 'pipe')]);
    const tree = await read(base);
    expect(Object.keys(contents(tree))).toEqual(['a.yaml']);
    expect(tree.problems).toEqual([]);
  });

  test('an empty directory is a tree without files, and an empty file is a file', async () => {
    const base = makeDirectory();
    await expect(read(base)).resolves.toEqual({ status: 'ok', files: [], problems: [], revision: null });
    writeFiles(base, { 'a.yaml': '' });
    expect(contents(await read(base))).toEqual({ 'a.yaml': '' });
  });

  test('a directory whose name ends like a definition is a directory', async () => {
    const base = makeDirectory();
    writeFiles(base, { 'x.yaml/a.yaml': '1' });
    expect(contents(await read(base))).toEqual({ 'x.yaml/a.yaml': '1' });
  });

  test('the revision of the tree comes with it', async () => {
    const base = makeDirectory();
    publishWorktree(base, 'a94a8fe5ccb19ba61c4c0873d391e987982fbbd3', { 'a.yaml': '' });
    expect((await read(join(base, 'current'))).revision).toBe('a94a8fe5ccb19ba61c4c0873d391e987982fbbd3');
  });
});

describe('what is not a file that can be read', () => {
  test('pipes and sockets are problems, and are not waited on', async () => {
    const base = makeDirectory();
    execFileSync('mkfifo', [join(base, 'pipe.yaml')]);
    const server = createServer().listen(join(base, 'socket.yaml'));
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    writeFiles(base, { 'a.yaml': '1' });
    symlinkSync('pipe.yaml', join(base, 'to-pipe.yaml'));
    const tree = await read(base);
    expect(problems(tree)).toEqual([
      'pipe.yaml file_not_regular',
      'socket.yaml file_not_regular',
      'to-pipe.yaml file_not_regular',
    ]);
    expect(contents(tree)).toEqual({ 'a.yaml': '1' });
    expect(tree.problems[0]).toMatchObject({ severity: 'error', line: 1, column: 1, path: '' });
  });

  test('a file of exactly the largest size is read, and one byte more is a problem', async () => {
    const base = makeDirectory();
    writeFileSync(join(base, 'fits.yaml'), Buffer.alloc(1024 * 1024, 'a'));
    writeFileSync(join(base, 'large.yaml'), Buffer.alloc(1024 * 1024 + 1, 'a'));
    const tree = await read(base);
    expect(tree.files.map((file) => [file.path, file.bytes.length])).toEqual([['fits.yaml', 1024 * 1024]]);
    expect(problems(tree)).toEqual(['large.yaml file_too_large']);
  });

  test('a file without permission is a problem of that file; a directory without permission makes the source unreadable', async () => {
    const base = makeDirectory();
    chmodSync(base, 0o755);
    writeFiles(base, { 'a.yaml': '1', 'locked.yaml': '2', 'team/b.yaml': '3' });
    chmodSync(join(base, 'locked.yaml'), 0);
    const readIt = `
      import { readConnectors } from 'SRCsource/read-connectors.ts';
      console.log(JSON.stringify(await readConnectors(${JSON.stringify(base)})));`;
    const partly = JSON.parse(await runScript(readIt, { unprivileged: true })) as SourceTree;
    expect(partly.files.map((file) => file.path)).toEqual(['a.yaml', 'team/b.yaml']);
    expect(problems(partly)).toEqual(['locked.yaml file_unreadable']);
    for (const [mode, directory] of [
      [0, 'team'],
      [0o444, 'team'],
      [0, '.'],
    ] as const) {
      chmodSync(join(base, directory), mode);
      const reading = JSON.parse(await runScript(readIt, { unprivileged: true })) as SourceReading;
      expect(reading).toMatchObject({ status: 'unreadable', message: expect.stringContaining('EACCES') as string });
      chmodSync(join(base, directory), 0o755);
    }
  });
});

describe('a source that cannot be read whole', () => {
  test('a directory that does not exist is missing, and so is a link to nowhere', async () => {
    const base = makeDirectory();
    symlinkSync('nowhere', join(base, 'link'));
    await expect(readConnectors(join(base, 'not-there'))).resolves.toMatchObject({ status: 'missing' });
    await expect(readConnectors(join(base, 'link'))).resolves.toMatchObject({ status: 'missing' });
  });

  test('a file, a path through a file, and a circle of links are unreadable', async () => {
    const base = makeDirectory();
    writeFiles(base, { file: '' });
    symlinkSync('circle', join(base, 'circle'));
    for (const name of ['file', 'file/below', 'circle']) {
      await expect(readConnectors(join(base, name))).resolves.toMatchObject({ status: 'unreadable' });
    }
  });

  test('more files, deeper directories or more bytes than allowed make it unreadable, and as many as allowed do not', async () => {
    const base = makeDirectory();
    writeFiles(base, { 'a.yaml': '123', 'x/y/b.yaml': '456' });
    await expect(read(base, { maxFiles: 3, maxDepth: 2, maxTotalBytes: 6 })).resolves.toMatchObject({ status: 'ok' });
    for (const limit of [{ maxFiles: 1 }, { maxDepth: 1 }, { maxTotalBytes: 5 }]) {
      await expect(readConnectors(base, limit)).resolves.toMatchObject({ status: 'unreadable' });
    }
  });
});

describe('links', () => {
  test('the source may be a link, or lie below one', async () => {
    const base = makeDirectory();
    writeFiles(base, { 'real/sub/a.yaml': '1' });
    symlinkSync('real', join(base, 'link'));
    expect(contents(await read(join(base, 'link')))).toEqual({ 'sub/a.yaml': '1' });
    expect(contents(await read(join(base, 'link/sub')))).toEqual({ 'a.yaml': '1' });
  });

  test('the files of a ConfigMap are read once, through its links', async () => {
    const base = makeDirectory();
    publishConfigMap(base, '2026_01', { 'a.yaml': '1', 'b.yaml': '2' });
    const tree = await read(base);
    expect(contents(tree)).toEqual({ 'a.yaml': '1', 'b.yaml': '2' });
    expect(tree.problems).toEqual([]);
  });

  test('a git-sync root as the source is read through its link', async () => {
    const base = makeDirectory();
    publishWorktree(base, 'abc', { 'sub/a.yaml': '1' });
    expect(contents(await read(base))).toEqual({ 'current/sub/a.yaml': '1' });
  });

  test('a link to outside is refused, be it to a file, a device or a directory; one that is no definition is passed over', async () => {
    const base = makeDirectory();
    writeFiles(base, {
      'outside/secret.yaml': 'secret',
      'source/a.yaml': '1',
      'source-too/b.yaml': '2',
      'README.md': '',
    });
    symlinkSync('../outside/secret.yaml', join(base, 'source/file.yaml'));
    symlinkSync('/dev/null', join(base, 'source/device.yaml'));
    symlinkSync('../source-too', join(base, 'source/folder'));
    symlinkSync('file.yaml', join(base, 'source/again.yaml'));
    symlinkSync('../README.md', join(base, 'source/README.md'));
    const tree = await read(join(base, 'source'));
    expect(contents(tree)).toEqual({ 'a.yaml': '1' });
    expect(problems(tree)).toEqual([
      'again.yaml file_link_outside',
      'device.yaml file_link_outside',
      'file.yaml file_link_outside',
      'folder file_link_outside',
    ]);
  });

  test('a link that leads nowhere is looked at again, and then it is a problem', async () => {
    const base = makeDirectory();
    writeFiles(base, { 'a.yaml': '1' });
    symlinkSync('later.txt', join(base, 'b.yaml'));
    expect(problems(await read(base))).toEqual(['b.yaml file_unreadable']);
    const waits: number[] = [];
    const tree = await read(base, {
      sleep: async (ms) => {
        if (waits.push(ms) === 2) writeFiles(base, { 'later.txt': '2' });
        return Promise.resolve();
      },
    });
    expect(contents(tree)).toEqual({ 'a.yaml': '1', 'b.yaml': '2' });
    expect(waits).toEqual([20, 40]);
  });

  test('links to directories in a circle end, and a directory that is visible keeps its own path', async () => {
    const base = makeDirectory();
    writeFiles(base, { 'x/a.yaml': '1', 'y/b.yaml': '2' });
    symlinkSync('.', join(base, 'self'));
    symlinkSync('../y', join(base, 'x/to-y'));
    symlinkSync('../x', join(base, 'y/to-x'));
    symlinkSync('y', join(base, 'a-link-that-sorts-first'));
    symlinkSync('loop', join(base, 'loop'));
    const tree = await read(base);
    expect(contents(tree)).toEqual({ 'x/a.yaml': '1', 'y/b.yaml': '2' });
    expect(problems(tree)).toEqual(['loop file_unreadable']);
  });

  test('a link to a hidden directory is followed, by the first of its links', async () => {
    const base = makeDirectory();
    writeFiles(base, { '.shared/a.yaml': '1' });
    symlinkSync('.shared', join(base, 'two'));
    symlinkSync('.shared', join(base, 'one'));
    expect(contents(await read(base))).toEqual({ 'one/a.yaml': '1' });
  });

  test('a hard link is a file like any other', async () => {
    const base = makeDirectory();
    writeFiles(base, { 'a.yaml': '1' });
    linkSync(join(base, 'a.yaml'), join(base, 'b.yaml'));
    expect(contents(await read(base))).toEqual({ 'a.yaml': '1', 'b.yaml': '1' });
  });
});

describe('a git checkout in progress', () => {
  function checkout() {
    const base = makeDirectory();
    writeFiles(base, { '.git/HEAD': 'ref: refs/heads/main\n', '.git/index.lock': '', 'sub/a.yaml': 'old' });
    const waits: number[] = [];
    const warnings: string[] = [];
    return { base, waits, warnings, lock: join(base, '.git/index.lock') };
  }

  test('is waited for, and what it wrote is read', async () => {
    const { base, waits, warnings, lock } = checkout();
    const tree = await read(join(base, 'sub'), {
      onWarning: (message) => warnings.push(message),
      sleep: async (ms) => {
        waits.push(ms);
        if (waits.length === 7) {
          writeFiles(base, { 'sub/a.yaml': 'new' });
          rmSync(lock);
        }
        return Promise.resolve();
      },
    });
    expect(contents(tree)).toEqual({ 'a.yaml': 'new' });
    expect(waits).toHaveLength(7);
    expect(warnings).toEqual([]);
  });

  test('that never ends is waited for 10 s, then passed over with one warning', async () => {
    const { base, waits, warnings, lock } = checkout();
    const tree = await read(join(base, 'sub'), {
      onWarning: (message) => warnings.push(message),
      sleep: async (ms) => Promise.resolve(void waits.push(ms)),
    });
    expect(contents(tree)).toEqual({ 'a.yaml': 'old' });
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBe(10_000);
    expect(warnings).toEqual([expect.stringContaining(lock)]);
  });

  test('that never ends is waited for by the first read only; another lock is waited for again', async () => {
    const { base, waits, warnings, lock } = checkout();
    const staleLocks = new Set<string>();
    const waited = async (): Promise<number> => {
      waits.length = 0;
      await read(join(base, 'sub'), {
        staleLocks,
        onWarning: (message) => warnings.push(message),
        sleep: async (ms) => Promise.resolve(void waits.push(ms)),
      });
      return waits.reduce((sum, ms) => sum + ms, 0);
    };
    expect(await waited()).toBe(10_000);
    expect(await waited()).toBe(0);
    renameSync(lock, `${lock}.old`);
    writeFileSync(lock, '');
    expect(await waited()).toBe(10_000);
    expect(warnings).toHaveLength(2);
  });

  test('of a linked worktree has its lock in that worktree’s git directory', async () => {
    const { base, waits } = checkout();
    writeFiles(base, {
      'tree/.git': 'gitdir: ../repo/.git/worktrees/tree\n',
      'repo/.git/worktrees/tree/index.lock': '',
      'tree/a.yaml': '1',
    });
    await read(join(base, 'tree'), {
      sleep: async (ms) => {
        waits.push(ms);
        rmSync(join(base, 'repo/.git/worktrees/tree/index.lock'));
        return Promise.resolve();
      },
    });
    expect(waits).toEqual([100]);
  });
});
