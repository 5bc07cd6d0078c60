/**
 * Places that hold secrets, named so that they survive a reordering of a list: `parameters/token` is the
 * value of every parameter called `token`, `url` is the whole URL.
 */

import type { ConnectorConfig, JsonPointer } from './connector.ts';
import { parsePointer, valueAt } from './pointer.ts';

export type SecretPlace = string;

/** Turn pointers into a configuration (`/parameters/1/value`) into places (`parameters/token`). */
export function secretPlaces(config: ConnectorConfig, pointers: readonly JsonPointer[]): readonly SecretPlace[] {
  const places = new Set<SecretPlace>();
  for (const pointer of pointers) {
    const [field, index] = parsePointer(pointer);
    if (field === undefined) continue;
    const name = index === undefined ? undefined : valueAt(config, `/${field}/${index}/name`);
    places.add(typeof name === 'string' ? `${field}/${name}` : field);
  }
  return [...places].sort();
}
