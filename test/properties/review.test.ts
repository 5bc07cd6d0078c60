/** A plan that was reviewed is applied as it was reviewed, or not at all; and a part of a plan stays within its part. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Move, Plan } from '../../src/model/change.ts';
import type { LiveConnector } from '../../src/model/connector.ts';
import { compareSeals } from '../../src/plan/compare-seals.ts';
import { applyBrakes } from '../../src/plan/brakes.ts';
import { computePlan } from '../../src/plan/compute-plan.ts';
import { limitPlan } from '../../src/plan/limit-plan.ts';
import type { Policy } from '../../src/plan/policy.ts';
import { applyPolicy } from '../../src/plan/policy.ts';
import { sealPlan } from '../../src/plan/seal-plan.ts';
import type { Case } from '../support/any-case.ts';
import { anyCase } from '../support/any-case.ts';
import { clearLens, definition, desiredOf, live, plainFingerprint } from '../support/builders.ts';

const planOf = (found: Case, policy: Policy = 'sync'): Plan =>
  applyPolicy(computePlan(found, clearLens), policy, 'heal');

const sealOf = (found: Case, policy?: Policy) => sealPlan({ ...found, plan: planOf(found, policy) }, plainFingerprint);

/** What would be sent and remembered. */
function writesOf({ changes, moves, forget }: Plan): unknown {
  const writes = changes.flatMap((change) => {
    const { key, action, id } = change;
    if (action === 'blocked' || action === 'held') return [];
    if (change.action === 'none') return change.record === null ? [] : [{ key, action, id }];
    return [{ key, action, id, send: 'send' in change ? change.send : null }];
  });
  return { writes, moves, forget };
}

/** What may happen between a review and its plan. */
const happening = fc.oneof(
  fc.constant((found: Case) => found),
  fc.nat(5).map((at) => (found: Case): Case => ({ ...found, live: found.live.toSpliced(at, 1) })),
  fc.nat(5).map((at) => (found: Case): Case => ({ ...found, bindings: found.bindings.toSpliced(at, 1) })),
  fc.nat(5).map((at) => (found: Case): Case => ({
    ...found,
    live: found.live.map((one, index) => (index === at ? edited(one) : one)),
  })),
  fc.nat(5).map((at) => (found: Case): Case => ({
    ...found,
    desired: desiredOf(found.desired.connectors.toSpliced(at, 1), found.desired.invalid),
  })),
  fc.nat(5).map((at) => (found: Case): Case => ({
    ...found,
    desired: desiredOf(
      found.desired.connectors.map((one, index) =>
        index === at ? definition({ key: one.key, id: one.id, config: { ...one.config, rate_limit: 9 } }) : one,
      ),
      found.desired.invalid,
    ),
  })),
  fc.constant((found: Case): Case => ({ ...found, desired: desiredOf(found.desired.connectors) })),
  fc.constant((found: Case): Case => ({ ...found, intents: [] })),
);

function edited({ id, config }: LiveConnector): LiveConnector {
  return live(id, { ...config, rate_limit: 7 });
}

describe('a plan that was reviewed', () => {
  test('is the same only when it would write the same', () => {
    let same = 0;
    fc.assert(
      fc.property(anyCase, happening, happening, (found, first, second) => {
        const now = second(first(found));
        if (compareSeals(sealOf(found), sealOf(now)).length > 0) return;
        same += 1;
        expect(writesOf(planOf(now))).toEqual(writesOf(planOf(found)));
      }),
      { numRuns: 3_000 },
    );
    expect(same).toBeGreaterThan(100);
  });

  test('is recognised when nothing has moved', () => {
    fc.assert(
      fc.property(anyCase, (found) => {
        expect(compareSeals(sealOf(found), sealOf(structuredClone(found)))).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  test('is refused when a write of it would be another, and the connector is named', () => {
    fc.assert(
      fc.property(anyCase, (found) => {
        const changed = planOf(found).changes.filter(({ action }) => action === 'update');
        for (const { key, id } of changed) {
          const now = { ...found, live: found.live.map((one) => (one.id === id ? edited(one) : one)) };
          expect(compareSeals(sealOf(found), sealOf(now)).map((each) => each.key)).toContain(key);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a plan that is limited to some files', () => {
  const anyPart = fc.subarray(['a.yaml', 'b.yaml', 'c.yaml', 'd/e.yaml', 'f.yaml']);

  const limited = (found: Case, files: readonly string[]): { readonly part: Plan; readonly whole: Plan } => {
    const braked = applyBrakes(planOf(found), {
      source: 'ok',
      definitions: 1,
      invalid: found.desired.invalid.length,
      bound: found.bindings.length,
      boundMissing: 0,
      plannedDeletes: null,
      driftRewrites: new Map(),
      unsettledCreates: new Map(),
      maxDeletePercent: 100,
      force: false,
    });
    return { whole: braked.plan, part: limitPlan(braked, (file) => files.includes(file)).plan };
  };

  test('does for these what the whole plan would do, and nothing else; it deletes and forgets nothing', () => {
    fc.assert(
      fc.property(anyCase, anyPart, (found, files) => {
        const { part, whole } = limited(found, files);
        expect(part.forget).toEqual([]);
        expect(part.changes.filter(({ action }) => action === 'delete')).toEqual([]);
        for (const change of part.changes) {
          expect(files).toContain(change.file);
          expect(whole.changes).toContain(change);
        }
        const wanted = whole.changes.filter(
          ({ file, cause }) => file !== null && files.includes(file) && cause !== 'removed_from_source',
        );
        expect(part.changes).toEqual(wanted);
      }),
      { numRuns: 2_000 },
    );
  });

  test('loses no binding, whatever moves', () => {
    fc.assert(
      fc.property(anyCase, anyPart, (found, files) => {
        const { moves } = limited(found, files).part;
        const ids = found.bindings.map(({ id }) => id).sort(byNumber);
        expect(
          moved(
            found.bindings.map(({ key, id }) => [key, id]),
            moves,
          ).sort(byNumber),
        ).toEqual(ids);
      }),
      { numRuns: 2_000 },
    );
  });
});

/** The ids that are bound after moves, all at once, as the state store makes them. */
function moved(bindings: readonly (readonly [string, number])[], moves: readonly Move[]): number[] {
  const before = new Map(bindings);
  const after = new Map(before);
  for (const { from } of moves) after.delete(from);
  for (const { from, to } of moves) {
    const id = before.get(from);
    if (id !== undefined) after.set(to, id);
  }
  return [...after.values()];
}

function byNumber(left: number, right: number): number {
  return left - right;
}
