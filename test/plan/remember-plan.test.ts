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
