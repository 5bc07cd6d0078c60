/**
 * One writer for a state directory.
 *
 * The lock is an open exclusive transaction on a small database of its own. The kernel gives it back when the
 * process dies, however it dies; a pid file would lie in containers, where every process is pid 1.
 */

import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { connectDatabase, isBusy, isDamage } from './sqlite.ts';
import { ensurePrivateFile, identify, isSameFile } from './state-directory.ts';

const LOCK_FILE = 'lock.db';

/** Another process writes to this state directory. */
export class StateLockedError extends Error {
  override readonly name = 'StateLockedError';
  readonly directory: string;

  constructor(directory: string, options: ErrorOptions) {
    super(
      `The state directory ${directory} is in use by another databar-sync. ` +
        'Stop that process, or give this one a directory of its own with --state-dir.',
      options,
    );
    this.directory = directory;
  }
}

export interface StateLock {
  /** False when the lock file was removed or replaced, so that another process could take its own. */
  isHeld(): boolean;
  release(): void;
}

/**
 * Take the lock, or fail at once.
 *
 * @throws {StateLockedError} When another process, or another store of this one, holds it.
 * @throws The error of the file system or SQLite when the directory cannot be written.
 */
export function takeLock(directory: string): StateLock {
  const file = join(directory, LOCK_FILE);
  ensurePrivateFile(file);
  const database = beginExclusive(directory, file);
  const taken = identify(file);
  return {
    isHeld: () => database.isOpen && isSameFile(taken, identify(file)),
    release() {
      if (database.isOpen) database.close();
    },
  };
}

function beginExclusive(directory: string, file: string): DatabaseSync {
  try {
    return tryExclusive(file);
  } catch (error) {
    if (isBusy(error)) throw new StateLockedError(directory, { cause: error });
    if (!isDamage(error)) throw error;
  }
  // The file never holds anything, so whatever lies in it may go.
  truncateSync(file);
  try {
    return tryExclusive(file);
  } catch (error) {
    throw isBusy(error) ? new StateLockedError(directory, { cause: error }) : error;
  }
}

function tryExclusive(file: string): DatabaseSync {
  const database = connectDatabase(file, { timeout: 0 });
  try {
    // Nothing is ever written, so no journal need lie about after a crash.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
