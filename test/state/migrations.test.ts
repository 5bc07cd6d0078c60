import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { SCHEMA_VERSION, StateTooNewError } from '../../src/state/migrations.ts';
import { bindingOf, openStore, temporaryDirectory } from '../support/state-fixtures.ts';

function execute(directory: string, sql: string): void {
  const database = new DatabaseSync(join(directory, 'state.db'));
  database.exec(sql);
  database.close();
}

describe('the schema of the state', () => {
  it('is brought to the newest version in a database without tables', () => {
    const directory = temporaryDirectory();
    execute(directory, 'PRAGMA journal_mode = WAL');
    const { store, told } = openStore(directory);
    store.saveBinding(bindingOf('a', 1));
    store.close();
    expect(told.rebuilt).toEqual([]);
    const database = new DatabaseSync(join(directory, 'state.db'));
    expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: SCHEMA_VERSION });
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    database.close();
  });

  it('is read as empty, without migrating, when a reader meets a database without tables', () => {
    const directory = temporaryDirectory();
    execute(directory, 'PRAGMA journal_mode = WAL');
    const { store } = openStore(directory, { mode: 'read' });
    expect(store.bindings()).toEqual([]);
    expect(store.degradedReason).toBeNull();
  });

  it.each(['write', 'read'] as const)('of a later release is refused for %s, and left as it is', (mode) => {
    const directory = temporaryDirectory();
    openStore(directory).store.close();
    execute(directory, `PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
    const before = readFileSync(join(directory, 'state.db'));
    expect(() => openStore(directory, { mode })).toThrow(StateTooNewError);
    expect(() => openStore(directory, { mode })).toThrow(/later release.*--state-dir/);
    expect(readFileSync(join(directory, 'state.db')).equals(before)).toBe(true);
    expect(readdirSync(directory)).toEqual(['lock.db', 'state.db']);
  });

  it('gives the lock back when it refuses', () => {
    const directory = temporaryDirectory();
    openStore(directory).store.close();
    execute(directory, `PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
    expect(() => openStore(directory)).toThrow(StateTooNewError);
    execute(directory, `PRAGMA user_version = ${SCHEMA_VERSION}`);
    expect(openStore(directory).store.durable).toBe(true);
  });

  it('that is not ours is set aside', () => {
    const directory = temporaryDirectory();
    execute(directory, 'CREATE TABLE theirs (x)');
    const { store, told } = openStore(directory);
    expect(store.durable).toBe(true);
    expect(told.rebuilt).toEqual([expect.stringContaining('tables that databar-sync did not make')]);
  });
});
