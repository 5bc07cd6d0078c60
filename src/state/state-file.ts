/** The one SQLite file of an installation: opened for writing, or read once without a trace. */

import { realpathSync, rmSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { DatabaseSync } from 'node:sqlite';
import { migrate, readVersion, SCHEMA_VERSION } from './migrations.ts';
import { StateDamagedError } from './sqlite.ts';
import type { ConnectDatabase } from './sqlite.ts';
import { ensurePrivateFile, identify, isSameFile } from './state-directory.ts';
import type { FileIdentity } from './state-directory.ts';
import type { StateImage } from './state-image.ts';
import { readImage, writeImage } from './state-tables.ts';

/** How long a statement waits for someone who looks at the file with a tool of his own, in milliseconds. */
const BUSY_TIMEOUT_MS = 2000;
/** What the write-ahead log may keep on disk after a large batch, in bytes. */
const LOG_SIZE_LIMIT = 4_194_304;
/** A reader without locks looks again when a writer came between. */
const SNAPSHOT_ATTEMPTS = 3;

export interface StateFile {
  readonly identity: FileIdentity | null;
  /** What it held when it was opened; null when it is new. */
  readonly stored: StateImage | null;
  /** Durable on return. After a fault, close the file. */
  write(image: StateImage, rows: 'unsaved' | 'all'): void;
  /** False when the file or its log was removed, replaced or cut off, so that writes would go nowhere. */
  isIntact(): boolean;
  close(): void;
}

/**
 * Open the state file for writing; it is made when there is none. The caller holds the directory's lock.
 *
 * @throws {StateTooNewError} When a later release wrote it.
 * @throws An error for which `isDamage` holds when it is not a state that we wrote.
 * @throws The error of the file system or SQLite otherwise.
 */
export function openStateFile(path: string, connect: ConnectDatabase): StateFile {
  const before = identify(path);
  if (before?.size === 0n) throw new StateDamagedError('it is empty');
  let database: DatabaseSync | null = null;
  try {
    ensurePrivateFile(path);
    const file = realpathSync(path);
    database = connect(file, { timeout: BUSY_TIMEOUT_MS });
    const version = readVersion(database, file);
    checkPages(database);
    database.exec(
      `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = ${LOG_SIZE_LIMIT}`,
    );
    migrate(database, version);
    return createStateFile(database, file, readImage(database));
  } catch (error) {
    if (database?.isOpen === true) database.close();
    // What could not be filled must not be taken for an emptied state by the next attempt.
    if (before === null) rmSync(path, { force: true });
    throw error;
  }
}

function createStateFile(database: DatabaseSync, file: string, stored: StateImage | null): StateFile {
  const log = `${file}-wal`;
  const openedLog = identify(log);
  let known = identify(file);
  return {
    identity: known,
    stored,
    write(image, rows) {
      writeImage(database, image, rows);
      // So that the key is in the file itself: a lost log then costs the latest changes and not all there is.
      if (rows === 'all') database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      known = identify(file);
    },
    isIntact() {
      const found = identify(file);
      if (!isSameFile(known, found) || known === null || found === null || found.size < known.size) return false;
      return openedLog === null || isSameFile(openedLog, identify(log));
    },
    close() {
      if (database.isOpen) database.close();
    },
  };
}

/**
 * Read the state without a lock and without leaving anything behind, also while a writer is at work.
 *
 * @returns Null when there is no state file, or one that was never filled.
 * @throws What {@link openStateFile} throws.
 */
export function readStateFile(path: string, connect: ConnectDatabase): StateImage | null {
  for (let attempt = 1; ; attempt += 1) {
    const before = identify(path);
    if (before === null) return null;
    if (before.size === 0n) throw new StateDamagedError('it is empty');
    const file = realpathSync(path);
    // With a log there is, or was, a writer: SQLite's own locks give one consistent view. Without one, SQLite would
    // make a log only to read; `immutable` keeps it from that, and nothing is locked.
    const shared = identify(`${file}-wal`) !== null || identify(`${file}-journal`) !== null;
    const image = readOnce(shared ? file : immutableUrl(file), file, connect);
    const after = identify(file);
    const undisturbed = isSameFile(before, after) && before.size === after?.size && identify(`${file}-wal`) === null;
    if (shared || undisturbed || attempt === SNAPSHOT_ATTEMPTS) return image;
  }
}

function readOnce(location: string | URL, file: string, connect: ConnectDatabase): StateImage | null {
  const database = connect(location, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
  try {
    database.exec('BEGIN');
    const version = readVersion(database, file);
    checkPages(database);
    return version === SCHEMA_VERSION ? readImage(database) : null;
  } finally {
    database.close();
  }
}

function immutableUrl(file: string): URL {
  const url = pathToFileURL(file);
  url.searchParams.set('immutable', '1');
  return url;
}

function checkPages(database: DatabaseSync): void {
  const answer = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
  if (answer !== 'ok') throw new StateDamagedError(String(answer));
}
