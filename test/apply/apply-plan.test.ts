import { setImmediate as nextRound } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { applyPlan, skipPlan } from '../../src/apply/apply-plan.ts';
import type { ThrottledClient } from '../../src/apply/throttled-client.ts';
import type { Change } from '../../src/model/change.ts';
import { echo, openApplyBench, stopped } from '../support/apply-bench.ts';
import { bindingFor, definition, live } from '../support/builders.ts';
import {
  adopting,
  blocked,
  creating,
  deleting,
  field,
  held,
  inSync,
  orphan,
  planOf,
  updating,
} from '../support/pass-builders.ts';

const keys = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);
const NAMES = (changes: readonly string[]): readonly Change[] => changes.map((key) => updating(key));

/** Updates that fail for the connectors whose name is told; the others succeed. */
const failingFor = (fails: (name: string) => boolean): Partial<ThrottledClient> => ({
  update: async (id, config) => {
    await nextRound();
    if (fails(config.name)) throw stopped('update', 'exhausted', { status: 500, attempts: 5 });
    return echo(id, config);
  },
});

describe('a plan', () => {
  test('is carried out change by change, and told in its order, whatever ended first', async () => {
    const { context, told, asked } = openApplyBench({
      create: async (config) => {
        for (let round = 0; round < 5; round += 1) await nextRound();
        return echo(5, config);
      },
    });
    const changes = [
      creating('a'),
      adopting('b'),
      adopting('c', { fields: [field('/method', 'get', 'post')] }),
      updating('d'),
      deleting('e'),
      inSync('f'),
      orphan('g'),
      blocked('h'),
      held('i'),
    ];
    const { outcomes, outage } = await applyPlan(planOf(changes), [], context);
    expect(outcomes.map(({ change, outcome }) => `${change.key} ${outcome}`)).toEqual([
      'a applied',
      'b applied',
      'c applied',
      'd applied',
      'e applied',
      'f unchanged',
      'g reported',
      'h blocked',
      'i held',
    ]);
    expect(outage).toBeNull();
    expect(told).toHaveLength(changes.length);
    expect(told.at(-1)?.change.key).toBe('a');
    expect(asked).toEqual(['create A', 'update 7 C', 'update 7 D', 'delete 7']);
  });

  test('binds what it adopts, and records what it finds settled, without a request', async () => {
    const { context, store, asked } = openApplyBench();
    const desired = definition({ key: 'b' });
    const found = inSync('b', { id: 8, record: { desired, live: live(8) } });
    await applyPlan(planOf([adopting('a'), found]), [], context);
    expect(store.bindings().toSorted((left, right) => (left.key < right.key ? -1 : 1))).toMatchObject([
      { key: 'a', id: 7 },
      { key: 'b', id: 8 },
    ]);
    expect(asked).toEqual([]);
  });

  test('forgives what is in sync', async () => {
    const { context, store } = openApplyBench({
      update: async () => Promise.reject(stopped('update', 'permanent', { status: 422 })),
    });
    await applyPlan(planOf([updating('a'), updating('b')]), [], context);
    await applyPlan(planOf([inSync('a'), orphan('b')]), [], context);
    expect(store.failures().map(({ key }) => key)).toEqual(['b']);
  });

  test('that comes again has the outcomes that it had, and tells of them again', async () => {
    const { context, told } = openApplyBench();
    const plan = planOf([inSync('a'), orphan('b')]);
    const first = await applyPlan(plan, [], context);
    const again = await applyPlan(plan, [], context);
    const other = await applyPlan(planOf([inSync('c')]), [], context);
    expect(again.outcomes).toBe(first.outcomes);
    expect(other.outcomes.map(({ change }) => change.key)).toEqual(['c']);
    expect(told.map(({ change }) => change.key)).toEqual(['a', 'b', 'a', 'b', 'c']);
  });

  test('has so many changes in hand at once, and no more', async () => {
    let [now, most] = [0, 0];
    const { context } = openApplyBench({
      update: async (id, config) => {
        now += 1;
        most = Math.max(most, now);
        await nextRound();
        now -= 1;
        return echo(id, config);
      },
    });
    const { outcomes } = await applyPlan(planOf(NAMES(keys('a', 20))), [], context);
    expect(most).toBe(4);
    expect(outcomes.every(({ outcome }) => outcome === 'applied')).toBe(true);
  });

  test('that is withdrawn skips what has not been sent', async () => {
    const withdraw = new AbortController();
    const { context, asked } = openApplyBench(
      {
        update: async (id, config, options) => {
          if (options?.signal?.aborted === true) throw stopped('update', 'aborted', { attempts: 0 });
          withdraw.abort();
          return echo(id, config);
        },
      },
      { signal: withdraw.signal, inHand: 1 },
    );
    const { outcomes } = await applyPlan(planOf(NAMES(['a', 'b', 'c'])), [], context);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['applied', 'skipped', 'skipped']);
    expect(asked[0]).toBe('update 7 A');
  });

  test('of a dry run leaves out every write', () => {
    const changes = [creating('a'), adopting('b'), updating('c'), deleting('d'), inSync('e'), blocked('f'), held('g')];
    expect(skipPlan(planOf(changes), () => undefined).outcomes.map(({ outcome }) => outcome)).toEqual([
      'skipped',
      'skipped',
      'skipped',
      'skipped',
      'unchanged',
      'blocked',
      'held',
    ]);
  });
});

describe('a failure', () => {
  test('stops nobody else', async () => {
    const { context } = openApplyBench(failingFor((name) => name === 'B'));
    const { outcomes, outage } = await applyPlan(planOf(NAMES(['a', 'b', 'c'])), [], context);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['applied', 'failed', 'applied']);
    expect(outage).toBeNull();
  });

  test('comes last in the next pass', async () => {
    const { context, asked, clock } = openApplyBench(failingFor((name) => name === 'A' || name === 'C'));
    await applyPlan(planOf(NAMES(['a', 'b', 'c', 'd'])), [], context);
    clock.now += 10_000;
    const before = asked.length;
    const { outcomes } = await applyPlan(planOf(NAMES(['a', 'b', 'c', 'd'])), [], { ...context, inHand: 1 });
    expect(asked.slice(before)).toEqual(['update 7 B', 'update 7 D', 'update 7 A', 'update 7 C']);
    expect(outcomes.map(({ change }) => change.key)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('five times in a row is an outage: what is left is given up', async () => {
    const { context, asked } = openApplyBench({
      update: async (_id, _config, options) => {
        await nextRound();
        if (options?.signal?.aborted === true) throw stopped('update', 'aborted', { attempts: 0 });
        throw stopped('update', 'exhausted', { status: 503, attempts: 5 });
      },
    });
    const { outcomes, outage } = await applyPlan(planOf(NAMES(keys('a', 50))), [], { ...context, inHand: 1 });
    expect(outage).toMatchObject({ status: 503 });
    expect(outcomes.filter(({ outcome }) => outcome === 'failed')).toHaveLength(5);
    expect(outcomes.filter(({ outcome }) => outcome === 'skipped')).toHaveLength(45);
    expect(asked.length).toBe(50);
  });

  test('however often, with successes between, is none', async () => {
    const { context } = openApplyBench(failingFor((name) => !name.endsWith('0')));
    const { outage } = await applyPlan(planOf(NAMES(keys('a', 5).flatMap((key) => [key, `${key}0`]))), [], {
      ...context,
      inHand: 1,
    });
    expect(outage).toBeNull();
  });

  test('to find connectors gone that a list lacks is no outage, however many they are', async () => {
    const { context } = openApplyBench({ get: async (id) => live(id) }, { inHand: 1 });
    const missing = keys('gone', 6).map((key, index) => creating(key, { id: 11 + index, cause: 'remote_deleted' }));
    const { outcomes, outage } = await applyPlan(planOf([...missing, updating('user')]), [], context);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual([...missing.map(() => 'failed'), 'applied']);
    expect(outage).toBeNull();
  });

  test('of the key ends the pass at once', async () => {
    const { context } = openApplyBench(
      {
        update: async (_id, _config, options) => {
          if (options?.signal?.aborted === true) throw stopped('update', 'aborted', { attempts: 0 });
          throw stopped('update', 'unauthorized', { status: 403 });
        },
      },
      { inHand: 1 },
    );
    const { outcomes } = await applyPlan(planOf(NAMES(['a', 'b', 'c'])), [], context);
    expect(outcomes.map(({ failure }) => failure?.kind ?? null)).toEqual(['unauthorized', null, null]);
  });
});

describe('a defect', () => {
  /** Creates that wait for their turn until they are withdrawn, and then take a moment to end. */
  const waitingCreates = (): { readonly client: Partial<ThrottledClient>; readonly running: () => number } => {
    let running = 0;
    return {
      running: () => running,
      client: {
        create: async (config, options) => {
          if (config.name === 'A') throw new TypeError('a defect');
          running += 1;
          for (let round = 0; round < 50 && options?.signal?.aborted !== true; round += 1) await nextRound();
          const withdrawn = options?.signal?.aborted === true;
          await nextRound();
          running -= 1;
          if (withdrawn) throw stopped('create', 'aborted', { attempts: 0 });
          return echo(9, config);
        },
      },
    };
  };

  test('withdraws what waits, and is told when nothing of the pass runs any more', async () => {
    const { client, running } = waitingCreates();
    const { context, asked, told } = openApplyBench(client, { inHand: 2 });
    const changes = ['a', 'b', 'c', 'd'].map((key) => creating(key));
    await expect(applyPlan(planOf(changes), [], context)).rejects.toThrow('a defect');
    expect(running()).toBe(0);
    for (let round = 0; round < 100; round += 1) await nextRound();
    expect(asked).toEqual(['create A', 'create B']);
    expect(told.map(({ change, outcome }) => `${change.key} ${outcome}`)).toEqual(['b skipped']);
  });

  test('in forgetting withdraws what is written beside it', async () => {
    const { client, running } = waitingCreates();
    const { context, store, told } = openApplyBench({
      ...client,
      get: async () => Promise.reject(new RangeError('a defect')),
    });
    store.saveBinding(bindingFor(definition({ key: 'gone' }), 7));
    const plan = planOf([creating('b'), creating('c')], { forget: ['gone'] });
    await expect(applyPlan(plan, [], context)).rejects.toThrow('a defect');
    expect(running()).toBe(0);
    expect(told.map(({ outcome }) => outcome)).toEqual(['skipped', 'skipped']);
  });
});

describe('memory', () => {
  const desired = definition({ key: 'a' });

  test('follows definitions that moved', async () => {
    const { context, store } = openApplyBench();
    store.saveBinding(bindingFor(desired, 7));
    const moves = [{ from: 'a', to: 'b', file: 'b.yaml' }];
    await applyPlan(planOf([inSync('b')], { moves }), [], context);
    expect(store.bindings()).toMatchObject([{ key: 'b', id: 7, file: 'b.yaml' }]);
  });

  test.each<[string, Partial<ThrottledClient>, number]>([
    ['the server says that it is gone', {}, 0],
    ['it is there after all', { get: async () => live(7) }, 1],
    ['nobody can tell', { get: async () => Promise.reject(stopped('get', 'exhausted', { status: 500 })) }, 1],
  ])('of a connector that the list lacks and no definition wants: %s', async (_, client, left) => {
    const { context, store, asked } = openApplyBench(client);
    store.saveBinding(bindingFor(desired, 7));
    await applyPlan(planOf([], { forget: ['a'] }), [live(8)], context);
    expect(asked).toEqual(['get 7']);
    expect(store.bindings()).toHaveLength(left);
  });

  test('of a connector that another definition has goes without a question', async () => {
    const { context, store, asked } = openApplyBench();
    store.saveBinding(bindingFor(desired, 7));
    await applyPlan(planOf([], { forget: ['a'] }), [live(7)], context);
    expect(asked).toEqual([]);
    expect(store.bindings()).toEqual([]);
  });

  test('a defect of ours is not taken for a failed write', async () => {
    const { context } = openApplyBench({ get: async () => Promise.reject(new RangeError('a defect')) });
    context.store.saveBinding(bindingFor(desired, 7));
    await expect(applyPlan(planOf([], { forget: ['a'] }), [], context)).rejects.toThrow('a defect');
  });
});
