/**
 * Which live connector does each definition mean?
 *
 * In this order: the pinned `id`; the binding of its key; the binding of another path whose definition moved
 * here (same name, or pinned to it); the only unbound live connector of exactly that name, also when the bound one is
 * gone; else none. A connector is never given to two definitions.
 */

import type { Binding, Intent } from '../model/baseline.ts';
import type { Move } from '../model/change.ts';
import type { LiveConnector, ValidConnector } from '../model/connector.ts';
import { CONNECTOR_FIELDS } from '../model/connector.ts';
import type { Fingerprint } from '../model/digest.ts';
import type { Desired, InvalidDefinition } from '../model/problem.ts';
import type { SecretPlace } from '../model/secret-place.ts';
import { isStoredAs, storedName } from '../model/stored-name.ts';
import { findMoves } from './find-moves.ts';

export type Match =
  /** Known from before; `live` is null when the connector is gone. */
  | { readonly kind: 'bound'; readonly binding: Binding; readonly live: LiveConnector | null }
  | Found
  | { readonly kind: 'new' }
  | { readonly kind: 'pin_missing'; readonly id: number }
  | { readonly kind: 'ambiguous'; readonly ids: readonly number[] }
  /** The connector belongs to another definition, which is pinned to it or bound to it too. */
  | { readonly kind: 'claimed'; readonly id: number; readonly by: string }
  /** The live connector of that name is held for `by`, a definition that is invalid now. */
  | { readonly kind: 'name_held'; readonly id: number; readonly by: string };

/** Pinned by `id`, or found by name; becomes bound by adoption. */
interface Found {
  readonly kind: 'found';
  readonly live: LiveConnector;
  /** Of what it holds, as far as is known. */
  readonly secretPlaces: readonly SecretPlace[];
  /** The connector that was bound before and is gone; null when there was none. */
  readonly replaces: number | null;
}

export interface Identities {
  readonly matches: ReadonlyMap<ValidConnector, Match>;
  readonly moves: readonly Move[];
  /** Bindings that an invalid definition keeps. */
  readonly held: readonly Binding[];
  /** Bindings that no definition speaks of any more; one for each connector. */
  readonly orphans: readonly Binding[];
  /** Bindings of which nothing is left but the record: their connector has another one. */
  readonly superseded: readonly Binding[];
}

export function matchIdentities(
  desired: Desired,
  bindings: readonly Binding[],
  intents: readonly Intent[],
  live: readonly LiveConnector[],
  fingerprint: Fingerprint,
): Identities {
  const liveById = new Map(live.map((connector) => [connector.id, connector]));
  const bindingByKey = new Map(bindings.map((binding) => [binding.key, binding]));
  const definitionKeys = new Set(desired.connectors.map(({ key }) => key));
  const invalid = createInvalidLookup(desired.invalid);

  const unclaimed = bindings.filter(({ key }) => !definitionKeys.has(key));
  const held = unclaimed.filter((binding) => invalid.holds(binding));
  const free = unclaimed.filter((binding) => !invalid.holds(binding));
  const { moves, moved, displaced } = findMoves(desired.connectors, bindingByKey, free, fingerprint);

  const movedAway = new Set(moves.map(({ from }) => from));
  const bindingOf: BindingOf = ({ key }) => moved.get(key) ?? (movedAway.has(key) ? undefined : bindingByKey.get(key));
  const holders = findHolders(desired.connectors, bindingOf, liveById, fingerprint);
  const matchName = createNameMatcher({ bindings, held, holders, invalid, live, fingerprint });

  const intentByKey = new Map(intents.map((intent) => [intent.key, intent]));
  // Its connector is gone, and a create that got no answer may have made another: that one is looked for by its name.
  const mayBeReplaced = ({ id, key }: Binding): boolean => !liveById.has(id) && intentByKey.has(key);

  /** Made anew in the web app, or by a create that a restored state does not know of: a second one would be a duplicate. */
  const findSuccessor = (definition: ValidConnector, binding: Binding): Match | null => {
    if (holders.get(binding.id) !== definition.key) return null;
    const match = matchName(definition, definition.config.name);
    if (match?.kind === 'found') return { ...match, secretPlaces: binding.secretPlaces, replaces: binding.id };
    return match?.kind === 'ambiguous' ? match : null;
  };

  const matches = new Map<ValidConnector, Match>();
  const asking: ValidConnector[] = [];
  const bereft: { readonly definition: ValidConnector; readonly binding: Binding }[] = [];
  for (const definition of desired.connectors) {
    const binding = bindingOf(definition);
    if (definition.id !== null) matches.set(definition, matchPin(definition.id, binding, bindings, liveById));
    else if (binding === undefined || mayBeReplaced(binding)) asking.push(definition);
    else if (liveById.has(binding.id)) matches.set(definition, matchBinding(definition, binding, holders, liveById));
    else bereft.push({ definition, binding });
  }
  asking.sort((left, right) => (left.key < right.key ? -1 : 1));
  for (const definition of asking) {
    const match = matchName(definition, definition.config.name);
    if (match !== null) matches.set(definition, match);
  }
  for (const definition of asking) {
    if (matches.has(definition)) continue;
    const sentName = intentByKey.get(definition.key)?.name;
    const sent =
      sentName === undefined ? undefined : live.find(({ config }) => isStoredAs(config.name, sentName, fingerprint));
    const match = sent === undefined ? null : matchName(definition, sent.config.name);
    // What was sent under another name may have had its secrets in other places.
    const found = match?.kind === 'found' ? { ...match, secretPlaces: CONNECTOR_FIELDS } : match;
    const binding = bindingOf(definition);
    const none: Match = binding === undefined ? { kind: 'new' } : matchBinding(definition, binding, holders, liveById);
    matches.set(definition, found ?? none);
  }
  for (const { definition, binding } of bereft) {
    matches.set(definition, findSuccessor(definition, binding) ?? matchBinding(definition, binding, holders, liveById));
  }

  const kept = [...held, ...displaced.filter((binding) => invalid.holds(binding))];
  const left = [
    ...free.filter(({ key }) => !movedAway.has(key)),
    ...displaced.filter((binding) => !invalid.holds(binding)),
  ];
  const spokenFor = new Set([...holders.keys(), ...kept.map(({ id }) => id)]);
  return { matches, moves, held: kept, ...partOrphans(left, spokenFor) };
}

type BindingOf = (definition: ValidConnector) => Binding | undefined;

/**
 * Which definition has which connector: first those that are pinned to it, then those that are bound to it. That two
 * are bound to one comes of a pin that was removed again; it stays with the one whose name it bears.
 */
function findHolders(
  definitions: readonly ValidConnector[],
  bindingOf: BindingOf,
  liveById: ReadonlyMap<number, LiveConnector>,
  fingerprint: Fingerprint,
): Map<number, string> {
  const holders = new Map<number, string>();
  const claim = (id: number, key: string): void => {
    if (!holders.has(id)) holders.set(id, key);
  };
  for (const { id, key } of definitions) if (id !== null) claim(id, key);
  const bound = definitions.flatMap((definition) => (definition.id === null ? (bindingOf(definition) ?? []) : []));
  const named = bound.filter(({ id, name }) => isStoredAs(liveById.get(id)?.config.name ?? '', name, fingerprint));
  for (const { id, key } of [...named, ...bound]) claim(id, key);
  return holders;
}

/** Of several orphans of one connector one is enough; the protected one, if there is one. */
function partOrphans(
  bindings: readonly Binding[],
  spokenFor: ReadonlySet<number>,
): Pick<Identities, 'orphans' | 'superseded'> {
  const orphans = new Map<number, Binding>();
  const superseded: Binding[] = [];
  for (const binding of bindings.toSorted((left, right) => Number(right.protect) - Number(left.protect))) {
    if (spokenFor.has(binding.id) || orphans.has(binding.id)) superseded.push(binding);
    else orphans.set(binding.id, binding);
  }
  return { orphans: [...orphans.values()], superseded };
}

function matchBinding(
  { key }: ValidConnector,
  binding: Binding,
  holders: ReadonlyMap<number, string>,
  liveById: ReadonlyMap<number, LiveConnector>,
): Match {
  const by = holders.get(binding.id) ?? key;
  if (by !== key) return { kind: 'claimed', id: binding.id, by };
  return { kind: 'bound', binding, live: liveById.get(binding.id) ?? null };
}

function matchPin(
  id: number,
  binding: Binding | undefined,
  bindings: readonly Binding[],
  liveById: ReadonlyMap<number, LiveConnector>,
): Match {
  const live = liveById.get(id);
  if (live === undefined) return { kind: 'pin_missing', id };
  if (binding?.id === id) return { kind: 'bound', binding, live };
  const secretPlaces = bindings.filter((other) => other.id === id).flatMap((other) => other.secretPlaces);
  return { kind: 'found', live, secretPlaces, replaces: null };
}

/** Finds the connector of a name that nobody has yet, and gives it away; null when there is none. */
function createNameMatcher({
  bindings,
  held,
  holders,
  invalid,
  live,
  fingerprint,
}: {
  readonly bindings: readonly Binding[];
  readonly held: readonly Binding[];
  readonly holders: Map<number, string>;
  readonly invalid: InvalidLookup;
  readonly live: readonly LiveConnector[];
  readonly fingerprint: Fingerprint;
}): (definition: ValidConnector, name: string) => Match | null {
  const boundIds = new Set(bindings.map(({ id }) => id));
  const unbound = Map.groupBy(
    live.filter(({ id }) => !boundIds.has(id)),
    ({ config }) => config.name,
  );
  const heldByName = new Map(held.map((binding) => [binding.name, binding]));

  return (definition, name) => {
    const free = (unbound.get(name) ?? []).filter(({ id }) => !holders.has(id));
    const kept = free.find(({ id }) => invalid.pinned.has(id));
    if (kept !== undefined) return { kind: 'name_held', id: kept.id, by: invalid.pinned.get(kept.id) ?? '' };
    const [only, ...others] = free;
    if (others.length > 0) return { kind: 'ambiguous', ids: free.map(({ id }) => id) };
    if (only !== undefined) {
      holders.set(only.id, definition.key);
      return { kind: 'found', live: only, secretPlaces: [], replaces: null };
    }
    const holder = heldByName.get(storedName(definition, fingerprint));
    return holder === undefined ? null : { kind: 'name_held', id: holder.id, by: holder.file };
  };
}

interface InvalidLookup {
  readonly holds: (binding: Binding) => boolean;
  /** The files of invalid definitions that are pinned to a connector, by its id. */
  readonly pinned: ReadonlyMap<number, string>;
}

/**
 * A binding is held when its definition, its file, another document of its file, or a link to a directory above it is invalid.
 */
function createInvalidLookup(invalid: readonly InvalidDefinition[]): InvalidLookup {
  const files = new Set(invalid.map(({ file }) => pathWithoutExtension(file)));
  const unread = new Set(invalid.flatMap(({ file, wholeFile }) => (wholeFile ? [file] : [])));
  const pinned = new Map(invalid.flatMap(({ id, file }) => (id === null ? [] : [[id, file] as const])));
  return {
    holds: ({ key, id }) =>
      files.has(key) ||
      files.has(pathWithoutRef(key)) ||
      directoriesAbove(key).some((directory) => unread.has(directory)) ||
      pinned.has(id),
    pinned,
  };
}

function directoriesAbove(key: string): readonly string[] {
  const parts = key.split('/');
  return parts.slice(1).map((_, depth) => parts.slice(0, depth + 1).join('/'));
}

/** A path may hold `#` as well, but a ref holds neither that nor `/`. */
function pathWithoutRef(key: string): string {
  return key.replace(/#[^#/]*$/, '');
}

function pathWithoutExtension(file: string): string {
  return file.replace(/\.[^./]+$/, '');
}
