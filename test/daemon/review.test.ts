import { describe, expect, test } from 'vitest';
import { bindingFor, definition, desiredOf, invalid, live } from '../support/builders.ts';
import { many, NOW, one, prepare, stopped, tenBound } from '../support/pass-bench.ts';

describe('a plan that is reviewed', () => {
  const objection = { key: 'a', moved: 'live', message: 'connector 1 changed in the workspace' } as const;

  test('is shown with what it was made from, before anything of it is applied', async () => {
    const seen: unknown[] = [];
    const { pass, plans } = prepare({
      review: ({ plan, desired, live: listed, bindings }) => {
        seen.push([plan.changes.length, desired.connectors.length, listed.length, bindings.length, plans.length]);
        return [];
      },
    });
    expect(await pass()).toMatchObject({ objections: [], outcomes: [{ outcome: 'skipped' }] });
    expect(seen).toEqual([[1, 1, 0, 0, 0]]);
  });

  test('is not applied at all where something has moved, and nothing is remembered', async () => {
    const guarded = definition({ key: 'a', config: { name: 'A' }, sync: { protect: true } });
    const { store, pass, plans } = prepare({
      loadDesired: () => desiredOf([guarded]),
      client: { list: async () => [live(1, one.config)] },
      review: () => [objection],
    });
    store.saveBinding(bindingFor(one, 1));
    store.recordIntent({ key: 'gone', name: 'Gone', at: NOW - 90_000 });
    const before = [store.bindings(), store.intents()];
    expect(await pass()).toMatchObject({ objections: [objection], outcomes: [], api: { status: 'ok' } });
    expect(plans).toEqual([]);
    expect([store.bindings(), store.intents()]).toEqual(before);
  });

  test('is not even asked about where none could be made', async () => {
    const { pass } = prepare({
      client: { list: async () => Promise.reject(stopped('exhausted', 503)) },
      review: () => expect.unreachable(),
    });
    expect(await pass()).toMatchObject({ objections: [], plan: null });
  });
});

describe('a pass over some files', () => {
  test('plans and tells of these alone, and forgets nothing of the others', async () => {
    const site = tenBound({
      removed: 2,
      covers: (file) => file === 'c5.yaml',
      loadDesired: () => desiredOf(many.slice(2), [invalid({ key: 'bad' })]),
      maxDeletePercent: 100,
    });
    site.store.recordIntent({ key: 'gone', name: 'Gone', at: NOW - 90_000 });
    const result = await site.pass();
    expect(result.plan?.changes.map(({ key }) => key)).toEqual(['c5']);
    expect(result.desired).toMatchObject({ connectors: [{ key: 'c5' }], invalid: [] });
    expect(site.store.bindings()).toHaveLength(10);
    expect(site.store.intents()).toHaveLength(1);
  });

  test('is held by brakes that judge by the whole', async () => {
    const site = tenBound({ missing: 6, covers: (file) => file === 'c0.yaml' });
    expect(await site.pass()).toMatchObject({
      plan: { changes: [{ key: 'c0', action: 'blocked', code: 'live_list_short' }] },
      brakes: [{ code: 'live_list_short', keys: ['c0'] }],
    });
  });
});
