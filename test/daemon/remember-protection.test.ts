import { describe, expect, test } from 'vitest';
import type { PassContext } from '../../src/daemon/run-once.ts';
import type { Desired } from '../../src/model/problem.ts';
import { bindingFor, definition, desiredOf, live } from '../support/builders.ts';
import { one, prepare, stopped } from '../support/pass-bench.ts';

const down: PassContext['client'] = { list: async () => Promise.reject(stopped('unauthorized', 403)) };
const a = (changes: Parameters<typeof definition>[0] = {}) =>
  definition({ key: 'a', config: { name: 'A' }, sync: { protect: true }, ...changes });

describe('`sync.protect` that is read while the workspace cannot be listed', () => {
  /** Which bindings are protected after one pass over these files, with `a` bound before as it says. */
  const protectedBy = async (desired: Desired, before = one): Promise<readonly string[]> => {
    const { store, pass } = prepare({ loadDesired: () => desired, client: down });
    store.saveBinding(bindingFor(before, 1));
    store.saveBinding(bindingFor(definition({ key: 'b', config: { name: 'B' } }), 2));
    await pass();
    return store.bindings().flatMap(({ key, protect }) => (protect ? [key] : []));
  };

  test('is remembered', async () => {
    expect(await protectedBy(desiredOf([a()]))).toEqual(['a']);
    expect(await protectedBy(desiredOf([one]))).toEqual([]);
  });

  test('is remembered for the connector whose file has moved meanwhile', async () => {
    expect(await protectedBy(desiredOf([a({ key: 'moved/a' })]))).toEqual(['a']);
    expect(await protectedBy(desiredOf([a({ key: 'b' })]))).toEqual(['a']);
    const swapped = [a({ key: 'b' }), definition({ key: 'a', config: { name: 'B' } })];
    expect(await protectedBy(desiredOf(swapped))).toEqual(['a']);
  });

  test('is not taken away: the file may mean another connector now', async () => {
    expect(await protectedBy(desiredOf([one]), a())).toEqual(['a']);
    expect(await protectedBy(desiredOf([a({ id: 9, sync: {} })]), a())).toEqual(['a']);
  });

  test('holds when the file is gone before the list is back, and is as the file says when it is not', async () => {
    let desired = desiredOf([a()]);
    let list: PassContext['client']['list'] = async () => down.list();
    const { store, pass } = prepare({ loadDesired: () => desired, client: { list: async () => list() } });
    store.saveBinding(bindingFor(one, 1));
    await pass();
    list = async () => [live(1, one.config)];
    desired = desiredOf([definition({ key: 'b', config: { name: 'B' } })]);
    expect((await pass()).plan?.changes).toMatchObject([
      { key: 'a', action: 'none', cause: 'removed_from_source', outcome: 'skipped' },
      { key: 'b', action: 'create' },
    ]);
    desired = desiredOf([one]);
    await pass();
    expect(store.bindings()).toMatchObject([{ key: 'a', protect: false }]);
  });

  test('is not remembered of a pass that was withdrawn', async () => {
    const withdraw = new AbortController();
    withdraw.abort();
    const { store, pass } = prepare({ loadDesired: () => desiredOf([a()]), client: down });
    store.saveBinding(bindingFor(one, 1));
    await pass({ signal: withdraw.signal });
    expect(store.bindings()).toMatchObject([{ protect: false }]);
  });
});
