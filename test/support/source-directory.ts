/** Real directories for tests of the source, in the layouts that deliver files. */

import {
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { onTestFinished } from 'vitest';

/** A fresh directory, as a real path, removed when the test ends. */
export function makeDirectory(): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'databar-sync-source-')));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Write files (path -> content), making the directories above them. With `mtime`, all bear that time. */
export function writeFiles(directory: string, files: Readonly<Record<string, string>>, mtime?: Date): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
    if (mtime !== undefined) utimesSync(join(directory, path), mtime, mtime);
  }
}

export interface PublishOptions {
  /** Leave the tree that was published before. */
  readonly keepOld?: boolean;
  /** The modification time that every file bears. */
  readonly mtime?: Date;
}

/** Let a link lead elsewhere in one step, as `ln -s` and `mv -T` do. */
export function swapLink(link: string, target: string): void {
  symlinkSync(target, `${link}_tmp`);
  renameSync(`${link}_tmp`, link);
}

/** Publish files into a volume as the kubelet does: `name -> ..data/name`, `..data -> ..<stamp>`. */
export function publishConfigMap(
  volume: string,
  stamp: string,
  files: Readonly<Record<string, string>>,
  { keepOld = false, mtime }: PublishOptions = {},
): void {
  const data = join(volume, '..data');
  const old = readLink(data);
  writeFiles(join(volume, `..${stamp}`), files, mtime);
  swapLink(data, `..${stamp}`);
  for (const name of Object.keys(files)) {
    if (readLink(join(volume, name)) === null) symlinkSync(`..data/${name}`, join(volume, name));
  }
  if (old !== null && !keepOld) rmSync(join(volume, old), { recursive: true });
}

/** Publish a tree as git-sync does: `current -> .worktrees/<hash>`. */
export function publishWorktree(
  root: string,
  hash: string,
  files: Readonly<Record<string, string>>,
  { keepOld = false, mtime }: PublishOptions = {},
): void {
  const old = readLink(join(root, 'current'));
  writeFiles(join(root, '.worktrees', hash), files, mtime);
  swapLink(join(root, 'current'), `.worktrees/${hash}`);
  if (old !== null && !keepOld) rmSync(join(root, old), { recursive: true });
}

function readLink(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}
