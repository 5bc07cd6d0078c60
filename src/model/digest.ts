/**
 * Keyed hashes of a configuration, one a field, so that the state store can tell "changed" from "the same"
 * without holding a value.
 */

import type { ConnectorConfig, ConnectorField, JsonPointer } from './connector.ts';
import { CONNECTOR_FIELDS } from './connector.ts';
import { replaceAt } from './pointer.ts';

/** Keyed hash of a text: hex, at least 32 digits; the same text and key give the same hash. */
export type Fingerprint = (text: string) => string;

export type FieldHashes = Readonly<Record<ConnectorField, string>>;

/** Hash every field; what lies at an ignored place does not count. */
export function hashFields(
  config: ConnectorConfig,
  ignore: readonly JsonPointer[],
  fingerprint: Fingerprint,
): FieldHashes {
  let counted: ConnectorConfig = config;
  for (const pointer of ignore) counted = replaceAt(counted, pointer, null);
  const hashes: Partial<Record<ConnectorField, string>> = {};
  for (const field of CONNECTOR_FIELDS) hashes[field] = fingerprint(`${field}:${JSON.stringify(counted[field])}`);
  return hashes as FieldHashes;
}

/** The fields in which two sets of hashes differ. */
export function differingFields(left: FieldHashes, right: FieldHashes): readonly ConnectorField[] {
  return CONNECTOR_FIELDS.filter((field) => left[field] !== right[field]);
}
