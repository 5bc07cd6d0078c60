/** RFC 6901 JSON Pointers over plain data. */

import type { JsonPointer } from './connector.ts';

export function formatPointer(segments: readonly (string | number)[]): JsonPointer {
  let pointer = '';
  for (const segment of segments) pointer += `/${typeof segment === 'string' ? escapeSegment(segment) : segment}`;
  return pointer;
}

/** Most need no escape, and pointers are made for every value that is looked at. */
function escapeSegment(segment: string): string {
  return /[~/]/u.test(segment) ? segment.replaceAll('~', '~0').replaceAll('/', '~1') : segment;
}

export function parsePointer(pointer: JsonPointer): readonly string[] {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The value at a pointer, or undefined where there is none. */
export function valueAt(root: unknown, pointer: JsonPointer): unknown {
  let value: unknown = root;
  for (const segment of parsePointer(pointer)) {
    if (typeof value !== 'object' || value === null || !holds(value, segment)) return undefined;
    value = (value as Record<string, unknown>)[segment];
  }
  return value;
}

/** A copy with another value at the pointer; the same object where the pointer leads nowhere. */
export function replaceAt<T>(root: T, pointer: JsonPointer, replacement: unknown): T {
  return replaceIn(root, parsePointer(pointer), replacement) as T;
}

function replaceIn(value: unknown, segments: readonly string[], replacement: unknown): unknown {
  const [head, ...rest] = segments;
  if (head === undefined) return replacement;
  if (typeof value !== 'object' || value === null || !holds(value, head)) return value;
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [...(value as unknown[])] : { ...value };
  const slots = copy as Record<string, unknown>;
  slots[head] = replaceIn(slots[head], rest, replacement);
  return copy;
}

/** The length of an array is its own, but nothing that a pointer leads to. */
function holds(value: object, segment: string): boolean {
  return Object.prototype.propertyIsEnumerable.call(value, segment);
}
