/** What every plan keeps to, whatever files, memory and workspace hold, and in whatever order they come. */

import fc from 'fast-check';
import { describe, test, expect } from 'vitest';
import type { Binding, Intent } from '../../src/model/baseline.ts';
import type { LiveConnector } from '../../src/model/connector.ts';
import type { Desired } from '../../src/model/problem.ts';
import type { Plan } from '../../src/model/change.ts';
import { computePlan } from '../../src/plan/compute-plan.ts';
import { bindingFor, clearLens, definition, desiredOf, invalid, live } from '../support/builders.ts';

interface Case {
  readonly desired: Desired;
  readonly bindings: readonly Binding[];
  readonly intents: readonly Intent[];
  readonly live: readonly LiveConnector[];
}

// Few keys, names and ids, so that they meet.
const key = fc.constantFrom('a', 'b', 'c', 'd/e', 'f#one', 'f#two');
const name = fc.constantFrom('Alpha', 'Beta', 'Gamma');
const id = fc.integer({ min: 1, max: 5 });
const rate = fc.constantFrom(null, 1, 2);
const byKey = { selector: (each: { readonly key: string }) => each.key, maxLength: 5 };

const anyDefinition = fc
  .record({ key, id: fc.option(id, { freq: 3 }), name, rate_limit: rate, valid: fc.boolean() })
  .map((each) => ({ ...each, config: { name: each.name, rate_limit: each.rate_limit } }));

const anyCase: fc.Arbitrary<Case> = fc
  .record({
    definitions: fc.uniqueArray(anyDefinition, byKey),
    bindings: fc.uniqueArray(fc.record({ key, id, name, rate_limit: rate, protect: fc.boolean() }), byKey),
    intents: fc.uniqueArray(fc.record({ key, name, at: fc.constant(0) }), byKey),
    live: fc.uniqueArray(fc.record({ id, name, rate_limit: rate }), { selector: (each) => each.id, maxLength: 5 }),
  })
  .map(({ definitions, ...rest }) => {
    // No two definitions have one id: the set is checked before anything is planned.
    const taken = new Set<number>();
    const pinned = definitions.map((each) => {
      const isFree = each.id !== null && !taken.has(each.id);
      if (isFree && each.id !== null) taken.add(each.id);
      return { ...each, id: isFree ? each.id : null };
    });
    return {
      desired: desiredOf(
        pinned
          .filter(({ valid }) => valid)
          .map((each) => definition({ key: each.key, id: each.id, config: each.config })),
        pinned.filter(({ valid }) => !valid).map((each) => invalid({ key: each.key, id: each.id, name: each.name })),
      ),
      bindings: rest.bindings.map(({ key: where, id: to, protect, ...config }) =>
        bindingFor(definition({ key: where, config }), to, {}, { protect }),
      ),
      intents: rest.intents,
      live: rest.live.map(({ id: is, ...config }) => live(is, config)),
    };
  });

const plan = (found: Case): Plan => computePlan(found, clearLens);

const sorted = ({ moves, forget, ...rest }: Plan): unknown => ({
  ...rest,
  moves: moves.map((move) => JSON.stringify(move)).sort(),
  forget: [...forget].sort(),
});

describe('a plan', () => {
  test('is the same in whatever order files, memory and answers come', () => {
    fc.assert(
      fc.property(
        anyCase.chain((found) =>
          fc.record({
            found: fc.constant(found),
            connectors: shuffled(found.desired.connectors),
            invalidOnes: shuffled(found.desired.invalid),
            bindings: shuffled(found.bindings),
            intents: shuffled(found.intents),
            listed: shuffled(found.live),
          }),
        ),
        ({ found, connectors, invalidOnes, bindings, intents, listed }) => {
          const other = { desired: desiredOf(connectors, invalidOnes), bindings, intents, live: listed };
          expect(sorted(plan(other))).toEqual(sorted(plan(found)));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('speaks of each definition once, and gives no connector to two', () => {
    fc.assert(
      fc.property(anyCase, (found) => {
        const { changes } = plan(found);
        const keys = changes.map((change) => change.key);
        expect(new Set(keys).size).toBe(keys.length);
        for (const { key: wanted } of found.desired.connectors) expect(keys).toContain(wanted);
        const claims = changes.flatMap((change) =>
          change.action === 'blocked' || change.action === 'held' || change.action === 'create' ? [] : [change.id],
        );
        expect(new Set(claims).size).toBe(claims.length);
      }),
      { numRuns: 2_000 },
    );
  });

  test('deletes nothing but what is bound, live, and held by nobody', () => {
    fc.assert(
      fc.property(anyCase, (found) => {
        const { changes } = plan(found);
        const kept = new Set(changes.filter(({ action }) => action !== 'delete').map((change) => change.id));
        for (const change of changes) {
          if (change.action !== 'delete') continue;
          expect(found.bindings.map((binding) => binding.id)).toContain(change.id);
          expect(found.live.map((connector) => connector.id)).toContain(change.id);
          expect(kept).not.toContain(change.id);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('for valid definitions is not changed by one more that is invalid, has its own path and no name', () => {
    fc.assert(
      fc.property(anyCase, (found) => {
        const { connectors, invalid: others } = found.desired;
        const worse = {
          ...found,
          desired: desiredOf(connectors, [...others, invalid({ key: 'bad', id: null, name: null })]),
        };
        const withoutBad = plan(worse).changes.filter((change) => change.key !== 'bad');
        expect(withoutBad).toEqual(plan(found).changes);
      }),
      { numRuns: 2_000 },
    );
  });
});

function shuffled<T>(items: readonly T[]): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray([...items], { minLength: items.length, maxLength: items.length });
}
