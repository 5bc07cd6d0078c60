/** What every plan keeps to, whatever files, memory and workspace hold, and in whatever order they come. */

import fc from 'fast-check';
import { describe, test, expect } from 'vitest';
import type { Plan } from '../../src/model/change.ts';
import { computePlan } from '../../src/plan/compute-plan.ts';
import type { Case } from '../support/any-case.ts';
import { anyCase } from '../support/any-case.ts';
import { clearLens, desiredOf, invalid } from '../support/builders.ts';

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
