import { describe, expect, test } from 'vitest';
import type { Plan } from '../../src/model/change.ts';
import type { BrakeFacts } from '../../src/plan/brakes.ts';
import { applyBrakes } from '../../src/plan/brakes.ts';
import { computePlan } from '../../src/plan/compute-plan.ts';
import type { PlanInput } from '../../src/plan/compute-plan.ts';
import type { DriftMode, Policy } from '../../src/plan/policy.ts';
import { applyPolicy } from '../../src/plan/policy.ts';
import { bindingFor, CALM, clearLens, definition, desiredOf, invalid, live } from '../support/builders.ts';

const file = definition();
const edited = definition({ config: { method: 'get' } });

const rotating = {
  config: { headers: [{ name: 'Authorization', value: 'Bearer old' }] },
  sync: { ignore: ['/headers/0/value'] },
};

const planOf = (input: Partial<PlanInput>): Plan =>
  computePlan({ desired: desiredOf([]), bindings: [], intents: [], live: [], ...input }, clearLens);

const CASES = {
  create: planOf({ desired: desiredOf([file]) }),
  update: planOf({ desired: desiredOf([edited]), bindings: [bindingFor(file, 7)], live: [live(7)] }),
  drift: planOf({ desired: desiredOf([file]), bindings: [bindingFor(file, 7)], live: [live(7, { method: 'get' })] }),
  gone: planOf({ desired: desiredOf([file]), bindings: [bindingFor(file, 7)] }),
  both: planOf({ desired: desiredOf([edited]), bindings: [bindingFor(file, 7)], live: [live(7, { type: 'simple' })] }),
  adoption: planOf({ desired: desiredOf([file]), live: [live(7)] }),
  succession: planOf({
    desired: desiredOf([file]),
    bindings: [bindingFor(file, 7)],
    live: [live(8, { method: 'get' })],
  }),
  masked: planOf({
    desired: desiredOf([definition({ ...rotating, config: { ...rotating.config, method: 'get' } })]),
    bindings: [bindingFor(definition(rotating), 7)],
    live: [live(7, { headers: [{ name: 'Authorization', value: '********' }] })],
  }),
  orphan: planOf({ bindings: [bindingFor(file, 7)], live: [live(7)] }),
} as const;

const decided = (plan: Plan, policy: Policy, drift: DriftMode = 'heal'): string => {
  const [change] = applyPolicy(plan, policy, drift).changes;
  return change === undefined ? 'nothing' : change.action === 'none' ? change.outcome : change.action;
};

describe('policy', () => {
  test.each<[Policy, string, string, string, string, string, string]>([
    // policy, create, update, drift, gone, adoption, orphan
    ['create-only', 'create', 'skipped', 'skipped', 'create', 'adopt', 'reported'],
    ['update-only', 'skipped', 'update', 'update', 'skipped', 'adopt', 'reported'],
    ['upsert-only', 'create', 'update', 'update', 'create', 'adopt', 'reported'],
    ['sync', 'create', 'update', 'update', 'create', 'adopt', 'delete'],
  ])('%s', (policy, create, update, drift, gone, adoption, orphan) => {
    expect(decided(CASES.create, policy)).toBe(create);
    expect(decided(CASES.update, policy)).toBe(update);
    expect(decided(CASES.drift, policy)).toBe(drift);
    expect(decided(CASES.gone, policy)).toBe(gone);
    expect(decided(CASES.adoption, policy)).toBe(adoption);
    expect(decided(CASES.orphan, policy)).toBe(orphan);
  });

  test('`drift: report` tells of drift and writes nothing, but a changed file is still written', () => {
    expect(decided(CASES.drift, 'sync', 'report')).toBe('reported');
    expect(decided(CASES.gone, 'sync', 'report')).toBe('reported');
    expect(decided(CASES.succession, 'sync', 'report')).toBe('reported');
    expect(decided(CASES.succession, 'sync', 'heal')).toBe('adopt');
    expect(decided(CASES.both, 'sync', 'report')).toBe('update');
    expect(decided(CASES.update, 'sync', 'report')).toBe('update');
  });

  test('a suspended definition is left alone, with its reason', () => {
    const suspended = definition({ sync: { suspend: true } });
    const plan = applyPolicy(planOf({ desired: desiredOf([suspended]) }), 'sync', 'heal');
    expect(plan.changes).toMatchObject([{ action: 'none', outcome: 'skipped', reason: '`sync.suspend` is set' }]);
  });

  test('a protected connector is not deleted, even when its file is gone', () => {
    const orphan = bindingFor(file, 7, {}, { protect: true });
    const plan = applyPolicy(planOf({ bindings: [orphan], live: [live(7)] }), 'sync', 'heal');
    expect(plan.changes).toMatchObject([{ action: 'none', outcome: 'skipped' }]);
  });
});

/** `count` connectors, of which the first `removed` have lost their definition. */
function planWithDeletes(count: number, removed: number): Plan {
  const definitions = Array.from({ length: count }, (_, index) =>
    definition({ key: `c${index}`, config: { name: `C${index}` } }),
  );
  return planOf({
    desired: desiredOf(definitions.slice(removed)),
    bindings: definitions.map((one, index) => bindingFor(one, index + 1)),
    live: definitions.map((one, index) => live(index + 1, one.config)),
  });
}

const braked = (plan: Plan, facts: Partial<BrakeFacts>): readonly string[] =>
  applyBrakes(plan, { ...CALM, ...facts }).brakes.map(({ code, keys }) => `${code} ${keys.length}`);

describe('brakes', () => {
  test('nothing is held when nothing is wrong', () => {
    const made = planWithDeletes(10, 3);
    const { plan, brakes } = applyBrakes(made, CALM);
    expect(brakes).toEqual([]);
    expect(plan).toBe(made);
    expect(plan.changes.filter(({ action }) => action === 'delete')).toHaveLength(3);
  });

  test.each<[string, Plan, Partial<BrakeFacts>, readonly string[], boolean]>([
    ['a missing source', planWithDeletes(10, 10), { source: 'missing' }, ['source_unavailable 10'], false],
    ['an unreadable source', planWithDeletes(10, 10), { source: 'unreadable' }, ['source_unavailable 10'], false],
    ['an empty source', planWithDeletes(10, 10), { definitions: 0 }, ['source_empty 10'], false],
    ['an invalid definition', planWithDeletes(10, 1), { invalid: 1 }, ['invalid_definitions 1'], false],
    ['too many deletes', planWithDeletes(10, 4), {}, ['mass_delete 4'], true],
    ['an unconfirmed delete', planWithDeletes(10, 1), { plannedDeletes: new Set() }, ['unconfirmed_delete 1'], true],
    ['a live list that fell short', CASES.gone, { boundMissing: 6 }, ['live_list_short 1'], true],
    ['a live list that has others of their names', CASES.succession, { boundMissing: 6 }, ['live_list_short 1'], true],
    ['a fight', CASES.drift, { driftRewrites: new Map([['lead-score', 5]]) }, ['fight 1'], true],
  ])('%s holds', (_, plan, facts, engaged, forcible) => {
    expect(braked(plan, facts)).toEqual(engaged);
    expect(braked(plan, { ...facts, force: true })).toEqual(forcible ? [] : engaged);
  });

  test('the share of deletes counts only from 5 bound connectors on', () => {
    expect(braked(planWithDeletes(4, 4), { bound: 4 })).toEqual([]);
    expect(braked(planWithDeletes(5, 2), { bound: 5 })).toEqual(['mass_delete 2']);
    expect(braked(planWithDeletes(10, 3), {})).toEqual([]);
  });

  test('a delete that the pass before planned too is let through, and others are not', () => {
    const { plan, plannedDeletes } = applyBrakes(planWithDeletes(10, 2), { ...CALM, plannedDeletes: new Set(['c1']) });
    expect(plan.changes.filter(({ action }) => action === 'delete')).toMatchObject([{ key: 'c1' }]);
    expect(plannedDeletes).toEqual(new Set(['c0', 'c1']));
  });

  test('a delete that another brake holds counts as planned', () => {
    const { plannedDeletes } = applyBrakes(planWithDeletes(10, 4), { ...CALM, plannedDeletes: new Set() });
    expect(plannedDeletes.size).toBe(4);
  });

  test('a changed file is written also to a connector in quarantine', () => {
    expect(braked(CASES.update, { driftRewrites: new Map([['lead-score', 9]]) })).toEqual([]);
  });

  test('exactly half of the live list may be missing', () => {
    expect(braked(CASES.gone, { bound: 10, boundMissing: 5 })).toEqual([]);
  });

  test('a short live list and a missing or empty source make us forget nothing', () => {
    const plan = planOf({ bindings: [bindingFor(file, 7)] });
    expect(plan.forget).toEqual(['lead-score']);
    expect(applyBrakes(plan, CALM).plan.forget).toEqual(['lead-score']);
    expect(applyBrakes(plan, { ...CALM, boundMissing: 6 }).plan.forget).toEqual([]);
    expect(applyBrakes(plan, { ...CALM, source: 'missing' }).plan.forget).toEqual([]);
    expect(applyBrakes(plan, { ...CALM, definitions: 0 }).plan.forget).toEqual([]);
  });

  test('`--force` forgets what a short live list lacks, but believes no empty source', () => {
    const plan = planOf({ bindings: [bindingFor(file, 7)] });
    const forced = { ...CALM, boundMissing: 10, force: true };
    expect(applyBrakes(plan, forced).plan.forget).toEqual(['lead-score']);
    expect(applyBrakes(plan, { ...forced, definitions: 0 }).plan.forget).toEqual([]);
    expect(applyBrakes(plan, { ...forced, source: 'missing' }).plan.forget).toEqual([]);
  });

  test('nothing is forgotten while a broken definition may be the new place of what is gone', () => {
    const other = bindingFor(definition({ key: 'other', config: { name: 'Other' } }), 8);
    const forgotten = (bad: ReturnType<typeof invalid>): readonly string[] => {
      const plan = planOf({ desired: desiredOf([], [bad]), bindings: [bindingFor(file, 7), other], live: [live(8)] });
      return applyBrakes(plan, { ...CALM, definitions: 1, invalid: 1 }).plan.forget;
    };
    expect(forgotten(invalid({ key: 'moved' }))).toEqual([]);
    // It has its own connector, by its path or by its pin.
    expect(forgotten(invalid({ key: 'other' }))).toEqual(['lead-score']);
    expect(forgotten(invalid({ key: 'moved', id: 8 }))).toEqual(['lead-score']);
  });

  test('a plan of which nothing is held or forgotten is that very plan, also while nothing may be forgotten', () => {
    const plan = planWithDeletes(10, 0);
    expect(applyBrakes(plan, { ...CALM, boundMissing: 6 }).plan).toBe(plan);
  });

  test('a create whose answer is awaited is blocked, and that is no brake', () => {
    const { plan, brakes } = applyBrakes(CASES.create, {
      ...CALM,
      unsettledCreates: new Map([['lead-score', 'wait']]),
    });
    expect(plan.changes).toMatchObject([
      { action: 'blocked', code: 'unsettled_create', reason: 'wait', held: 'create' },
    ]);
    expect(brakes).toEqual([]);
  });

  test('an update that would write a mask over an ignored value is blocked, also by force, and that is no brake', () => {
    const { plan, brakes } = applyBrakes(CASES.masked, { ...CALM, force: true });
    expect(plan.changes).toMatchObject([
      {
        action: 'blocked',
        code: 'masked_value',
        held: 'update',
        cause: 'file_changed',
        reason:
          'the server masks the live value at /headers/0/value, which `sync.ignore` leaves alone; an update would write the mask over it',
      },
    ]);
    expect(brakes).toEqual([]);
  });

  test('an update that is not wanted anyway is left out, whatever the server masks', () => {
    const { plan } = applyBrakes(applyPolicy(CASES.masked, 'create-only', 'heal'), CALM);
    expect(plan.changes).toMatchObject([{ action: 'none', outcome: 'skipped' }]);
  });

  test('an orphan that policy only reports is blocked, not reported, while the source is away', () => {
    const reported = applyPolicy(planWithDeletes(10, 10), 'upsert-only', 'heal');
    expect(braked(reported, { source: 'missing' })).toEqual(['source_unavailable 10']);
  });
});
