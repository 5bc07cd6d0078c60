/**
 * Places that hold secrets, named so that they survive a reordering of a list: `parameters/token` is the
 * value of every parameter called `token`, `url` is the whole URL, `parameters` is the whole list.
 */

import type { ConnectorConfig, JsonPointer } from './connector.ts';
import { parsePointer, valueAt } from './pointer.ts';

export type SecretPlace = string;

/**
 * Turn pointers into a configuration (`/parameters/1/value`) into places (`parameters/token`), sorted and each once.
 *
 * Places are stored and compared by name. So where a name is itself a secret, the place is the whole list.
 */
export function secretPlaces(config: ConnectorConfig, pointers: readonly JsonPointer[]): readonly SecretPlace[] {
  const secret = new Set(pointers);
  const places = new Set<SecretPlace>();
  for (const pointer of pointers) {
    const [field, index] = parsePointer(pointer);
    if (field === undefined) continue;
    const namePointer = `/${field}/${index ?? ''}/name`;
    const name = secret.has(namePointer) ? undefined : valueAt(config, namePointer);
    places.add(typeof name === 'string' ? `${field}/${name}` : field);
  }
  return [...places].sort();
}
