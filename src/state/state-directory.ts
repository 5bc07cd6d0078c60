/** The state directory and the files in it: made private, recognised again, and set aside. */

import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';

const PRIVATE_DIRECTORY = 0o700;
const PRIVATE_FILE = 0o600;
/** What SQLite keeps beside a database; it copies the database's mode to them. */
const COMPANIONS = ['-wal', '-shm', '-journal'];

/**
 * Make the directory, for its owner alone, where there is none, and those above it. Throws the error of `mkdir`.
 *
 * Node's own `recursive` never returns where the system knows no new name in a directory that is there, as in `/proc`.
 */
export function ensureDirectory(directory: string): void {
  const missing: string[] = [];
  for (let at = resolve(directory); !existsSync(at); at = dirname(at)) missing.unshift(at);
  if (missing.length === 0 && !isDirectory(directory)) missing.push(directory);
  for (const one of missing) {
    try {
      mkdirSync(one, { mode: PRIVATE_DIRECTORY });
    } catch (error) {
      // Another process was quicker.
      if (!hasCode(error, 'EEXIST') || !isDirectory(one)) throw error;
    }
  }
  // A stern umask takes bits from the owner too.
  if (missing.length > 0) chmodSync(directory, PRIVATE_DIRECTORY);
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/**
 * Make an empty file for its owner alone where there is none, and see that it can be written.
 *
 * An existing file is not opened: closing a second descriptor would drop the locks that this process holds on it.
 */
export function ensurePrivateFile(file: string): void {
  try {
    const descriptor = openSync(file, 'wx', PRIVATE_FILE);
    fchmodSync(descriptor, PRIVATE_FILE);
    closeSync(descriptor);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
  accessSync(file, constants.R_OK | constants.W_OK);
  const { mode } = statSync(file);
  if ((mode & 0o777) !== PRIVATE_FILE) chmodSync(file, PRIVATE_FILE);
}

export interface FileIdentity {
  readonly device: bigint;
  readonly inode: bigint;
  readonly size: bigint;
}

/** Which file lies there now; null when there is none, or none that can be seen. */
export function identify(file: string): FileIdentity | null {
  try {
    const { dev, ino, size } = statSync(file, { bigint: true });
    return { device: dev, inode: ino, size };
  } catch {
    return null;
  }
}

export function isSameFile(left: FileIdentity | null, right: FileIdentity | null): boolean {
  return left !== null && right !== null && left.device === right.device && left.inode === right.inode;
}

/**
 * Rename a database and its companions to `<file>.<label>-<time>`, so that a person can still look at them.
 *
 * @param at Milliseconds since the epoch.
 * @returns The new path of the database.
 */
export function setAside(file: string, label: 'corrupt' | 'superseded', at: number): string {
  const stamp = new Date(at).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  let target = `${file}.${label}-${stamp}`;
  for (let number = 2; identify(target) !== null; number += 1) target = `${file}.${label}-${stamp}-${number}`;
  for (const suffix of COMPANIONS) {
    if (identify(file + suffix) !== null) renameSync(file + suffix, target + suffix);
  }
  renameSync(file, target);
  return target;
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
