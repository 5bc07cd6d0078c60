import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { createFaultyDisk } from '../support/faulty-database.ts';
import { spawnStateProcess } from '../support/spawn-state-process.ts';
import { bindingOf, failureOf, NOW, openStore, passOf, temporaryDirectory } from '../support/state-fixtures.ts';

/** A closed state directory with 200 bindings. */
function filledDirectory(): string {
  const directory = temporaryDirectory();
  const { store } = openStore(directory);
  for (let id = 1; id <= 200; id += 1) store.saveBindingSoon(bindingOf(`key-${id}`, id));
  store.close();
  return directory;
}

function overwrite(file: string, at: number, bytes: Buffer): void {
  const content = readFileSync(file);
  bytes.copy(content, at);
  writeFileSync(file, content);
}

function setAsideIn(directory: string): readonly string[] {
  return readdirSync(directory).filter((name) => /^state\.db\.(corrupt|superseded)-/.test(name));
}

describe('a damaged state file', () => {
  it.each<[string, (file: string) => void]>([
    ['emptied', (file) => truncateSync(file, 0)],
    ['with a garbage header', (file) => overwrite(file, 0, Buffer.alloc(100, 0xa5))],
    ['that was never a database', (file) => writeFileSync(file, 'hello\n')],
    ['cut in half', (file) => truncateSync(file, Math.floor(statSync(file).size / 2))],
    ['cut to a whole page', (file) => truncateSync(file, 4096)],
    [
      'with garbage in the middle',
      (file) => overwrite(file, Math.floor(statSync(file).size / 2), Buffer.alloc(8192, 0x5a)),
    ],
    [
      'with one digit changed in a row',
      (file) => overwrite(file, readFileSync(file).indexOf('"id":77,') + 5, Buffer.from('8')),
    ],
    ['without a table', (file) => execute(file, 'DROP TABLE intents')],
    ['without its key', (file) => execute(file, 'DELETE FROM installation')],
    ['with a key of another length', (file) => execute(file, "UPDATE installation SET secret = x'00'")],
  ])('%s is set aside, said loudly, and begun anew', (_, damage) => {
    const directory = filledDirectory();
    const file = join(directory, 'state.db');
    damage(file);
    const damaged = readFileSync(file);

    const { store, told } = openStore(directory);
    expect(store.durable).toBe(true);
    expect(store.bindings()).toEqual([]);
    expect(told.rebuilt).toEqual([
      expect.stringMatching(/set aside as .*state\.db\.corrupt-20260102T030405Z; .*adopt/),
    ]);
    expect(told.degraded).toEqual([]);
    expect(readFileSync(join(directory, 'state.db.corrupt-20260102T030405Z')).equals(damaged)).toBe(true);

    store.saveBinding(bindingOf('new', 1));
    store.close();
    const { store: again, told: toldAgain } = openStore(directory);
    expect(again.bindings()).toEqual([bindingOf('new', 1)]);
    expect(toldAgain.rebuilt).toEqual([]);
  });

  it('set aside twice within a second keeps both', () => {
    const directory = temporaryDirectory();
    for (const text of ['first', 'second']) {
      writeFileSync(join(directory, 'state.db'), text);
      openStore(directory).store.close();
    }
    expect(setAsideIn(directory)).toEqual(['state.db.corrupt-20260102T030405Z', 'state.db.corrupt-20260102T030405Z-2']);
  });

  it.each([
    ['state.db-wal', 0],
    ['state.db-shm', 1],
  ])('is not what a crash and a spoilt %s leave: the rest is still used', async (name, intents) => {
    const directory = temporaryDirectory();
    const crashed = await spawnStateProcess(directory, 'a');
    await crashed.kill();
    const { installationKey } = openStore(directory, { mode: 'read' }).store;
    const { length } = readFileSync(join(directory, name));
    writeFileSync(join(directory, name), Buffer.alloc(length, 0xa5));
    const { store, told } = openStore(directory);
    expect(store.durable).toBe(true);
    expect(store.installationKey).toEqual(installationKey);
    expect(store.intents()).toHaveLength(intents);
    expect(told.rebuilt).toEqual([]);
  });

  it('does not leave its log to the file that takes its place', async () => {
    const directory = temporaryDirectory();
    const crashed = await spawnStateProcess(directory, 'old');
    await crashed.kill();
    const log = readFileSync(join(directory, 'state.db-wal'));
    writeFileSync(join(directory, 'state.db'), '');
    openStore(directory).store.close();
    expect(setAsideIn(directory)).toEqual([
      'state.db.corrupt-20260102T030405Z',
      'state.db.corrupt-20260102T030405Z-shm',
      'state.db.corrupt-20260102T030405Z-wal',
    ]);
    expect(readFileSync(join(directory, 'state.db.corrupt-20260102T030405Z-wal')).equals(log)).toBe(true);
  });

  it('noticed while it is in use is set aside and written again from memory', () => {
    const directory = temporaryDirectory();
    const { store, told } = openStore(directory);
    for (let id = 1; id <= 200; id += 1) store.saveBindingSoon(bindingOf(`key-${id}`, id));
    store.close();
    const { store: open, told: openTold } = openStore(directory);
    truncateSync(join(directory, 'state.db'), 10_000);
    open.recordIntent({ key: 'a', name: 'a', at: NOW });
    expect(open.durable).toBe(true);
    expect(openTold.rebuilt).toHaveLength(1);
    open.close();
    const { store: again } = openStore(directory);
    expect(again.bindings()).toHaveLength(200);
    expect(again.intents()).toHaveLength(1);
    expect(again.installationKey).toEqual(store.installationKey);
    expect(told.rebuilt).toEqual([]);
  });

  it('that stays damaged whatever is done does not stop the work', () => {
    const disk = createFaultyDisk();
    const { store, told } = openStore(temporaryDirectory(), { connect: disk.connect });
    disk.setFault('corrupt');
    store.recordIntent({ key: 'a', name: 'a', at: NOW });
    expect(store.intents()).toHaveLength(1);
    expect(store.durable).toBe(false);
    expect(told.degraded).toEqual([expect.stringContaining('damaged')]);
    disk.setFault('none');
    store.flush();
    expect(store.durable).toBe(true);
    expect(told.restored).toBe(1);
  });
});

describe.each([
  ['full', 'the disk is full'],
  ['read-only', 'the file is read-only'],
] as const)('a disk that is %s', (fault, words) => {
  it('leaves the state in memory, says so once, and gets everything when it has recovered', () => {
    const directory = temporaryDirectory();
    const disk = createFaultyDisk();
    const { store, told } = openStore(directory, { connect: disk.connect });
    store.saveBinding(bindingOf('before', 1));
    store.saveBinding(bindingOf('forgotten', 2));
    disk.setFault(fault);
    const long = 'x'.repeat(20_000);
    store.recordIntent({ key: 'a', name: long, at: NOW });
    expect(store.durable).toBe(false);
    expect(store.degradedReason).toContain(words);
    store.saveBinding({ ...bindingOf('b', 3), name: long });
    store.forgetBinding('forgotten');
    store.recordPass(passOf(1));
    store.flush();
    store.flush();
    expect(store.durable).toBe(false);
    expect(told.degraded).toEqual([store.degradedReason]);
    expect(store.bindings().map(({ key }) => key)).toEqual(['before', 'b']);

    disk.setFault('none');
    store.flush();
    expect([store.durable, store.degradedReason, told.restored]).toEqual([true, null, 1]);
    expect(told.rebuilt).toEqual([]);
    store.recordFailure(failureOf('b'));
    store.close();

    const { store: again } = openStore(directory);
    expect(again.bindings().map(({ key }) => key)).toEqual(['before', 'b']);
    expect(again.intents().map(({ key }) => key)).toEqual(['a']);
    expect(again.failures()).toEqual([failureOf('b')]);
    expect(again.passes(9)).toEqual([passOf(1)]);
    expect(setAsideIn(directory)).toEqual([]);
  });

  it('at the start leaves no half-made file in the way', () => {
    const directory = temporaryDirectory();
    const disk = createFaultyDisk();
    disk.setFault(fault);
    const { store } = openStore(directory, { connect: disk.connect });
    store.saveBinding(bindingOf('a', 1));
    store.flush();
    expect(store.durable).toBe(false);
    disk.setFault('none');
    store.flush();
    expect(store.durable).toBe(true);
    store.close();
    const { store: again, told } = openStore(directory);
    expect(again.bindings()).toHaveLength(1);
    expect(told.rebuilt).toEqual([]);
    expect(setAsideIn(directory)).toEqual([]);
  });
});

describe('a state directory', () => {
  it('that cannot be made leaves the state in memory until it can', () => {
    const parent = temporaryDirectory();
    const obstacle = join(parent, 'file');
    writeFileSync(obstacle, '');
    const directory = join(obstacle, 'state');
    const { store, told } = openStore(directory);
    expect(store.durable).toBe(false);
    expect(store.degradedReason).toMatch(/cannot be kept in .*file\/state because ENOTDIR/);
    expect(told.degraded).toEqual([store.degradedReason]);
    store.recordIntent({ key: 'a', name: 'a', at: NOW });
    store.flush();
    expect(told.degraded).toHaveLength(1);

    rmSync(obstacle);
    store.flush();
    expect([store.durable, told.restored]).toEqual([true, 1]);
    store.close();
    expect(openStore(directory).store.intents()).toHaveLength(1);
  });

  it('that cannot be written is still read, and written as soon as it can be', () => {
    const directory = filledDirectory();
    rmSync(join(directory, 'lock.db'));
    mkdirSync(join(directory, 'lock.db'));
    const { store, told } = openStore(directory);
    expect(store.durable).toBe(false);
    expect(store.bindings()).toHaveLength(200);
    store.forgetBinding('key-1');

    rmdirSync(join(directory, 'lock.db'));
    store.flush();
    expect(store.durable).toBe(true);
    expect(told.rebuilt).toEqual([]);
    store.close();
    expect(openStore(directory).store.bindings()).toHaveLength(199);
    expect(setAsideIn(directory)).toEqual([]);
  });

  it.each<[string, (directory: string) => void]>([
    ['removed', (directory) => rmSync(directory, { recursive: true })],
    ['emptied', (directory) => readdirSync(directory).forEach((name) => rmSync(join(directory, name)))],
    ['robbed of its database', (directory) => rmSync(join(directory, 'state.db'))],
    ['robbed of its log', (directory) => rmSync(join(directory, 'state.db-wal'))],
    ['cut off', (directory) => truncateSync(join(directory, 'state.db'), 4096)],
    ['moved away', (directory) => renameSync(directory, `${directory}-moved`)],
  ])('%s under a running store is written anew, at a flush without changes too', (_, disturb) => {
    const parent = temporaryDirectory();
    const directory = join(parent, 'state');
    const { store, told } = openStore(directory);
    store.saveBinding(bindingOf('a', 1));
    store.saveBinding(bindingOf('gone', 2));
    store.forgetBinding('gone');
    store.flush();
    disturb(directory);
    store.flush();
    expect(store.durable).toBe(true);
    expect(told.rebuilt).toEqual([expect.stringContaining('written again from memory')]);
    expect(told.degraded).toEqual([]);
    store.saveBinding(bindingOf('b', 3));
    expect(told.rebuilt).toHaveLength(1);
    store.close();

    const { store: again } = openStore(directory);
    expect(again.bindings()).toEqual([bindingOf('a', 1), bindingOf('b', 3)]);
    expect(again.installationKey).toEqual(store.installationKey);
  });

  it('removed under a running store does not cost an intent', () => {
    const directory = join(temporaryDirectory(), 'state');
    const { store } = openStore(directory);
    rmSync(directory, { recursive: true });
    store.recordIntent({ key: 'a', name: 'a', at: NOW });
    expect(openStore(directory, { mode: 'read' }).store.intents()).toHaveLength(1);
    expect(() => openStore(directory)).toThrow('in use by another databar-sync');
  });

  it('in which another file took the place of the state keeps both', () => {
    const directory = temporaryDirectory();
    const backup = join(filledDirectory(), 'state.db');
    const { store, told } = openStore(directory);
    store.saveBinding(bindingOf('ours', 1));
    renameSync(backup, join(directory, 'state.db'));
    store.flush();
    expect(told.rebuilt).toEqual([expect.stringContaining('Another file took the place')]);
    store.close();
    expect(openStore(directory).store.bindings()).toEqual([bindingOf('ours', 1)]);
    expect(setAsideIn(directory)[0]).toBe('state.db.superseded-20260102T030405Z');
  });
});

function execute(file: string, sql: string): void {
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
}
