/** The schema of the state file, version by version. */

import type { DatabaseSync } from 'node:sqlite';
import { StateDamagedError } from './sqlite.ts';

/**
 * The statements at index n lead from version n to n + 1. A released entry is never edited; changes are new entries.
 *
 * Version 1: a record is JSON, since only the programme reads it and always whole; its `seal` is a keyed hash of
 * table, key and record, so that a flipped byte is noticed instead of followed to the wrong connector.
 */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE installation (id INTEGER PRIMARY KEY CHECK (id = 1), secret BLOB NOT NULL) STRICT;
  CREATE TABLE bindings (key TEXT PRIMARY KEY, record TEXT NOT NULL, seal TEXT NOT NULL) STRICT;
  CREATE TABLE intents (key TEXT PRIMARY KEY, record TEXT NOT NULL, seal TEXT NOT NULL) STRICT;
  CREATE TABLE failures (key TEXT PRIMARY KEY, record TEXT NOT NULL, seal TEXT NOT NULL) STRICT;
  CREATE TABLE drift_rewrites (key TEXT PRIMARY KEY, record TEXT NOT NULL, seal TEXT NOT NULL) STRICT;
  CREATE TABLE passes (key TEXT PRIMARY KEY, record TEXT NOT NULL, seal TEXT NOT NULL) STRICT;
  `,
];

/** The version that this programme writes. */
export const SCHEMA_VERSION = MIGRATIONS.length;

/** The state was written by a later release; it is left exactly as it is. */
export class StateTooNewError extends Error {
  override readonly name = 'StateTooNewError';

  constructor(file: string, found: number) {
    super(
      `The state file ${file} has schema version ${found}, and this databar-sync knows versions up to ${SCHEMA_VERSION}. ` +
        'It was written by a later release: run that release, or give this one a directory of its own with --state-dir.',
    );
  }
}

/**
 * The schema version of a database: 0 when it is new and has no tables yet.
 *
 * @throws {StateTooNewError} When a later release wrote it.
 * @throws {StateDamagedError} When it holds tables that no release of ours made.
 */
export function readVersion(database: DatabaseSync, file: string): number {
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version > SCHEMA_VERSION) throw new StateTooNewError(file, version);
  const isForeign = version === 0 && database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() !== undefined;
  if (version < 0 || isForeign) throw new StateDamagedError('the file holds tables that databar-sync did not make');
  return version;
}

/** Bring a database to {@link SCHEMA_VERSION}, in one transaction. */
export function migrate(database: DatabaseSync, from: number): void {
  if (from === SCHEMA_VERSION) return;
  database.exec(`BEGIN IMMEDIATE; ${MIGRATIONS.slice(from).join('')} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`);
}
