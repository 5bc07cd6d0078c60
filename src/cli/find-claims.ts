/** Which live connectors the files speak of already, told by the same rules by which a plan matches them. */

import type { Binding, Intent } from '../model/baseline.ts';
import type { LiveConnector, ValidConnector } from '../model/connector.ts';
import type { Fingerprint } from '../model/digest.ts';
import type { Desired } from '../model/problem.ts';
import type { SecretPlace } from '../model/secret-place.ts';
import { secretPlaces } from '../model/secret-place.ts';
import type { Claim, PresentDefinition } from '../import/claim.ts';
import type { WrittenTexts } from '../import/written-texts.ts';
import { writtenTexts } from '../import/written-texts.ts';
import { matchIdentities } from '../plan/match-identity.ts';

export interface ClaimFacts {
  readonly desired: Desired;
  readonly bindings: readonly Binding[];
  readonly intents: readonly Intent[];
  readonly live: readonly LiveConnector[];
  readonly fingerprint: Fingerprint;
  /** The fields of a definition as its file says them. */
  readonly fieldsOf: (definition: ValidConnector) => Readonly<Record<string, unknown>>;
}

/** What files and memory know of live connectors, by their ids. */
export interface KnownConnectors {
  /** A definition that is valid goes before others. */
  readonly claims: ReadonlyMap<number, Claim>;
  /** Where definitions have, or had, placeholders. */
  readonly secretPlaces: ReadonlyMap<number, readonly SecretPlace[]>;
  /** Texts of valid definitions, as their files say them. */
  readonly writtenTexts: ReadonlyMap<number, WrittenTexts>;
  /** Every definition. */
  readonly definitions: readonly PresentDefinition[];
}

export function findClaims({ desired, bindings, intents, live, fingerprint, fieldsOf }: ClaimFacts): KnownConnectors {
  const written = new Map<number, WrittenTexts>();
  const claims = new Map<number, Claim>();
  const places = new Map<number, SecretPlace[]>();
  const addPlaces = (id: number, more: readonly SecretPlace[]): void => {
    places.set(id, [...(places.get(id) ?? []), ...more]);
  };
  const claim = (id: number | null, by: Claim): void => {
    if (id !== null && !claims.has(id)) claims.set(id, by);
  };
  const definitions: PresentDefinition[] = desired.invalid.map(({ key, file }) => ({
    key,
    file,
    isValid: false,
    id: null,
  }));
  const documents = Map.groupBy([...desired.connectors, ...desired.invalid], ({ file }) => file);
  const { matches, held } = matchIdentities(desired, bindings, intents, live, fingerprint);

  for (const { id, secretPlaces: known } of bindings) addPlaces(id, known);
  for (const [definition, match] of matches) {
    const id = match.kind === 'bound' ? match.binding.id : match.kind === 'found' ? match.live.id : null;
    const { key, file, sync } = definition;
    const isGone = match.kind === 'bound' && match.live === null;
    definitions.push({ key, file, isValid: true, id: isGone ? null : id });
    if (id === null) continue;
    claim(id, { kind: 'defined', file, documents: documents.get(file)?.length ?? 1, sync });
    addPlaces(id, secretPlaces(definition.config, definition.secretPaths));
    written.set(id, writtenTexts(fieldsOf(definition)));
  }
  for (const { id, file } of held) claim(id, { kind: 'invalid', file });
  for (const { id, name, file } of desired.invalid) {
    claim(id, { kind: 'invalid', file });
    if (id !== null || name === null) continue;
    for (const connector of live) if (connector.config.name === name) claim(connector.id, { kind: 'invalid', file });
  }
  for (const [{ file }, match] of matches) {
    if (match.kind !== 'ambiguous') continue;
    for (const id of match.ids) claim(id, { kind: 'ambiguous', file });
  }
  return { claims, secretPlaces: places, writtenTexts: written, definitions };
}
