import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { connectDatabase } from '../../src/state/sqlite.ts';
import { spawnStateProcess } from '../support/spawn-state-process.ts';
import { bindingOf, failureOf, NOW, openStore, passOf, temporaryDirectory } from '../support/state-fixtures.ts';

describe('a store opened for reading', () => {
  it('is empty and makes nothing where there is no state', () => {
    const directory = join(temporaryDirectory(), 'absent');
    const { store, told } = openStore(directory, { mode: 'read' });
    expect(store.bindings()).toEqual([]);
    expect(store.installationKey).toHaveLength(32);
    expect(store.durable).toBe(false);
    expect(store.degradedReason).toBeNull();
    expect(told).toEqual({ rebuilt: [], degraded: [], restored: 0 });
    store.close();
    expect(existsSync(directory)).toBe(false);
  });

  it('has a key of its own each time where there is no state', () => {
    const directory = join(temporaryDirectory(), 'absent');
    const keys = [1, 2].map(() => openStore(directory, { mode: 'read' }).store.installationKey.toString('hex'));
    expect(keys[0]).not.toBe(keys[1]);
  });

  it('reads what a closed store left, and leaves no trace', () => {
    const directory = temporaryDirectory();
    const { store } = openStore(directory);
    store.saveBinding(bindingOf('a', 1));
    store.close();
    const before = statSync(join(directory, 'state.db'), { bigint: true });

    const { store: reader } = openStore(directory, { mode: 'read' });
    expect(reader.bindings()).toEqual([bindingOf('a', 1)]);
    expect(reader.installationKey).toEqual(store.installationKey);
    reader.close();
    expect(readdirSync(directory)).toEqual(['lock.db', 'state.db']);
    const after = statSync(join(directory, 'state.db'), { bigint: true });
    expect([after.mtimeNs, after.size]).toEqual([before.mtimeNs, before.size]);
  });

  it('keeps what is recorded to itself', () => {
    const directory = temporaryDirectory();
    openStore(directory).store.close();
    const { store: reader } = openStore(directory, { mode: 'read' });
    reader.recordIntent({ key: 'a', name: 'a', at: NOW });
    reader.saveBinding(bindingOf('b', 1));
    reader.saveBindingSoon(bindingOf('c', 2));
    reader.recordFailure(failureOf('d'));
    reader.recordPass(passOf(1));
    reader.flush();
    expect(reader.bindings()).toHaveLength(2);
    expect(reader.durable).toBe(false);
    reader.close();
    const { store: again } = openStore(directory);
    expect([again.intents(), again.bindings(), again.failures(), again.passes(9)]).toEqual([[], [], [], []]);
  });

  it('reads one consistent state while a writer is at work, and does not disturb it', () => {
    const directory = temporaryDirectory();
    const { store, told } = openStore(directory);
    store.saveBinding(bindingOf('a', 1));
    const { store: reader } = openStore(directory, { mode: 'read' });
    store.saveBinding(bindingOf('b', 2));
    expect(reader.bindings()).toEqual([bindingOf('a', 1)]);
    expect(openStore(directory, { mode: 'read' }).store.bindings()).toHaveLength(2);
    store.flush();
    expect(store.durable).toBe(true);
    expect(told).toEqual({ rebuilt: [], degraded: [], restored: 0 });
  });

  it('reads beside a writer in another process, and after that was killed', async () => {
    const directory = temporaryDirectory();
    const writer = await spawnStateProcess(directory, 'a');
    expect(openStore(directory, { mode: 'read' }).store.intents()).toHaveLength(1);
    await writer.kill();
    expect(openStore(directory, { mode: 'read' }).store.intents()).toHaveLength(1);
    expect(readdirSync(directory)).toEqual(['lock.db', 'state.db', 'state.db-shm', 'state.db-wal']);
    expect(openStore(directory).store.intents()).toHaveLength(1);
  });

  it('looks again when a writer begins while it reads', () => {
    const directory = temporaryDirectory();
    openStore(directory).store.close();
    let opened = 0;
    const { store: reader } = openStore(directory, {
      mode: 'read',
      connect(file, options) {
        opened += 1;
        if (opened === 1) openStore(directory).store.saveBinding(bindingOf('a', 1));
        return connectDatabase(file, options);
      },
    });
    expect(opened).toBe(2);
    expect(reader.bindings()).toEqual([bindingOf('a', 1)]);
  });

  it('says so and goes on when the state is damaged, and leaves it where it is', () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'state.db'), 'garbage '.repeat(1000));
    const { store, told } = openStore(directory, { mode: 'read' });
    expect(store.bindings()).toEqual([]);
    expect(store.degradedReason).toContain('damaged');
    expect(told.degraded).toEqual([store.degradedReason]);
    expect(told.rebuilt).toEqual([]);
    expect(readdirSync(directory)).toEqual(['state.db']);
  });

  it('says so and goes on when the state cannot be opened', () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, 'state.db'));
    const { store } = openStore(directory, { mode: 'read' });
    expect(store.degradedReason).toContain('cannot be read because the disk reports');
  });

  it('reads a copy that was taken of the file alone', () => {
    const directory = temporaryDirectory();
    const { store } = openStore(directory);
    store.saveBinding(bindingOf('a', 1));
    store.close();
    const copy = temporaryDirectory();
    copyFileSync(join(directory, 'state.db'), join(copy, 'state.db'));
    expect(openStore(copy, { mode: 'read' }).store.bindings()).toHaveLength(1);
    expect(readdirSync(copy)).toEqual(['state.db']);
  });
});
