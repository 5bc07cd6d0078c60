import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPlanner } from '../../src/plan/remember-plan.ts';
import { bindingFor, clearLens, definition, desiredOf, live } from '../support/builders.ts';

const one = definition({ key: 'a', config: { name: 'A' } });
const facts = { desired: desiredOf([one]), bindings: [bindingFor(one, 1)], intents: [], live: [live(1, one.config)] };

test('of the same facts, the plan is that of before; of any other, it is made anew', () => {
  const plan = createPlanner(clearLens, 'sync', 'heal');
  const first = plan(facts);
  expect(first.changes).toMatchObject([{ action: 'none', cause: 'in_sync' }]);
  expect(plan({ ...facts })).toBe(first);

  expect(plan({ ...facts, live: [] }).changes).toMatchObject([{ action: 'create', cause: 'remote_deleted' }]);
  expect(plan({ ...facts, bindings: [] }).changes).toMatchObject([{ action: 'adopt' }]);
  const renamed = definition({ key: 'a', config: { name: 'B' } });
  expect(plan({ ...facts, desired: desiredOf([renamed]) }).changes).toMatchObject([{ action: 'update' }]);
  const sent = { ...facts, bindings: [], intents: [{ key: 'a', name: 'A', at: 0 }] };
  expect(plan(sent).changes).toMatchObject([{ action: 'adopt' }]);
  expect(plan(facts)).toEqual(first);
});

test('what policy leaves out is left out of what is remembered', () => {
  const plan = createPlanner(clearLens, 'update-only', 'heal');
  const creating = { ...facts, bindings: [], live: [] };
  expect(plan(creating).changes).toMatchObject([{ action: 'none', outcome: 'skipped' }]);
  expect(plan(creating)).toBe(plan(creating));
});

/** Of each connector two definitions, what may be bound, and what may be live: the same objects again and again, as pass after pass. */
const choices = ['a', 'b', 'c'].map((key, index) => {
  const id = index + 1;
  const definitions = [1, 2].map((rate_limit) => definition({ key, config: { name: key, rate_limit } }));
  const lives = [1, 2, 3].map((rate_limit) => live(id, { name: key, rate_limit }));
  const bindings = definitions.flatMap((desired) => lives.map(({ config }) => bindingFor(desired, id, config)));
  return fc.record({
    desired: fc.constantFrom(null, ...definitions),
    binding: fc.constantFrom(null, ...bindings),
    live: fc.constantFrom(null, ...lives),
  });
});

test('over any row of facts, the plans are those of a planner that remembers nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(...choices), { minLength: 2, maxLength: 8 }), (passes) => {
      const plan = createPlanner(clearLens, 'sync', 'heal');
      for (const pass of passes) {
        const chosen = {
          desired: desiredOf(pass.flatMap(({ desired }) => desired ?? [])),
          bindings: pass.flatMap(({ binding }) => binding ?? []),
          intents: [],
          live: pass.flatMap(({ live: connector }) => connector ?? []),
        };
        expect(plan(chosen)).toEqual(createPlanner(clearLens, 'sync', 'heal')(chosen));
      }
    }),
  );
});

test('a connector of which nothing has changed is not compared again', () => {
  const two = definition({ key: 'b', config: { name: 'B' } });
  const plan = createPlanner(clearLens, 'sync', 'heal');
  const both = {
    desired: desiredOf([one, two]),
    bindings: [bindingFor(one, 1), bindingFor(two, 2)],
    intents: [],
    live: [live(1, one.config), live(2, two.config)],
  };
  const [first, second] = plan(both).changes;
  const [again, drifted] = plan({
    ...both,
    live: [both.live[0] ?? live(1), live(2, { name: 'B', rate_limit: 9 })],
  }).changes;
  expect(again).toBe(first);
  expect([second, drifted]).toMatchObject([{ cause: 'in_sync' }, { cause: 'remote_changed' }]);
});
