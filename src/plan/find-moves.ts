/**
 * Definitions that moved: a definition whose key is unknown, or known under another name, takes over the
 * binding of its name when the definition there is gone, goes by another name now, or is pinned to another connector.
 * A pinned one that is new takes over the binding of its connector.
 */

import type { Binding } from '../model/baseline.ts';
import type { Move } from '../model/change.ts';
import type { ValidConnector } from '../model/connector.ts';
import type { Fingerprint } from '../model/digest.ts';
import { storedName } from '../model/stored-name.ts';

export interface Moves {
  readonly moves: readonly Move[];
  /** Bindings as they are after the moves, by the key of the definition that has them now. */
  readonly moved: ReadonlyMap<string, Binding>;
  /** Bindings whose path another definition has taken over. */
  readonly displaced: readonly Binding[];
}

interface Taking {
  readonly binding: Binding;
  readonly by: ValidConnector;
}

/** @param free bindings that no definition has, by key, and that no invalid one holds */
export function findMoves(
  definitions: readonly ValidConnector[],
  bindingByKey: ReadonlyMap<string, Binding>,
  free: readonly Binding[],
  fingerprint: Fingerprint,
): Moves {
  const restless = definitions.filter(
    (definition) =>
      definition.id === null && bindingByKey.get(definition.key)?.name !== storedName(definition, fingerprint),
  );
  const repinned = definitions.filter(({ id, key }) => id !== null && (bindingByKey.get(key)?.id ?? id) !== id);
  const left = [...free, ...[...restless, ...repinned].flatMap(({ key }) => bindingByKey.get(key) ?? [])];

  const byId = new Map(left.map((binding) => [binding.id, binding]));
  const pinned = definitions.flatMap((by): readonly Taking[] => {
    const binding = by.id === null ? undefined : byId.get(by.id);
    return binding === undefined || bindingByKey.has(by.key) ? [] : [{ binding, by }];
  });
  const named = takeByName(definitions, restless, left, fingerprint);
  const takings = [...pinned, ...withoutChains(named, restless, bindingByKey)];

  const moves = takings.map(({ binding, by: { key, file } }) => ({ from: binding.key, to: key, file }));
  const displaced = displacedBindings(moves, bindingByKey);
  return {
    moves: [...moves, ...displaced.map(({ from, binding }) => ({ from, to: binding.key, file: binding.file }))],
    moved: new Map(takings.map(({ binding, by: { key, file } }) => [key, { ...binding, key, file }])),
    displaced: displaced.map(({ binding }) => binding),
  };
}

function takeByName(
  definitions: readonly ValidConnector[],
  restless: readonly ValidConnector[],
  left: readonly Binding[],
  fingerprint: Fingerprint,
): readonly Taking[] {
  const pinned = new Set(definitions.map(({ id }) => id));
  const byName = Map.groupBy(
    left.filter(({ id }) => !pinned.has(id)),
    ({ name }) => name,
  );
  return restless.flatMap((by) => {
    const [binding, ...others] = byName.get(storedName(by, fingerprint)) ?? [];
    if (binding === undefined || others.length > 0) return [];
    byName.delete(binding.name);
    return [{ binding, by }];
  });
}

/**
 * Two files that have swapped their contents have moved. But `b` that bears the name that `a` had, where `a` bears a new
 * one, are two renames in place: as a move, it would leave `a` without a connector, and the connector of `b` without a
 * definition. So a chain of takings that begins where a binding would be displaced, and ends at a definition that would
 * come away empty-handed, is none.
 */
function withoutChains(
  takings: readonly Taking[],
  restless: readonly ValidConnector[],
  bindingByKey: ReadonlyMap<string, Binding>,
): readonly Taking[] {
  const takingFrom = new Map(takings.map((taking) => [taking.binding.key, taking]));
  const served = new Set(takings.map(({ by }) => by.key));
  const dropped = new Set<Taking>();
  for (const { key: emptyHanded } of restless) {
    if (served.has(emptyHanded)) continue;
    const chain: Taking[] = [];
    let key = emptyHanded;
    for (let taking = takingFrom.get(key); taking !== undefined; taking = takingFrom.get(key)) {
      chain.push(taking);
      key = taking.by.key;
    }
    if (bindingByKey.has(key)) for (const taking of chain) dropped.add(taking);
  }
  return takings.filter((taking) => !dropped.has(taking));
}

/**
 * Bindings whose path was taken over by a definition from elsewhere (`git mv a.yaml b.yaml` over an existing
 * `b.yaml`). They live on as orphans under a key that no path can have, `b@<id>`.
 */
function displacedBindings(
  moves: readonly Move[],
  bindingByKey: ReadonlyMap<string, Binding>,
): readonly { readonly from: string; readonly binding: Binding }[] {
  const leaving = new Set(moves.map(({ from }) => from));
  return moves.flatMap(({ to }) => {
    const binding = bindingByKey.get(to);
    if (binding === undefined || leaving.has(to)) return [];
    return [{ from: to, binding: { ...binding, key: `${to}@${binding.id}` } }];
  });
}
