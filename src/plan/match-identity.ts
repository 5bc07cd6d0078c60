/**
 * Which live connector does each definition mean?
 *
 * In this order: the pinned `id`; the binding of its key; the binding of another path whose definition moved
 * here (same name); the only unbound live connector of exactly that name; else none. A connector is never
 * given to two definitions.
 */

import type { Binding, Intent } from '../model/baseline.ts';
import type { Move } from '../model/change.ts';
import type { LiveConnector, ValidConnector } from '../model/connector.ts';
import type { Fingerprint } from '../model/digest.ts';
import type { Desired, InvalidDefinition } from '../model/problem.ts';
import { storedName } from '../model/stored-name.ts';

export type Match =
  /** Known from before; `live` is null when the connector is gone. */
  | { readonly kind: 'bound'; readonly binding: Binding; readonly live: LiveConnector | null }
  /** Pinned by `id`, or found by name; becomes bound by adoption. */
  | { readonly kind: 'found'; readonly live: LiveConnector }
  | { readonly kind: 'new' }
  | { readonly kind: 'pin_missing'; readonly id: number }
  | { readonly kind: 'ambiguous'; readonly ids: readonly number[] }
  /** The live connector belongs to another definition. */
  | { readonly kind: 'claimed'; readonly id: number; readonly by: string }
  /** The live connector of that name is held for a definition that is invalid now. */
  | { readonly kind: 'name_held'; readonly id: number; readonly by: string };

export interface Identities {
  readonly matches: ReadonlyMap<ValidConnector, Match>;
  readonly moves: readonly Move[];
  /** Bindings that an invalid definition keeps. */
  readonly held: readonly Binding[];
  /** Bindings that no definition speaks of any more. */
  readonly orphans: readonly Binding[];
}

export function matchIdentities(
  desired: Desired,
  bindings: readonly Binding[],
  intents: readonly Intent[],
  live: readonly LiveConnector[],
  fingerprint: Fingerprint,
): Identities {
  const liveById = new Map(live.map((connector) => [connector.id, connector]));
  const pins = new Map(desired.connectors.flatMap(({ id, key }) => (id === null ? [] : [[id, key]])));
  const bindingByKey = new Map(bindings.map((binding) => [binding.key, binding]));
  const definitionKeys = new Set(desired.connectors.map(({ key }) => key));
  const invalid = createInvalidLookup(desired.invalid);

  const unclaimed = bindings.filter(({ key }) => !definitionKeys.has(key));
  const held = unclaimed.filter((binding) => invalid.holds(binding));
  const free = unclaimed.filter((binding) => !invalid.holds(binding));
  const { moves, moved, displaced } = findMoves(desired.connectors, bindingByKey, free, fingerprint);

  const movedAway = new Set(moves.map(({ from }) => from));
  const orphans = [...free.filter(({ key }) => !movedAway.has(key)), ...displaced];
  const heldByName = new Map(held.map((binding) => [binding.name, binding]));
  const unboundByName = groupUnbound(live, bindings, pins);
  const intentByKey = new Map(intents.map((intent) => [intent.key, intent]));

  const match = (definition: ValidConnector): Match => {
    const binding =
      moved.get(definition.key) ?? (movedAway.has(definition.key) ? undefined : bindingByKey.get(definition.key));
    if (definition.id !== null) return matchPin(definition.id, binding, liveById);
    if (binding !== undefined) {
      const pinnedBy = pins.get(binding.id);
      if (pinnedBy !== undefined) return { kind: 'claimed', id: binding.id, by: pinnedBy };
      return { kind: 'bound', binding, live: liveById.get(binding.id) ?? null };
    }
    const candidates =
      unboundByName.get(definition.config.name) ?? unboundByName.get(intentByKey.get(definition.key)?.name ?? '') ?? [];
    const [only, ...others] = candidates;
    if (others.length > 0) return { kind: 'ambiguous', ids: candidates.map(({ id }) => id) };
    if (only !== undefined) return { kind: 'found', live: only };
    const holder = heldByName.get(storedName(definition, fingerprint));
    if (holder !== undefined) return { kind: 'name_held', id: holder.id, by: holder.file };
    return { kind: 'new' };
  };

  return {
    matches: new Map(desired.connectors.map((definition) => [definition, match(definition)])),
    moves,
    held,
    // A connector that another definition is pinned to is spoken of, whatever its old path.
    orphans: orphans.filter(({ id }) => !pins.has(id)),
  };
}

function matchPin(id: number, binding: Binding | undefined, live: ReadonlyMap<number, LiveConnector>): Match {
  const connector = live.get(id);
  if (connector === undefined) return { kind: 'pin_missing', id };
  return binding?.id === id ? { kind: 'bound', binding, live: connector } : { kind: 'found', live: connector };
}

/**
 * Definitions that moved: a definition whose key is unknown, or known under another name, takes over the
 * binding of its name when the definition there is gone or goes by another name now.
 */
function findMoves(
  definitions: readonly ValidConnector[],
  bindingByKey: ReadonlyMap<string, Binding>,
  free: readonly Binding[],
  fingerprint: Fingerprint,
): {
  readonly moves: readonly Move[];
  readonly moved: ReadonlyMap<string, Binding>;
  readonly displaced: readonly Binding[];
} {
  const restless = definitions.filter(
    (definition) =>
      definition.id === null && bindingByKey.get(definition.key)?.name !== storedName(definition, fingerprint),
  );
  const left = [...free, ...restless.flatMap(({ key }) => bindingByKey.get(key) ?? [])];
  const byName = Map.groupBy(left, ({ name }) => name);

  const moves: Move[] = [];
  const moved = new Map<string, Binding>();
  for (const definition of restless) {
    const candidates = byName.get(storedName(definition, fingerprint));
    if (candidates?.length !== 1) continue;
    const [binding] = candidates;
    if (binding === undefined) continue;
    byName.delete(binding.name);
    moves.push({ from: binding.key, to: definition.key, file: definition.file });
    moved.set(definition.key, { ...binding, key: definition.key, file: definition.file });
  }

  const displaced = displacedBindings(moves, bindingByKey);
  return {
    moves: [...moves, ...displaced.map(({ from, binding }) => ({ from, to: binding.key, file: binding.file }))],
    moved,
    displaced: displaced.map(({ binding }) => binding),
  };
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

function groupUnbound(
  live: readonly LiveConnector[],
  bindings: readonly Binding[],
  pins: ReadonlyMap<number, string>,
): ReadonlyMap<string, readonly LiveConnector[]> {
  const boundIds = new Set(bindings.map(({ id }) => id));
  const unbound = live.filter(({ id }) => !boundIds.has(id) && !pins.has(id));
  return Map.groupBy(unbound, ({ config }) => config.name);
}

/** A binding is held when its definition, its file, or another document of its file is invalid. */
function createInvalidLookup(invalid: readonly InvalidDefinition[]): { holds(binding: Binding): boolean } {
  const files = new Set(invalid.map(({ file }) => pathWithoutExtension(file)));
  const ids = new Set(invalid.flatMap(({ id }) => id ?? []));
  return { holds: ({ key, id }) => files.has(key.split('#', 1)[0] ?? key) || ids.has(id) };
}

function pathWithoutExtension(file: string): string {
  return file.replace(/\.[^./]+$/, '');
}
