import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { StateLockedError, takeLock } from '../../src/state/lock.ts';
import { spawnStateProcess } from '../support/spawn-state-process.ts';
import { bindingOf, openStore, temporaryDirectory } from '../support/state-fixtures.ts';

describe('the lock of a state directory', () => {
  it('refuses a second store of the same process, naming the directory and the way out', () => {
    const directory = temporaryDirectory();
    openStore(directory);
    expect(() => openStore(directory)).toThrow(StateLockedError);
    expect(() => openStore(directory)).toThrow(directory);
    expect(() => openStore(directory)).toThrow('--state-dir');
  });

  it('refuses a second process', async () => {
    const directory = temporaryDirectory();
    openStore(directory);
    const second = await spawnStateProcess(directory, 'a');
    expect(second.failure).toContain('StateLockedError');
  });

  it('is free again as soon as the holder was killed, with nothing stale to remove', async () => {
    const directory = temporaryDirectory();
    const holder = await spawnStateProcess(directory);
    expect(holder.failure).toBeNull();
    expect(() => openStore(directory)).toThrow(StateLockedError);
    await holder.kill();
    expect(openStore(directory).store.durable).toBe(true);
  });

  it('is free again after a close', () => {
    const directory = temporaryDirectory();
    openStore(directory).store.close();
    expect(openStore(directory).store.durable).toBe(true);
  });

  it('leaves one empty file behind', () => {
    const directory = temporaryDirectory();
    const lock = takeLock(directory);
    expect(readdirSync(directory)).toEqual(['lock.db']);
    lock.release();
    expect(readdirSync(directory)).toEqual(['lock.db']);
  });

  it('knows when its file was removed or replaced', () => {
    const directory = temporaryDirectory();
    const lock = takeLock(directory);
    expect(lock.isHeld()).toBe(true);
    rmSync(join(directory, 'lock.db'));
    expect(lock.isHeld()).toBe(false);
    const other = takeLock(directory);
    expect(other.isHeld()).toBe(true);
    expect(lock.isHeld()).toBe(false);
    other.release();
    lock.release();
  });

  it('does not mind garbage in its file', () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'lock.db'), 'not a database '.repeat(100));
    const lock = takeLock(directory);
    expect(lock.isHeld()).toBe(true);
    expect(() => takeLock(directory)).toThrow(StateLockedError);
    lock.release();
  });

  it('keeps a store from writing when another took over its directory', async () => {
    const directory = temporaryDirectory();
    const { store, told } = openStore(directory);
    rmSync(directory, { recursive: true });
    const other = await spawnStateProcess(directory, 'theirs');
    expect(other.failure).toBeNull();

    store.saveBinding(bindingOf('ours', 1));
    expect(store.durable).toBe(false);
    expect(told.degraded).toEqual([expect.stringContaining('in use by another databar-sync')]);
    store.flush();
    expect(told.degraded).toHaveLength(1);

    expect(readdirSync(directory)).toEqual(['lock.db', 'state.db', 'state.db-shm', 'state.db-wal']);
    const { store: reader } = openStore(directory, { mode: 'read' });
    expect(reader.intents().map(({ key }) => key)).toEqual(['theirs']);
    expect(reader.bindings()).toEqual([]);
  });
});
