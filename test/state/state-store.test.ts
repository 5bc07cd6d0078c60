import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hashFields } from '../../src/model/digest.ts';
import { createFingerprint } from '../../src/state/fingerprint.ts';
import {
  bindingOf,
  configOf,
  failureOf,
  NOW,
  openStore,
  passOf,
  temporaryDirectory,
} from '../support/state-fixtures.ts';

describe('a state store', () => {
  it('is empty, durable and quiet when it is new', () => {
    const { store, told } = openStore(join(temporaryDirectory(), 'not', 'yet'));
    expect(store.durable).toBe(true);
    expect(store.degradedReason).toBeNull();
    expect(store.installationKey).toHaveLength(32);
    expect([store.bindings(), store.intents(), store.failures(), store.passes(50)]).toEqual([[], [], [], []]);
    expect(store.driftRewrites(0).size).toBe(0);
    expect(told).toEqual({ rebuilt: [], degraded: [], restored: 0 });
  });

  it('gives the same list until something in it changes', () => {
    const { store } = openStore(temporaryDirectory());
    store.saveBinding(bindingOf('a', 1));
    const before = store.bindings();
    store.protectBinding('a', before[0]?.protect ?? true);
    store.forgetBinding('unknown');
    expect(store.bindings()).toBe(before);

    for (const change of [
      () => store.saveBindingSoon(bindingOf('b', 2)),
      () => store.protectBinding('a', true),
      () => store.moveBindings([{ from: 'a', to: 'c', file: 'c.yaml' }]),
      () => store.forgetBinding('c'),
    ]) {
      const known = store.bindings();
      change();
      expect(store.bindings()).not.toEqual(known);
    }
    const intents = store.intents();
    store.recordIntentSoon({ key: 'd', name: 'D', at: NOW });
    expect([intents, store.intents().length]).toEqual([[], 1]);
    expect(before).toEqual([bindingOf('a', 1)]);
  });

  it('remembers everything, and its key, after it was closed', () => {
    const directory = temporaryDirectory();
    const { store } = openStore(directory);
    const plain = { ...bindingOf('b', 2 ** 53 + 2), protect: true, echo: bindingOf('b', 1).sent };
    store.saveBinding(bindingOf('a', 1));
    store.saveBindingSoon(plain);
    store.recordIntent({ key: 'c', name: 'Connector c', at: NOW + 0.25 });
    store.recordFailure(failureOf('d'));
    store.recordFailure({ ...failureOf('e'), kind: 'permanent', status: null });
    store.recordDriftRewrite('a', NOW);
    store.recordDriftRewrite('a', NOW + 1);
    store.recordPass(passOf(1));
    store.recordPass(passOf(2));
    store.close();

    const { store: again } = openStore(directory);
    expect(again.installationKey).toEqual(store.installationKey);
    expect(again.bindings()).toEqual([bindingOf('a', 1), plain]);
    expect(again.intents()).toEqual([{ key: 'c', name: 'Connector c', at: NOW + 0.25 }]);
    expect(again.failures()).toEqual([failureOf('d'), { ...failureOf('e'), kind: 'permanent', status: null }]);
    expect(again.driftRewrites(0)).toEqual(new Map([['a', [NOW, NOW + 1]]]));
    expect(again.passes(50)).toEqual([passOf(2), passOf(1)]);
  });

  it('forgets what it was told to forget', () => {
    const directory = temporaryDirectory();
    const { store } = openStore(directory);
    for (const key of ['gone', 'kept']) {
      store.saveBinding(bindingOf(key, 1));
      store.recordFailure(failureOf(key));
      store.recordDriftRewrite(key, NOW);
      store.recordIntent({ key, name: key, at: NOW });
    }
    store.forgetBinding('gone');
    store.clearFailure('kept');
    store.clearDriftRewrites('kept');
    store.clearIntent('kept');
    store.close();

    const { store: again } = openStore(directory);
    expect(again.bindings()).toEqual([bindingOf('kept', 1)]);
    expect(again.failures()).toEqual([]);
    expect(again.driftRewrites(0).size).toBe(0);
    expect(again.intents()).toEqual([{ key: 'gone', name: 'gone', at: NOW }]);
  });

  it.each(['saveBinding', 'saveBindingSoon'] as const)('settles the intent and the failure on %s', (save) => {
    const directory = temporaryDirectory();
    const { store } = openStore(directory);
    store.recordIntent({ key: 'a', name: 'a', at: NOW });
    store.recordFailure(failureOf('a'));
    store[save](bindingOf('a', 1));
    expect([store.intents(), store.failures()]).toEqual([[], []]);
    store.close();
    const { store: again } = openStore(directory);
    expect([again.intents(), again.failures()]).toEqual([[], []]);
  });

  it('notes protection apart from the rest, and settles nothing by it', () => {
    const directory = temporaryDirectory();
    const { store } = openStore(directory);
    store.saveBinding(bindingOf('a', 1));
    store.recordFailure(failureOf('a'));
    store.protectBinding('a', true);
    store.protectBinding('unknown', true);
    store.close();

    const { store: again } = openStore(directory);
    expect(again.bindings()).toEqual([{ ...bindingOf('a', 1), protect: true }]);
    expect(again.failures()).toEqual([failureOf('a')]);
    again.protectBinding('a', false);
    expect(again.bindings()).toMatchObject([{ key: 'a', protect: false }]);
  });

  it('moves all that belongs to a key, also when two swap theirs', () => {
    const directory = temporaryDirectory();
    const { store } = openStore(directory);
    store.saveBinding(bindingOf('a', 1));
    store.saveBinding(bindingOf('b', 2));
    store.recordFailure(failureOf('a'));
    store.recordDriftRewrite('b', NOW);
    store.recordIntent({ key: 'a', name: 'a', at: NOW });
    store.moveBindings([
      { from: 'a', to: 'b', file: 'b.yml' },
      { from: 'b', to: 'a', file: 'a.yml' },
      { from: 'unknown', to: 'c', file: 'c.yml' },
    ]);
    store.close();

    const { store: again } = openStore(directory);
    const byId = again.bindings().toSorted((left, right) => left.id - right.id);
    expect(byId).toEqual([
      { ...bindingOf('a', 1), key: 'b', file: 'b.yml' },
      { ...bindingOf('b', 2), key: 'a', file: 'a.yml' },
    ]);
    expect(again.failures()).toEqual([failureOf('b')]);
    expect(again.driftRewrites(0)).toEqual(new Map([['a', [NOW]]]));
    expect(again.intents()).toEqual([{ key: 'b', name: 'a', at: NOW }]);
  });

  it('tells the drift rewrites since a moment', () => {
    const { store } = openStore(temporaryDirectory());
    for (const at of [1, 2, 3]) store.recordDriftRewrite('a', at);
    store.recordDriftRewrite('b', 1);
    expect(store.driftRewrites(2)).toEqual(new Map([['a', [2, 3]]]));
  });

  it('keeps the last 50 passes in order, across restarts that count passes anew', () => {
    const directory = temporaryDirectory();
    const { store } = openStore(directory);
    for (let pass = 1; pass <= 60; pass += 1) store.recordPass(passOf(pass));
    store.close();
    const { store: again } = openStore(directory);
    again.recordPass(passOf(1));
    expect(again.passes(3)).toEqual([passOf(1), passOf(60), passOf(59)]);
    expect(again.passes(1000)).toHaveLength(50);
    again.close();
    expect(openStore(directory).store.passes(1000)).toHaveLength(50);
  });

  it('keeps its directory and files to their owner, whatever the umask and the mode they had', () => {
    const parent = temporaryDirectory();
    const directory = join(parent, 'state');
    const umask = process.umask(0o377);
    onTestFinished(() => void process.umask(umask));
    const { store } = openStore(directory);
    process.umask(0);
    const modes = () => readdirSync(directory).map((name) => [name, statSync(join(directory, name)).mode & 0o777]);
    const expected = ['lock.db', 'state.db', 'state.db-shm', 'state.db-wal'].map((name) => [name, 0o600]);
    expect(modes()).toEqual(expected);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    store.close();
    for (const name of readdirSync(directory)) chmodSync(join(directory, name), 0o644);
    openStore(directory);
    expect(modes()).toEqual(expected);
  });

  it('leaves the mode of a directory that was there alone', () => {
    const directory = join(temporaryDirectory(), 'shared');
    mkdirSync(directory);
    chmodSync(directory, 0o750);
    openStore(directory);
    expect(statSync(directory).mode & 0o777).toBe(0o750);
  });

  it('never lets a value reach the disk', () => {
    const directory = temporaryDirectory();
    const { store } = openStore(directory);
    const fingerprint = createFingerprint(store.installationKey);
    const canaries = ['canary-header', 'canary-body', 'canary-template', 'canary.example.com'];
    const config = configOf('Connector a', {
      url: 'https://canary.example.com/',
      headers: [{ name: 'Authorization', value: 'canary-header' }],
      body: [{ name: 'x', value: 'canary-body' }],
      body_template: 'canary-template',
    });
    const hashes = hashFields(config, [], fingerprint);
    store.saveBinding({ ...bindingOf('a', 1), sent: hashes, echo: hashes });
    // By another process: a descriptor closed in this one would drop SQLite's locks.
    const contents = () =>
      execFileSync(
        'cat',
        readdirSync(directory).map((name) => join(directory, name)),
      ).toString('latin1');
    const whileOpen = contents();
    store.close();
    const everything = whileOpen + contents();
    expect(everything).toContain(hashes.url);
    for (const canary of canaries) expect(everything).not.toContain(canary);
  });

  it('does nothing more after close, and does not mind a second one', () => {
    const directory = temporaryDirectory();
    const { store } = openStore(directory);
    store.close();
    store.recordIntent({ key: 'late', name: 'late', at: NOW });
    store.flush();
    store.close();
    expect(store.durable).toBe(false);
    expect(openStore(directory).store.intents()).toEqual([]);
  });
});
