/** How SQLite is reached, and what its errors mean here. */

import { DatabaseSync } from 'node:sqlite';
import type { DatabaseSyncOptions } from 'node:sqlite';

/** Opens a database file; replaced by tests that need a disk with faults. */
export type ConnectDatabase = (file: string | URL, options: DatabaseSyncOptions) => DatabaseSync;

export const connectDatabase: ConnectDatabase = (file, options) => new DatabaseSync(file, options);

/** The state file can be read, but what it holds is not a state that we wrote. */
export class StateDamagedError extends Error {
  override readonly name = 'StateDamagedError';
}

// Primary result codes, from https://www.sqlite.org/rescode.html.
const SQLITE_ERROR = 1;
const SQLITE_PERM = 3;
const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_READONLY = 8;
const SQLITE_IOERR = 10;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
const SQLITE_FORMAT = 24;
const SQLITE_NOTADB = 26;

const DAMAGE: ReadonlySet<number | null> = new Set([SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_FORMAT, SQLITE_ERROR]);

/** A missing table or column (SQLITE_ERROR) is damage too: our statements fit every schema that we migrate to. */
export function isDamage(error: unknown): boolean {
  return error instanceof StateDamagedError || DAMAGE.has(primaryCode(error));
}

/** True when another connection holds the lock that was asked for. */
export function isBusy(error: unknown): boolean {
  const code = primaryCode(error);
  return code === SQLITE_BUSY || code === SQLITE_LOCKED;
}

/** A fault in words that fit after "because". */
export function describeFault(error: unknown): string {
  switch (primaryCode(error)) {
    case SQLITE_FULL:
      return 'the disk is full';
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return 'the file is read-only';
    case SQLITE_CANTOPEN:
      return 'the file cannot be opened or created';
    case SQLITE_IOERR:
      return 'the disk reports an input/output error';
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return 'another program holds the file';
    case SQLITE_ERROR:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
      return `the file is damaged (${messageOf(error)})`;
    case null:
    default:
      return messageOf(error);
  }
}

function primaryCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null;
  return error.errcode & 0xff;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
