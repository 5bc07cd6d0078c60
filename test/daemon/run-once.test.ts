import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Applied } from '../../src/apply/apply-plan.ts';
import type { PassContext } from '../../src/daemon/run-once.ts';
import type { Binding, Failure } from '../../src/model/baseline.ts';
import type { Plan } from '../../src/model/change.ts';
import type { PassResult } from '../../src/model/pass.ts';
import type { SourceReading } from '../../src/model/source.ts';
import { createPlanner } from '../../src/plan/remember-plan.ts';
import { bindingFor, clearLens, desiredOf, invalid, live } from '../support/builders.ts';
import { failureOf, outcomeOf } from '../support/pass-builders.ts';
import { NOW, TREE, many, one, prepare, stopped, tenBound } from '../support/pass-bench.ts';

const codes = ({ brakes }: PassResult): readonly string[] => brakes.map(({ code, keys }) => `${code} ${keys.length}`);

describe('a pass', () => {
  test('reads, plans, applies and tells each step', async () => {
    const { told, pass } = prepare();
    const result = await pass();
    expect(told).toEqual(['source ok abc', 'planned 1', 'outcome a']);
    expect(result).toMatchObject({
      revision: 'abc',
      source: { status: 'ok' },
      api: { status: 'ok' },
      plan: { changes: [{ key: 'a', action: 'create' }] },
      outcomes: [{ outcome: 'skipped' }],
      withdrawn: false,
    });
  });

  test('says how long it took', async () => {
    let now = NOW;
    const { pass } = prepare({
      now: () => now,
      client: {
        list: async () => {
          now += 250;
          return [];
        },
      },
    });
    expect(await pass()).toMatchObject({ startedAt: NOW, durationMs: 250 });
  });

  test('lists while it reads, and tells of the source before of the plan', async () => {
    const asked = Promise.withResolvers<void>();
    const { told, pass } = prepare({
      client: {
        list: async () => {
          asked.resolve();
          return [];
        },
      },
      readSource: async () => {
        await asked.promise;
        return TREE;
      },
    });
    await pass();
    expect(told.slice(0, 2)).toEqual(['source ok abc', 'planned 1']);
  });

  test('reads when the request for the list has had two turns, one to connect and one to leave', async () => {
    const steps: string[] = [];
    const { pass } = prepare({
      client: {
        list: async () => {
          for (const step of ['connecting', 'sent']) {
            await setImmediate();
            steps.push(step);
          }
          return [];
        },
      },
      readSource: async () => {
        steps.push('read');
        return TREE;
      },
    });
    await pass();
    expect(steps).toEqual(['connecting', 'sent', 'read']);
  });

  test('judges definitions by what is bound', async () => {
    let told: readonly Binding[] = [];
    const { store, pass } = prepare({
      loadDesired: (_, bindings) => {
        told = bindings;
        return desiredOf([one]);
      },
    });
    store.saveBinding(bindingFor(one, 7));
    await pass();
    expect(told).toEqual([bindingFor(one, 7)]);
  });

  test('hands the back-off and the signal on', async () => {
    const runs: unknown[] = [];
    const apply: PassContext['apply'] = async (_, __, { honourBackOff, signal }) => {
      runs.push(honourBackOff, signal);
      return { outcomes: [], outage: null };
    };
    const { signal } = new AbortController();
    await prepare({ apply }).pass({ signal, honourBackOff: false });
    expect(runs).toEqual([false, signal]);
  });
});

describe('a source', () => {
  test.each<SourceReading>([
    { status: 'missing', message: 'no directory' },
    { status: 'unreadable', message: 'EACCES' },
  ])('that is $status holds everything as it is, whatever is forced', async (reading) => {
    const { store, told, plans, pass } = tenBound({ readSource: async () => reading, force: true });
    const result = await pass();
    expect(result).toMatchObject({ source: reading, revision: null, desired: { connectors: [] } });
    expect(codes(result)).toEqual(['source_unavailable 10']);
    expect(
      plans.flatMap(({ changes, forget, moves }) => [...changes.map(({ action }) => action), ...forget, ...moves]),
    ).toEqual(Array.from({ length: 10 }, () => 'blocked'));
    expect(told[0]).toBe(`source ${reading.status} `);
    expect(store.bindings()).toHaveLength(10);
  });

  test('that is empty deletes nothing, whatever is forced', async () => {
    const { pass } = tenBound({ removed: 10, force: true });
    expect(codes(await pass())).toEqual(['source_empty 10']);
  });

  test('that is empty for a while makes nothing new of what is gone, and what was removed is forgotten with the next one', async () => {
    let desired = desiredOf(many);
    const { store, plans, pass } = tenBound({
      missing: 1,
      loadDesired: () => desired,
      plan: createPlanner(clearLens, 'sync', 'report'),
    });
    desired = desiredOf([]);
    await pass();
    desired = desiredOf(many);
    await pass();
    desired = desiredOf(many.slice(1));
    await pass();
    expect(plans.map(({ forget }) => forget)).toEqual([[], [], ['c0']]);
    expect(plans[1]?.changes[0]).toMatchObject({ key: 'c0', cause: 'remote_deleted', outcome: 'reported' });
    expect(store.bindings()).toHaveLength(10);
  });
});

describe('a workspace that cannot be listed', () => {
  test.each([
    ['unauthorized', 403, { status: 'unauthorized', code: 403, message: 'GET /v1/connectors/ answered 403' }],
    ['exhausted', 503, { status: 'unreachable', code: 503, message: 'GET /v1/connectors/ answered 503' }],
    ['exhausted', null, { status: 'unreachable', code: null, message: 'GET /v1/connectors/ got no answer' }],
    ['permanent', 400, { status: 'unreachable', code: 400, message: 'GET /v1/connectors/ answered 400' }],
  ] as const)('because it is %s (%s) is told, and nothing is planned or applied', async (reason, status, api) => {
    const { told, plans, pass } = prepare({ client: { list: async () => Promise.reject(stopped(reason, status)) } });
    expect(await pass()).toMatchObject({ api, plan: null, brakes: [], outcomes: [], withdrawn: false });
    expect([told, plans]).toEqual([['source ok abc'], []]);
  });

  test('because the pass was withdrawn is nobody`s fault', async () => {
    const withdraw = new AbortController();
    withdraw.abort();
    const { plans, pass } = prepare({ client: { list: async () => Promise.reject(stopped('aborted', null)) } });
    expect(await pass({ signal: withdraw.signal })).toMatchObject({
      api: { status: 'ok' },
      plan: null,
      withdrawn: true,
    });
    expect(plans).toEqual([]);
  });

  test('because of a defect of ours is not hidden', async () => {
    const { pass } = prepare({ client: { list: async () => Promise.reject(new TypeError('a defect')) } });
    await expect(pass()).rejects.toThrow('a defect');
  });
});

describe('a pass that is withdrawn', () => {
  test('before it applies sends nothing, and says so', async () => {
    const withdraw = new AbortController();
    const { plans, pass } = prepare({
      client: {
        list: async () => {
          withdraw.abort();
          return [];
        },
      },
    });
    expect(await pass({ signal: withdraw.signal })).toMatchObject({ outcomes: [], withdrawn: true });
    expect(plans).toEqual([]);
  });

  test('while it applies keeps what was done', async () => {
    const withdraw = new AbortController();
    const { pass } = prepare({
      apply: async ({ changes }) => {
        withdraw.abort();
        return { outcomes: changes.map((change) => outcomeOf(change, 'applied')), outage: null };
      },
    });
    expect(await pass({ signal: withdraw.signal })).toMatchObject({
      outcomes: [{ outcome: 'applied' }],
      withdrawn: true,
    });
  });
});

describe('what the brakes need reaches them', () => {
  test('invalid definitions', async () => {
    const bad = invalid({ key: 'bad' });
    const { pass } = tenBound({ loadDesired: () => desiredOf(many.slice(1), [bad]) });
    expect(codes(await pass())).toEqual(['invalid_definitions 1']);
  });

  test('how many are bound, and the share that may be deleted', async () => {
    expect(codes(await tenBound({ removed: 4 }).pass())).toEqual(['mass_delete 4']);
    expect(codes(await tenBound({ removed: 3 }).pass())).toEqual([]);
    expect(codes(await tenBound({ removed: 4, maxDeletePercent: 40 }).pass())).toEqual([]);
    expect(codes(await tenBound({ removed: 4, force: true }).pass())).toEqual([]);
  });

  test('how many of them the live list lacks', async () => {
    expect(codes(await tenBound({ missing: 6 }).pass())).toEqual(['live_list_short 6']);
    expect(codes(await tenBound({ missing: 5 }).pass())).toEqual([]);
  });

  test('what the pass before planned to delete, and what this one does', async () => {
    const held = await tenBound({ removed: 2 }).pass({ plannedDeletes: new Set(['c0']) });
    expect(codes(held)).toEqual(['unconfirmed_delete 1']);
    expect(held.plannedDeletes).toEqual(new Set(['c0', 'c1']));
    const confirmed = await tenBound({ removed: 2 }).pass({ plannedDeletes: held.plannedDeletes });
    expect(codes(confirmed)).toEqual([]);
  });

  test('how often drift made us rewrite a connector in the last ten minutes', async () => {
    for (const [ago, brakes] of [
      [599_000, ['fight 1']],
      [601_000, []],
      [0, ['fight 1']],
      // Made by a process whose clock was ahead.
      [-1, []],
      [-86_400_000, []],
    ] as const) {
      const { store, pass } = prepare({ client: { list: async () => [live(7, { name: 'A', method: 'get' })] } });
      store.saveBinding(bindingFor(one, 7));
      for (let rewrite = 0; rewrite < 5; rewrite += 1) store.recordDriftRewrite('a', NOW - ago);
      expect(codes(await pass())).toEqual(brakes);
    }
  });

  test('creates whose answer was lost', async () => {
    const { store, pass } = prepare();
    store.recordIntent({ key: 'a', name: 'A', at: NOW - 10_000 });
    expect((await pass()).plan?.changes).toMatchObject([
      {
        action: 'blocked',
        code: 'unsettled_create',
        held: 'create',
        reason: expect.stringContaining('20 s') as string,
      },
    ]);
  });

  test('creates whose answer was lost, until a list was asked for after their time', async () => {
    let now = NOW;
    const { store, pass } = prepare({
      client: {
        list: async () => {
          now += 30_000;
          return [];
        },
      },
      now: () => now,
    });
    store.recordIntent({ key: 'a', name: 'A', at: NOW - 1 });
    // What the server commits after it has read this list is not in it, however late the answer comes.
    expect((await pass()).plan?.changes).toMatchObject([{ action: 'blocked', code: 'unsettled_create' }]);
    expect((await pass()).plan?.changes).toMatchObject([{ action: 'create' }]);
  });

  test('the policy and the drift mode', async () => {
    const updating = prepare({ plan: createPlanner(clearLens, 'update-only', 'heal') });
    expect((await updating.pass()).plan?.changes).toMatchObject([{ outcome: 'skipped' }]);
    const { store, pass } = prepare({ plan: createPlanner(clearLens, 'sync', 'report') });
    store.saveBinding(bindingFor(one, 7));
    expect((await pass()).plan?.changes).toMatchObject([{ cause: 'remote_deleted', outcome: 'reported' }]);
  });
});

describe('the API', () => {
  const applying = (applied: (plan: Plan) => Applied): Partial<PassContext> => ({
    apply: async (plan) => applied(plan),
  });

  test('that refuses a write refuses the key', async () => {
    const failure = failureOf({ kind: 'unauthorized', status: 403, message: 'POST answered 403' });
    const outcomes = (plan: Plan) => plan.changes.map((change) => outcomeOf(change, 'failed', { failure }));
    const { pass } = prepare(applying((plan) => ({ outcomes: outcomes(plan), outage: null })));
    expect((await pass()).api).toEqual({ status: 'unauthorized', code: 403, message: 'POST answered 403' });
  });

  test('that fails write after write is unreachable', async () => {
    const { pass } = prepare(
      applying(() => ({ outcomes: [], outage: failureOf({ status: 502, message: 'POST answered 502' }) })),
    );
    expect((await pass()).api).toEqual({ status: 'unreachable', code: 502, message: 'POST answered 502' });
  });

  test('that refuses one definition is well', async () => {
    const failure = failureOf({ kind: 'permanent', status: 422 });
    const outcomes = (plan: Plan) => plan.changes.map((change) => outcomeOf(change, 'failed', { failure }));
    const { pass } = prepare(applying((plan) => ({ outcomes: outcomes(plan), outage: null })));
    expect((await pass()).api).toEqual({ status: 'ok' });
  });
});

describe('a lost create whose definition is gone', () => {
  const remembered = async (at: number, changes: Partial<PassContext> = {}): Promise<number> => {
    const { store, pass } = prepare({ loadDesired: () => desiredOf([]), ...changes });
    store.recordIntent({ key: 'a', name: 'A', at });
    await pass();
    return store.intents().length;
  };

  test('is forgotten when its time is over', async () => {
    expect(await remembered(NOW - 30_000)).toBe(0);
    expect(await remembered(NOW - 29_999)).toBe(1);
  });

  test('is remembered while its definition is there, valid or not, and while nobody can tell', async () => {
    const longAgo = NOW - 90_000;
    const bad = invalid({ key: 'a' });
    const missing: SourceReading = { status: 'missing', message: 'gone' };
    expect(await remembered(longAgo, { loadDesired: () => desiredOf([], [bad]) })).toBe(1);
    expect(await remembered(longAgo, { readSource: async () => missing })).toBe(1);
    expect(await remembered(longAgo, { client: { list: async () => Promise.reject(stopped('exhausted', 503)) } })).toBe(
      1,
    );
  });
});

describe('why a definition failed that was never bound', () => {
  const failure: Failure = {
    key: 'a',
    digest: 'create a',
    kind: 'permanent',
    status: 406,
    message: 'POST /v1/connectors/ answered 406',
    attempts: 1,
    retryAt: NOW,
  };
  const remembered = async (changes: Partial<PassContext> = {}, bound: readonly Binding[] = []): Promise<number> => {
    const { store, pass } = prepare({ loadDesired: () => desiredOf(many), ...changes });
    for (const binding of bound) store.saveBinding(binding);
    store.recordFailure(failure);
    await pass();
    return store.failures().length;
  };

  test('is forgotten when the definition is gone, so that it is tried anew should it come back', async () => {
    expect(await remembered()).toBe(0);
  });

  test('is remembered while it is there, valid or not, or bound, and while nobody can tell', async () => {
    const missing: SourceReading = { status: 'missing', message: 'gone' };
    expect(await remembered({ loadDesired: () => desiredOf([one]) })).toBe(1);
    expect(await remembered({ loadDesired: () => desiredOf(many, [invalid({ key: 'a' })]) })).toBe(1);
    expect(await remembered({}, [bindingFor(one, 7)])).toBe(1);
    expect(await remembered({ covers: (file) => file === 'c1.yaml' })).toBe(1);
    expect(await remembered({ readSource: async () => missing })).toBe(1);
    expect(await remembered({ client: { list: async () => Promise.reject(stopped('exhausted', 503)) } })).toBe(1);
  });
});
