/** The state image as rows of the state file. */

import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Binding, Failure, Intent, PassRecord } from '../model/baseline.ts';
import { differingFields } from '../model/digest.ts';
import type { FieldHashes, Fingerprint } from '../model/digest.ts';
import { createFingerprint } from './fingerprint.ts';
import { StateDamagedError } from './sqlite.ts';
import { createTrackedMap } from './state-image.ts';
import type { StateImage, TrackedMap } from './state-image.ts';

const KEY_BYTES = 32;

/** A table, and how its values become JSON and back. */
interface Table<V> {
  readonly name: string;
  toRecord(value: V): unknown;
  fromRecord(record: unknown): V;
}

const BINDINGS: Table<Binding> = {
  name: 'bindings',
  // The server rarely changes what it was sent, so of the echo only the differences are kept.
  toRecord: (binding) => ({ ...binding, echo: hashesOf(binding.echo, differingFields(binding.sent, binding.echo)) }),
  fromRecord(record) {
    const binding = record as Binding;
    return { ...binding, echo: { ...binding.sent, ...binding.echo } };
  },
};
const INTENTS = plainTable<Intent>('intents');
const FAILURES = plainTable<Failure>('failures');
const DRIFT_REWRITES = plainTable<readonly number[]>('drift_rewrites');
const PASSES = plainTable<PassRecord>('passes');

export function createInstallationKey(): Buffer {
  return randomBytes(KEY_BYTES);
}

/**
 * Read everything.
 *
 * @returns Null when there is no installation key and no row: a file that was made and never filled.
 * @throws {StateDamagedError} When a row is not as it was written.
 */
export function readImage(database: DatabaseSync): StateImage | null {
  const row = database.prepare('SELECT secret FROM installation').get();
  const secret = row?.['secret'];
  if (secret === undefined && database.prepare('SELECT 1 FROM bindings LIMIT 1').get() === undefined) return null;
  if (!(secret instanceof Uint8Array) || secret.length !== KEY_BYTES) {
    throw new StateDamagedError('the installation key is missing or incomplete');
  }
  const installationKey = Buffer.from(secret);
  const seal = createFingerprint(installationKey);
  return {
    installationKey,
    bindings: readTable(database, seal, BINDINGS),
    intents: readTable(database, seal, INTENTS),
    failures: readTable(database, seal, FAILURES),
    driftRewrites: readTable(database, seal, DRIFT_REWRITES),
    passes: readTable(database, seal, PASSES),
  };
}

/**
 * Write what has not been saved yet, in one transaction; the caller marks the image as saved.
 *
 * After a fault the transaction may still be open: close the connection, which undoes it.
 *
 * @param rows `unsaved`: only those; `all`: replace whatever the file holds.
 */
export function writeImage(database: DatabaseSync, image: StateImage, rows: 'unsaved' | 'all'): void {
  const seal = createFingerprint(image.installationKey);
  database.exec('BEGIN IMMEDIATE');
  if (rows === 'all') {
    database.exec('DELETE FROM installation');
    database.prepare('INSERT INTO installation (id, secret) VALUES (1, ?)').run(image.installationKey);
  }
  writeTable(database, seal, BINDINGS, image.bindings, rows);
  writeTable(database, seal, INTENTS, image.intents, rows);
  writeTable(database, seal, FAILURES, image.failures, rows);
  writeTable(database, seal, DRIFT_REWRITES, image.driftRewrites, rows);
  writeTable(database, seal, PASSES, image.passes, rows);
  database.exec('COMMIT');
}

function readTable<V>(database: DatabaseSync, seal: Fingerprint, table: Table<V>): TrackedMap<V> {
  const values: [string, V][] = [];
  for (const row of database.prepare(`SELECT key, record, seal FROM ${table.name} ORDER BY rowid`).iterate()) {
    const key = String(row['key']);
    const record = String(row['record']);
    if (row['seal'] !== seal(sealedText(table.name, key, record))) {
      throw new StateDamagedError(`a row of ${table.name} is not as it was written`);
    }
    values.push([key, table.fromRecord(JSON.parse(record))]);
  }
  return createTrackedMap(values);
}

function writeTable<V>(
  database: DatabaseSync,
  seal: Fingerprint,
  table: Table<V>,
  map: TrackedMap<V>,
  rows: 'unsaved' | 'all',
): void {
  if (rows === 'all') database.exec(`DELETE FROM ${table.name}`);
  const keys = rows === 'all' ? map.entries.keys() : map.unsaved.keys();
  if (rows === 'unsaved' && map.unsaved.size === 0) return;
  const upsert = database.prepare(
    `INSERT INTO ${table.name} (key, record, seal) VALUES (?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET record = excluded.record, seal = excluded.seal`,
  );
  const remove = database.prepare(`DELETE FROM ${table.name} WHERE key = ?`);
  for (const key of keys) {
    const value = map.entries.get(key);
    if (value === undefined) {
      remove.run(key);
    } else {
      const record = JSON.stringify(table.toRecord(value));
      upsert.run(key, record, seal(sealedText(table.name, key, record)));
    }
  }
}

/** NUL cannot occur in a path, so no two rows have one text. */
function sealedText(table: string, key: string, record: string): string {
  return `${table}\0${key}\0${record}`;
}

function plainTable<V>(name: string): Table<V> {
  return { name, toRecord: (value) => value, fromRecord: (record) => record as V };
}

function hashesOf(hashes: FieldHashes, fields: readonly (keyof FieldHashes)[]): Partial<FieldHashes> {
  return Object.fromEntries(fields.map((field) => [field, hashes[field]]));
}
