/** Any files, memory and workspace: few of each, so that they meet. */

import fc from 'fast-check';
import type { Binding, Intent } from '../../src/model/baseline.ts';
import type { LiveConnector } from '../../src/model/connector.ts';
import type { Desired } from '../../src/model/problem.ts';
import { bindingFor, definition, desiredOf, invalid, live } from './builders.ts';

export interface Case {
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

export const anyCase: fc.Arbitrary<Case> = fc
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
