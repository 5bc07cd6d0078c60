/**
 * Keyed hashes of a configuration, one a field, so that the state store can tell "changed" from "the same"
 * without holding a value.
 */

import type { ConnectorConfig, ConnectorField, JsonPointer, ValidConnector } from './connector.ts';
import { CONNECTOR_FIELDS } from './connector.ts';
import { replaceAt } from './pointer.ts';
import { sameValue } from './same-config.ts';

/** Keyed hash of a text: hex, at least 32 digits; the same text and key give the same hash. */
export type Fingerprint = (text: string) => string;

export type FieldHashes = Readonly<Record<ConnectorField, string>>;

/** Hash every field; what lies at an ignored place does not count. */
export function hashFields(
  config: ConnectorConfig,
  ignore: readonly JsonPointer[],
  fingerprint: Fingerprint,
): FieldHashes;
/** Hash some of the fields. */
export function hashFields(
  config: ConnectorConfig,
  ignore: readonly JsonPointer[],
  fingerprint: Fingerprint,
  fields: readonly ConnectorField[],
): Partial<FieldHashes>;
export function hashFields(
  config: ConnectorConfig,
  ignore: readonly JsonPointer[],
  fingerprint: Fingerprint,
  fields: readonly ConnectorField[] = CONNECTOR_FIELDS,
): Partial<FieldHashes> {
  let counted: ConnectorConfig = config;
  for (const pointer of ignore) counted = replaceAt(counted, pointer, null);
  const hashes: Partial<Record<ConnectorField, string>> = {};
  for (const field of fields) hashes[field] = fingerprint(`${field}:${JSON.stringify(counted[field])}`);
  return hashes;
}

/**
 * The hashes of definitions, each made once, and of what is live, as far as it is another: to hash takes longer than all else
 * that a pass does with a connector.
 */
export interface Digests {
  /** Of what a definition would send. They are remembered as long as the definition is. */
  ofDefinition(desired: ValidConnector): FieldHashes;
  /** Of a configuration of the same connector; where a field is as the definition has it, so is its hash. */
  ofLive(config: ConnectorConfig, desired: ValidConnector): FieldHashes;
}

export function createDigests(hash: Fingerprint): Digests {
  const fingerprint = rememberCommon(hash);
  const known = new WeakMap<ValidConnector, FieldHashes>();
  const ofDefinition = (desired: ValidConnector): FieldHashes => {
    const hashes = known.get(desired) ?? hashFields(desired.config, desired.sync.ignore, fingerprint);
    known.set(desired, hashes);
    return hashes;
  };
  return {
    ofDefinition,
    ofLive(config, desired) {
      const ours = ofDefinition(desired);
      const others = CONNECTOR_FIELDS.filter((field) => !sameValue(config[field], desired.config[field]));
      return others.length === 0 ? ours : { ...ours, ...hashFields(config, desired.sync.ignore, fingerprint, others) };
    },
  };
}

/** What most definitions say alike, and what is never secret: kinds, methods, numbers, and that there is nothing. */
const COMMON = /^(?:\w+:(?:null|\[\]|\d{1,9})|type:"[a-z]{1,12}"|method:"[a-z]{1,8}")$/u;

/** Texts that are remembered: there are few, but for numbers. */
const MOST_COMMON = 1_000;

/** The hash of a common text is made once. */
function rememberCommon(fingerprint: Fingerprint): Fingerprint {
  const known = new Map<string, string>();
  return (text) => {
    if (!COMMON.test(text)) return fingerprint(text);
    const before = known.get(text) ?? fingerprint(text);
    if (known.size < MOST_COMMON) known.set(text, before);
    return before;
  };
}

/** The fields in which two sets of hashes differ. */
export function differingFields(left: FieldHashes, right: FieldHashes): readonly ConnectorField[] {
  if (left === right) return [];
  return CONNECTOR_FIELDS.filter((field) => left[field] !== right[field]);
}
