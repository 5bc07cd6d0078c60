/** From a JSON Pointer back to line and column, for problems found after parsing. */

import type { Pair } from 'yaml';
import { isAlias, isMap, isScalar, isSeq } from 'yaml';

import type { JsonPointer } from '../model/connector.ts';
import { parsePointer } from '../model/pointer.ts';
import type { YamlDocument } from './compose-yaml.ts';
import { composeYaml } from './compose-yaml.ts';
import { decodeText } from './decode-text.ts';
import type { Position } from './fault.ts';
import { startOf } from './read-document.ts';
import { readTokens } from './read-tokens.ts';
import { positionAt } from './text-position.ts';

/** Find a place in one document of a file; `key` asks for the name of a field rather than for what it holds. */
export type LocateInFile = (documentIndex: number, pointer: JsonPointer, at?: 'key' | 'value') => Position;

/**
 * Open a file for looking up places. It is parsed once, and only now: the good case needs no positions.
 *
 * Where the pointer leads nowhere, as for a missing field, the place is the nearest value around it that exists; in a
 * file that cannot be read, it is the first character.
 */
export function openLocator(bytes: Uint8Array): LocateInFile {
  const decoded = decodeText(bytes);
  if (decoded.status === 'refused') return () => ({ line: 1, column: 1 });
  const { text } = decoded;
  const { documents } = composeYaml(readTokens(text));
  return (documentIndex, pointer, at = 'value') => {
    const document = documents[documentIndex];
    return positionAt(text, document === undefined ? 0 : findOffset(document, pointer, at));
  };
}

/** {@link openLocator} for a single place. */
export function locatePath(
  bytes: Uint8Array,
  documentIndex: number,
  pointer: JsonPointer,
  at: 'key' | 'value' = 'value',
): Position {
  return openLocator(bytes)(documentIndex, pointer, at);
}

function findOffset(document: YamlDocument, pointer: JsonPointer, at: 'key' | 'value'): number {
  const segments = parsePointer(pointer);
  let node: unknown = document.contents;
  let offset = node === null ? document.range[0] : startOf(node);
  for (const [index, segment] of segments.entries()) {
    const holder = isAlias(node) ? node.resolve(document) : node;
    if (isSeq(holder)) {
      node = /^\d+$/.test(segment) ? holder.items[Number(segment)] : undefined;
    } else if (isMap(holder)) {
      const pair = findField(holder.items, segment);
      if (pair !== undefined && (pair.value === null || (at === 'key' && index === segments.length - 1))) {
        return startOf(pair.key);
      }
      node = pair?.value;
    } else {
      node = undefined;
    }
    if (node === undefined) break;
    offset = startOf(node);
  }
  return offset;
}

function findField(pairs: readonly Pair[], name: string): Pair | undefined {
  return pairs.find(({ key }) => isScalar(key) && key.value === name);
}
