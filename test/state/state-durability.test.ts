import { describe, expect, it } from 'vitest';
import type { Schedule } from '../../src/state/state-store.ts';
import { createFaultyDisk } from '../support/faulty-database.ts';
import { spawnStateProcess } from '../support/spawn-state-process.ts';
import { bindingOf, failureOf, NOW, openStore, passOf, temporaryDirectory } from '../support/state-fixtures.ts';

/** What was put off, for the test to let happen. */
function createAgenda(): { readonly schedule: Schedule; readonly delays: number[]; elapse(): void } {
  const delays: number[] = [];
  let waiting: (() => void)[] = [];
  return {
    delays,
    schedule(run, delayMs) {
      delays.push(delayMs);
      waiting.push(run);
      return () => {
        waiting = waiting.filter((other) => other !== run);
      };
    },
    elapse() {
      const due = waiting;
      waiting = [];
      for (const run of due) run();
    },
  };
}

describe('what is recorded', () => {
  it('survives a kill right after recordIntent returned', async () => {
    const directory = temporaryDirectory();
    const process = await spawnStateProcess(directory, 'a', 'b');
    expect(process.failure).toBeNull();
    await process.kill();
    const { store, told } = openStore(directory);
    expect(store.intents().map(({ key }) => key)).toEqual(['a', 'b']);
    expect(told.rebuilt).toEqual([]);
  });

  it.each(['recordIntent', 'saveBinding'] as const)('is on disk when %s returns', (method) => {
    const directory = temporaryDirectory();
    const disk = createFaultyDisk();
    const { store } = openStore(directory, { connect: disk.connect });
    store.recordIntent({ key: 'x', name: 'x', at: NOW });
    const before = disk.commits();
    if (method === 'recordIntent') store.recordIntent({ key: 'a', name: 'a', at: NOW });
    else store.saveBinding(bindingOf('a', 1));
    expect(disk.commits()).toBe(before + 1);

    const { store: reader } = openStore(directory, { mode: 'read' });
    expect(reader.intents()).toEqual(store.intents());
    expect(reader.bindings()).toEqual(store.bindings());
  });

  it('in one turn of the event loop goes to disk in one transaction, and is there once that is settled', async () => {
    const directory = temporaryDirectory();
    const disk = createFaultyDisk();
    const { store } = openStore(directory, { connect: disk.connect, schedule: createAgenda().schedule });
    const before = disk.commits();
    await Promise.all(
      ['a', 'b', 'c'].map(async (key) => {
        store.recordIntentSoon({ key, name: key, at: NOW });
        await store.settled();
        expect(openStore(directory, { mode: 'read' }).store.intents()).toHaveLength(3);
      }),
    );
    expect(disk.commits()).toBe(before + 1);
    store.saveBindingSoon(bindingOf('a', 1));
    await store.settled();
    await store.settled();
    expect(disk.commits()).toBe(before + 2);
    expect(openStore(directory, { mode: 'read' }).store.intents()).toHaveLength(2);
  });

  it('is settled at once where the disk cannot keep it', async () => {
    const disk = createFaultyDisk();
    const { store, told } = openStore(temporaryDirectory(), { connect: disk.connect });
    disk.setFault('full');
    store.recordIntentSoon({ key: 'a', name: 'x'.repeat(100_000), at: NOW });
    await store.settled();
    expect(store.durable).toBe(false);
    expect(told.degraded).toHaveLength(1);
    store.recordIntentSoon({ key: 'b', name: 'b', at: NOW });
    await store.settled();
    expect(store.intents()).toHaveLength(2);
  });

  it('in a batch takes one transaction, within 100 ms', () => {
    const directory = temporaryDirectory();
    const disk = createFaultyDisk();
    const agenda = createAgenda();
    const { store } = openStore(directory, { connect: disk.connect, schedule: agenda.schedule });
    const before = disk.commits();
    for (let id = 1; id <= 1000; id += 1) store.saveBindingSoon(bindingOf(`key-${id}`, id));
    store.recordFailure(failureOf('f'));
    store.recordDriftRewrite('f', NOW);
    store.recordPass(passOf(1));
    expect(disk.commits()).toBe(before);
    expect(agenda.delays).toHaveLength(1);
    expect(agenda.delays[0]).toBeLessThanOrEqual(100);

    agenda.elapse();
    expect(disk.commits()).toBe(before + 1);
    expect(openStore(directory, { mode: 'read' }).store.bindings()).toHaveLength(1000);

    store.saveBindingSoon(bindingOf('later', 2000));
    expect(agenda.delays).toHaveLength(2);
  });

  it('in a batch goes to disk together with the next durable write, in its order', () => {
    const directory = temporaryDirectory();
    const disk = createFaultyDisk();
    const agenda = createAgenda();
    const { store } = openStore(directory, { connect: disk.connect, schedule: agenda.schedule });
    const before = disk.commits();
    store.saveBindingSoon(bindingOf('a', 1));
    store.saveBindingSoon(bindingOf('b', 1));
    store.forgetBinding('b');
    store.saveBinding({ ...bindingOf('a', 1), name: 'newer' });
    expect(disk.commits()).toBe(before + 1);
    expect(openStore(directory, { mode: 'read' }).store.bindings()).toEqual([{ ...bindingOf('a', 1), name: 'newer' }]);
    agenda.elapse();
    expect(disk.commits()).toBe(before + 1);
  });

  it.each(['flush', 'close'] as const)('in a batch goes to disk with %s', (method) => {
    const directory = temporaryDirectory();
    const { store } = openStore(directory, { schedule: createAgenda().schedule });
    store.saveBindingSoon(bindingOf('a', 1));
    store[method]();
    expect(openStore(directory, { mode: 'read' }).store.bindings()).toHaveLength(1);
  });

  it('in a batch goes to disk by itself with the real timer', async () => {
    const directory = temporaryDirectory();
    const { store } = openStore(directory);
    store.saveBindingSoon(bindingOf('a', 1));
    await expect
      .poll(() => openStore(directory, { mode: 'read' }).store.bindings().length, { timeout: 10_000 })
      .toBe(1);
  });

  it('needs no transaction when nothing has changed', () => {
    const disk = createFaultyDisk();
    const { store } = openStore(temporaryDirectory(), { connect: disk.connect });
    const before = disk.commits();
    store.flush();
    store.clearIntent('unknown');
    store.forgetBinding('unknown');
    store.flush();
    expect(disk.commits()).toBe(before);
  });
});
