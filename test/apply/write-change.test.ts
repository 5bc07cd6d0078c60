import { describe, expect, test } from 'vitest';
import type { ApiErrorKind } from '../../src/api/api-error.ts';
import type { StopReason } from '../../src/api/retry-policy.ts';
import type { ThrottledClient } from '../../src/apply/throttled-client.ts';
import type { Writer } from '../../src/apply/write-change.ts';
import { createWriter } from '../../src/apply/write-change.ts';
import type { LiveConnector } from '../../src/model/connector.ts';
import type { Outcome, WriteFailure } from '../../src/model/outcome.ts';
import type { ApplyBench } from '../support/apply-bench.ts';
import { echo, openApplyBench, stopped } from '../support/apply-bench.ts';
import { bindingFor, live } from '../support/builders.ts';
import { createFaultyDisk } from '../support/faulty-database.ts';
import { adopting, creating, deleting, healing, updating } from '../support/pass-builders.ts';
import { openStore, temporaryDirectory } from '../support/state-fixtures.ts';

type Changes = Parameters<typeof openApplyBench>[1];

/** A writer for one pass; `again` makes that of the next one over the same memory. */
function openWriter(
  client: Partial<ThrottledClient> = {},
  { known = [], ...changes }: Changes & { readonly known?: readonly number[] } = {},
): ApplyBench & { readonly write: Writer; readonly again: (changes?: Changes) => Writer } {
  const bench = openApplyBench(client, changes);
  const again = (more: Changes = {}): Writer => createWriter({ ...bench.context, ...more, known: new Set(known) });
  return { ...bench, write: again(), again };
}

const lost = async (): Promise<never> => Promise.reject(stopped('create', 'unsettled', { status: 504 }));
const rejecting =
  (operation: 'create' | 'update' | 'delete', reason: StopReason, status: number | null = 500) =>
  async (): Promise<never> =>
    Promise.reject(stopped(operation, reason, { status }));

const failureOf = ({ failure }: Outcome): WriteFailure => {
  if (failure === null) throw new Error('it did not fail');
  return failure;
};

const A = creating('a');
const ofA = (id: number, changes = {}): LiveConnector => live(id, { ...A.send, ...changes });

describe('a create', () => {
  test('is known as an intent before it leaves, and as a binding when it is answered', async () => {
    const seen: unknown[] = [];
    const { write, store } = openWriter({
      create: async (config) => {
        seen.push(store.intents());
        return echo(5, config);
      },
    });
    expect(await write.create(A)).toMatchObject({ outcome: 'applied', id: 5, failure: null, adjusted: [] });
    expect(seen).toEqual([[{ key: 'a', name: 'A', at: 1_001_000 }]]);
    expect(store.intents()).toEqual([]);
    expect(store.bindings()).toMatchObject([{ key: 'a', id: 5, name: 'A' }]);
  });

  test('whose answer is lost is found by its name among what nobody knew before', async () => {
    const { write, store, asked } = openWriter({ create: lost, list: async () => [ofA(1), ofA(9)] }, { known: [1] });
    expect(await write.create(A)).toMatchObject({ outcome: 'applied', id: 9 });
    expect(asked).toEqual(['create A', 'list']);
    expect(store.bindings()).toMatchObject([{ key: 'a', id: 9 }]);
    expect(store.intents()).toEqual([]);
  });

  test('that is found with a smaller number, as the server caps it, is told as adjusted', async () => {
    const change = creating('a', { send: { ...A.send, rate_limit: 60 } });
    const { write } = openWriter({ create: lost, list: async () => [ofA(9, { rate_limit: 10 })] });
    expect(await write.create(change)).toMatchObject({ outcome: 'applied', id: 9, adjusted: ['rate_limit'] });
  });

  test.each<[string, () => Promise<readonly LiveConnector[]>]>([
    ['is not listed', async () => []],
    ['has another name', async () => [live(9, { name: 'B' })]],
    ['was there before', async () => [ofA(1)]],
    ['has other content, and so may be somebody else`s', async () => [ofA(9, { method: 'get' })]],
    ['is there twice', async () => [ofA(8), ofA(9)]],
    ['cannot be looked for', async () => Promise.reject(stopped('list', 'exhausted', { status: 500 }))],
  ])('whose answer is lost, and which %s, stays an intent from then on, and waits', async (_, list) => {
    const { write, store, asked, clock } = openWriter(
      {
        create: async () => {
          clock.now += 7_000;
          return lost();
        },
        list,
      },
      { known: [1] },
    );
    const outcome = await write.create(A);
    expect(failureOf(outcome)).toMatchObject({ kind: 'unsettled', status: 504, attempts: 1, retryInMs: 30_000 });
    expect(store.intents()).toEqual([{ key: 'a', name: 'A', at: 1_007_000 }]);
    expect(store.bindings()).toEqual([]);
    expect(asked.filter((call) => call.startsWith('create'))).toHaveLength(1);
  });

  test('that keeps getting lost waits longer and longer, and new content does not', async () => {
    const { again, clock } = openWriter({ create: lost }, { settleMs: 100, random: () => 1 });
    const waits: (number | null)[] = [];
    for (let pass = 0; pass < 4; pass += 1) {
      const { retryInMs } = failureOf(await again().create(A));
      waits.push(retryInMs);
      clock.now += (retryInMs ?? 0) - 1;
      expect(failureOf(await again().create(A))).toMatchObject({ attempts: 0, retryInMs: 1 });
      clock.now += 1;
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000]);
    await again().create(A);
    const edited = { ...A, desired: { ...A.desired, config: { ...A.desired.config, method: 'get' } } };
    expect(failureOf(await again().create(edited))).toMatchObject({ attempts: 1 });
  });

  test('that we broke off ourselves stays an intent and is no failure of the connector', async () => {
    const { write, store } = openWriter({
      create: async () => Promise.reject(stopped('create', 'unsettled', { kind: 'aborted' })),
    });
    expect(failureOf(await write.create(A))).toMatchObject({ kind: 'unsettled' });
    expect(store.intents()).toHaveLength(1);
    expect(store.failures()).toEqual([]);
  });

  test.each<[StopReason, string]>([
    ['permanent', 'failed'],
    ['exhausted', 'failed'],
    ['unauthorized', 'failed'],
    ['aborted', 'skipped'],
  ])('that was turned away (%s) is no intent any more', async (reason, outcome) => {
    const { write, store } = openWriter({ create: rejecting('create', reason) });
    expect(await write.create(A)).toMatchObject({ outcome });
    expect(store.intents()).toEqual([]);
  });

  test('is on disk as an intent before its turn comes, together with others, and anew when that is long ago', async () => {
    const directory = temporaryDirectory();
    const disk = createFaultyDisk();
    const { store } = openStore(directory, { connect: disk.connect });
    const { context, clock } = openApplyBench();
    const onDisk = (): unknown => openStore(directory, { mode: 'read' }).store.intents();
    const intent = (key: string, at: number): unknown => ({ key, name: key.toUpperCase(), at });
    const turn = Promise.withResolvers<void>();
    const seen: unknown[] = [];
    const client: ThrottledClient = {
      ...context.client,
      create: async (config, options) => {
        await turn.promise;
        await options?.beforeSend?.();
        seen.push(onDisk());
        return echo(config.name === 'A' ? 1 : 2, config);
      },
    };
    const write = createWriter({ ...context, store, client, known: new Set() });
    const before = disk.commits();
    const both = Promise.all([write.create(A), write.create(creating('b'))]);
    await store.settled();
    expect(disk.commits()).toBe(before + 1);
    expect(onDisk()).toEqual([intent('a', 1_001_000), intent('b', 1_001_000)]);
    clock.now += 1_001;
    turn.resolve();
    await both;
    expect(seen[0]).toEqual([intent('a', 1_002_001), intent('b', 1_002_001)]);
  });

  test('that never left lets an older intent be', async () => {
    const bench = openApplyBench();
    bench.store.recordIntent({ key: 'a', name: 'A', at: 5 });
    const client = { ...bench.context.client, create: rejecting('create', 'aborted', null) };
    const write = createWriter({ ...bench.context, client, known: new Set() });
    expect(await write.create(A)).toMatchObject({ outcome: 'skipped' });
    expect(bench.store.intents()).toEqual([{ key: 'a', name: 'A', at: 5 }]);
  });

  test.each([
    ['was there before', [7], []],
    ['was made in this very pass', [], [creating('b')]],
  ])('that is answered with a connector that %s is not bound to it', async (_, known, before) => {
    const { write, store } = openWriter({ create: async (config) => echo(7, config) }, { known });
    for (const change of before) await write.create(change);
    expect(failureOf(await write.create(A))).toMatchObject({ kind: 'unsettled' });
    expect(store.bindings().filter(({ key }) => key === 'a')).toEqual([]);
    expect(store.intents()).toHaveLength(1);
  });

  test('shares the list with others that got lost at the same time, but not one that was read before', async () => {
    const { write, asked } = openWriter({ create: lost });
    await Promise.all(['a', 'b', 'c', 'd'].map(async (key) => write.create(creating(key))));
    expect(asked.filter((call) => call === 'list')).toHaveLength(1);
  });

  test('a defect of ours is not taken for a failed write', async () => {
    const { write } = openWriter({ create: async () => Promise.reject(new RangeError('a defect')) });
    await expect(write.create(A)).rejects.toThrow('a defect');
  });
});

describe('a create in the place of a connector that the list lacks', () => {
  const again = creating('a', { id: 7, cause: 'remote_deleted' });

  test('is made when the server says that it is gone', async () => {
    const { write, asked, store } = openWriter();
    expect(await write.create(again)).toMatchObject({ outcome: 'applied', id: 101 });
    expect(asked).toEqual(['get 7', 'create A']);
    expect(store.driftRewrites(0).get('a')).toHaveLength(1);
  });

  test('is not made when it is there after all', async () => {
    const { write, asked, store } = openWriter({ get: async () => ofA(7) });
    expect(failureOf(await write.create(again))).toMatchObject({
      kind: 'transient',
      attempts: 0,
      retryInMs: 500,
      message: 'explained: GET /v1/connectors/7 finds the connector that the list lacks',
    });
    expect(asked).toEqual(['get 7']);
    expect(store.intents()).toEqual([]);
  });

  test.each<[StopReason, Partial<Outcome>]>([
    ['exhausted', { outcome: 'failed' }],
    ['unauthorized', { outcome: 'failed' }],
    ['aborted', { outcome: 'skipped', failure: null }],
  ])('is not made while nobody can tell (%s)', async (reason, expected) => {
    const { write, asked } = openWriter({ get: async () => Promise.reject(stopped('get', reason, { status: 500 })) });
    const outcome = await write.create(again);
    expect(asked).toEqual(['get 7']);
    expect(outcome).toMatchObject(expected);
  });
});

describe('a connector that takes the place of one that the list lacks', () => {
  const successor = adopting('a', { id: 8, cause: 'remote_deleted', replaces: 7, live: ofA(8) });
  const edited = { ...successor, fields: [{ path: '/method', live: 'get', desired: 'post' }] };

  test('is bound when the server says that the other is gone', async () => {
    const { write, asked, store } = openWriter();
    expect(await write.adopt(successor)).toMatchObject({ outcome: 'applied' });
    expect(asked).toEqual(['get 7']);
    expect(store.bindings()).toMatchObject([{ key: 'a', id: 8 }]);
  });

  test('is written when the server says that the other is gone, and that counts as a rewrite of drift', async () => {
    const { write, asked, store } = openWriter();
    expect(await write.update(edited)).toMatchObject({ outcome: 'applied', id: 8 });
    expect(asked).toEqual(['get 7', 'update 8 A']);
    expect(store.driftRewrites(0).get('a')).toHaveLength(1);
  });

  test('is left alone when the other is there after all', async () => {
    const { write, asked, store } = openWriter({ get: async () => ofA(7) });
    expect(failureOf(await write.adopt(successor))).toMatchObject({ kind: 'transient' });
    expect(failureOf(await write.update(edited))).toMatchObject({ kind: 'transient' });
    expect(asked).toEqual(['get 7', 'get 7']);
    expect(store.bindings()).toEqual([]);
  });
});

describe('an update', () => {
  test('renews the baseline, and tells what the server adjusted', async () => {
    const change = updating('a', { send: { ...A.send, rate_limit: 60 } });
    const { write, store } = openWriter({ update: async (id, config) => echo(id, { ...config, rate_limit: 10 }) });
    expect(await write.update(change)).toMatchObject({ outcome: 'applied', id: 7, adjusted: ['rate_limit'] });
    expect(store.bindings()).toMatchObject([{ key: 'a', id: 7, echo: { rate_limit: 'rate_limit:10' } }]);
  });

  test('of what was adopted binds it', async () => {
    const { write, store } = openWriter();
    expect(await write.update(adopting('a'))).toMatchObject({ outcome: 'applied', id: 7 });
    expect(store.bindings()).toMatchObject([{ key: 'a', id: 7 }]);
  });

  test.each<[StopReason, number | null, Partial<WriteFailure>, number]>([
    ['permanent', 422, { kind: 'permanent', status: 422, retryInMs: null }, 1],
    ['exhausted', 503, { kind: 'transient', status: 503, retryInMs: 500 }, 1],
    ['exhausted', null, { kind: 'transient', status: null, retryInMs: 500 }, 1],
    ['unauthorized', 403, { kind: 'unauthorized', status: 403 }, 0],
    ['gone', 404, { kind: 'gone', status: 404 }, 0],
  ])(
    'that stops as %s (%s) says so, scrubbed, and is remembered as it should',
    async (reason, status, failure, kept) => {
      const { write, store } = openWriter({ update: rejecting('update', reason, status) });
      const outcome = await write.update(updating('a'));
      expect(outcome).toMatchObject({ outcome: 'failed', id: 7, failure: { ...failure, attempts: 1 } });
      expect(failureOf(outcome).message).toMatch(/^explained: /u);
      expect(store.failures()).toHaveLength(kept);
    },
  );

  test('that was withdrawn is skipped and leaves nothing behind', async () => {
    const { write, store } = openWriter({ update: rejecting('update', 'aborted') });
    expect(await write.update(updating('a'))).toMatchObject({ outcome: 'skipped', failure: null });
    expect(store.failures()).toEqual([]);
  });

  test('that healed drift is counted; one of the file ends the count', async () => {
    const { write, store, clock } = openWriter();
    await write.update(healing('a'));
    clock.now += 1;
    await write.update(healing('a'));
    expect(store.driftRewrites(0).get('a')).toEqual([1_000_000, 1_000_001]);
    await write.update(updating('a'));
    expect(store.driftRewrites(0).get('a')).toBeUndefined();
  });
});

describe('a connector that failed', () => {
  const failing = (reason: StopReason): ReturnType<typeof openWriter> =>
    openWriter({ update: rejecting('update', reason), create: rejecting('create', reason) });
  const edited = updating('a', { desired: { ...A.desired, config: { ...A.desired.config, method: 'get' } } });

  test('rests until its time, longer each time it fails', async () => {
    const { again, asked, clock } = failing('exhausted');
    for (const wait of [500, 1_000, 2_000]) {
      expect(failureOf(await again().update(updating('a')))).toMatchObject({ attempts: 1, retryInMs: wait });
      clock.now += wait - 1;
      expect(failureOf(await again().update(updating('a')))).toMatchObject({ attempts: 0, retryInMs: 1, status: 500 });
      clock.now += 1;
    }
    expect(asked).toHaveLength(3);
  });

  test('with new content begins with a short rest again', async () => {
    const { again, clock } = failing('exhausted');
    for (let pass = 0; pass < 5; pass += 1) {
      await again().update(updating('a'));
      clock.now += 60_000;
    }
    expect(failureOf(await again().update(edited))).toMatchObject({ attempts: 1, retryInMs: 500 });
  });

  test('for good rests until its content changes', async () => {
    const { again, asked, clock } = failing('permanent');
    await again().update(updating('a'));
    clock.now += 1e12;
    expect(failureOf(await again().update(updating('a')))).toMatchObject({ attempts: 0, retryInMs: null });
    expect(failureOf(await again().update(edited))).toMatchObject({ attempts: 1 });
    expect(asked).toHaveLength(2);
  });

  test('is tried at once when a person asks', async () => {
    const { again, asked } = failing('permanent');
    await again().update(updating('a'));
    expect(failureOf(await again({ honourBackOff: false }).update(updating('a')))).toMatchObject({ attempts: 1 });
    expect(asked).toHaveLength(2);
  });

  test('to be created does not wait when it is found and only needs an update', async () => {
    const { again, asked } = failing('permanent');
    await again().create(A);
    await again().update(adopting('a'));
    expect(asked).toEqual(['create A', 'update 7 A']);
  });

  test('and then succeeds begins anew', async () => {
    let works = false;
    const { again, store, clock } = openWriter({
      update: async (id, config) =>
        works ? echo(id, config) : Promise.reject(stopped('update', 'exhausted', { status: 500 })),
    });
    await again().update(updating('a'));
    clock.now += 1_000;
    works = true;
    await again().update(updating('a'));
    expect(store.failures()).toEqual([]);
  });
});

describe('a delete', () => {
  test.each(['deleted', 'gone'] as const)('that finds the connector %s forgets the binding', async (found) => {
    const { write, store } = openWriter({ delete: async () => found });
    store.saveBinding(bindingFor(A.desired, 7));
    expect(await write.remove(deleting('a'))).toMatchObject({ outcome: 'applied' });
    expect(store.bindings()).toEqual([]);
  });

  test.each<[StopReason, ApiErrorKind]>([
    ['exhausted', 'network'],
    ['permanent', 'http'],
    ['unauthorized', 'http'],
    ['aborted', 'aborted'],
  ])('that stops as %s keeps it', async (reason, kind) => {
    const { write, store } = openWriter({
      delete: async () => Promise.reject(stopped('delete', reason, { kind, status: kind === 'http' ? 400 : null })),
    });
    store.saveBinding(bindingFor(A.desired, 7));
    expect((await write.remove(deleting('a'))).outcome).toBe(reason === 'aborted' ? 'skipped' : 'failed');
    expect(store.bindings()).toHaveLength(1);
  });

  test('that failed rests', async () => {
    const { again, asked } = openWriter({ delete: rejecting('delete', 'exhausted') });
    await again().remove(deleting('a'));
    expect(failureOf(await again().remove(deleting('a')))).toMatchObject({ attempts: 0, retryInMs: 500 });
    expect(asked).toEqual(['delete 7']);
  });
});
