/**
 * A composed YAML document to plain data, in one walk that also finds what YAML allows and a definition does not.
 */

import type { Alias, Pair, Scalar, YAMLMap } from 'yaml';
import { isAlias, isMap, isPair, isScalar, isSeq } from 'yaml';

import type { JsonPointer } from '../model/connector.ts';
import { formatPointer } from '../model/pointer.ts';
import type { YamlDocument } from './compose-yaml.ts';
import { MAX_FAULTS, quoteName } from './fault.ts';
import type { TextFault } from './read-tokens.ts';

/** Aliases a document may use. */
export const MAX_ALIASES = 100;
/** Values a document may hold once its aliases are followed. */
export const MAX_VALUES = 100_000;

export interface DocumentFault extends TextFault {
  readonly path: JsonPointer;
}

export interface ReadDocument {
  /** Plain data: objects, arrays, strings, finite numbers, booleans and null. Aliases share one value. */
  readonly value: unknown;
  /** How many values there are, aliases followed. */
  readonly size: number;
  readonly faults: readonly DocumentFault[];
}

interface Anchored {
  readonly value: unknown;
  readonly size: number;
}

/** Read a document that composed without errors. Its depth is bounded already, so recursion is safe. */
export function readDocument(document: YamlDocument): ReadDocument {
  const faults: DocumentFault[] = [];
  /** What each anchor stands for; null while the value that holds it is still being read. */
  const anchors = new Map<string, Anchored | null>();
  const path: (string | number)[] = [];
  let aliases = 0;
  let size = 0;

  const report = (code: DocumentFault['code'], offset: number, message: string, hint: string | null = null): null => {
    if (faults.length < MAX_FAULTS) faults.push({ code, offset, path: formatPointer(path), message, hint });
    return null;
  };

  const readValue = (node: unknown): unknown => {
    if (isAlias(node)) return followAlias(node);
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
    const before = size;
    if (anchor !== undefined) anchors.set(anchor, null);
    size += 1;
    const value = readContent(node);
    if (anchor !== undefined) anchors.set(anchor, { value, size: size - before });
    return value;
  };

  const readContent = (node: unknown): unknown => {
    if (isScalar(node)) return readScalar(node);
    if (isMap(node)) return readMap(node);
    if (!isSeq(node)) return null;
    return node.items.map((item, index) => {
      path.push(index);
      // In `[a: b]` the list holds a bare pair, which is short for a map of one field.
      const value = isPair(item) ? readFields([item], startOf(item.key)) : readValue(item);
      path.pop();
      return value;
    });
  };

  const followAlias = (alias: Alias): unknown => {
    const offset = startOf(alias);
    aliases += 1;
    if (aliases === MAX_ALIASES + 1) {
      report('too_many_aliases', offset, `The document uses more than ${MAX_ALIASES} aliases.`);
    }
    if (aliases > MAX_ALIASES) return null;
    const anchored = anchors.get(alias.source);
    if (anchored === undefined) {
      // The name is not told: it may be a password that begins with an asterisk.
      const hint = 'Quote the text if the asterisk is part of it.';
      return report('yaml_syntax', offset, 'This alias (*) has no anchor above it.', hint);
    }
    if (anchored === null) return report('yaml_syntax', offset, 'This alias stands for a value that holds it.');
    size += anchored.size;
    if (size <= MAX_VALUES) return anchored.value;
    return report('too_many_aliases', offset, `With its aliases followed, the document has over ${MAX_VALUES} values.`);
  };

  const readMap = (map: YAMLMap): unknown => readFields(map.items, startOf(map), map);

  const readFields = (pairs: readonly Pair[], mapStart: number, map?: YAMLMap): Record<string, unknown> => {
    const fields: Record<string, unknown> = {};
    for (const { key, value } of pairs) {
      const offset = isScalar(key) || isMap(key) || isSeq(key) || isAlias(key) ? startOf(key) : mapStart;
      const name = readKey(key, offset, fields, map);
      if (name === null) continue;
      path.push(name);
      fields[name] = readValue(value);
      path.pop();
    }
    return fields;
  };

  const readKey = (key: unknown, offset: number, fields: object, map: YAMLMap | undefined): string | null => {
    if (!isScalar(key) || typeof key.value !== 'string') {
      const isJinja = map?.flow === true && isMap(key) && key.flow === true;
      const [message, hint] = isJinja
        ? [
            'YAML reads this {{ as a map within a map, not as a text.',
            "If it is Jinja, put quotes around the whole text: '{{ name }}'.",
          ]
        : ['The name of a field must be a text.', 'Put the name in quotes.'];
      return report('wrong_type', offset, message, hint);
    }
    const name = key.value;
    if (name === '<<' && key.type === 'PLAIN') {
      const message = 'Merge keys (<<) belong to YAML 1.1 and are not read.';
      return report('merge_key', offset, message, 'Write the fields out, or use an alias for a whole value.');
    }
    if (name === '__proto__') return report('unknown_field', offset, 'No field is called "__proto__".');
    if (!Object.hasOwn(fields, name)) return name;
    path.push(name);
    report('duplicate_key', offset, `The field ${quoteName(name)} stands twice in one map.`, 'Remove one of the two.');
    path.pop();
    return null;
  };

  const readScalar = (scalar: Scalar): unknown => {
    const { value } = scalar;
    const offset = startOf(scalar);
    if (typeof value === 'number') return checkNumber(value, offset);
    if (typeof value !== 'string') return value;
    if (value.includes('\0')) {
      return report('nul_character', offset, 'The text holds a NUL character, which the server cannot store.');
    }
    if (value.isWellFormed()) return value;
    return report('invalid_utf8', offset, 'The text holds half a surrogate pair, which UTF-8 cannot encode.');
  };

  const checkNumber = (value: number, offset: number): unknown => {
    if (!Number.isFinite(value)) return report('wrong_type', offset, 'This number is infinite, or not a number.');
    if (!Number.isInteger(value) || Number.isSafeInteger(value)) return value;
    const hint = 'Put it in quotes if it is a text.';
    return report('unsafe_integer', offset, 'This whole number is beyond 2^53, where digits get lost.', hint);
  };

  return { value: readValue(document.contents), size, faults };
}

/** Where a node begins in the text. */
export function startOf(node: unknown): number {
  if (isScalar(node) || isMap(node) || isSeq(node) || isAlias(node)) return node.range?.[0] ?? 0;
  return 0;
}
