/** `sync.ignore`: each entry is a JSON Pointer to something a connector has. */

import { CONNECTOR_FIELDS } from '../model/connector.ts';
import { nearestName } from '../model/nearest-name.ts';
import { formatPointer, parsePointer } from '../model/pointer.ts';

const LISTS: ReadonlySet<string> = new Set(['headers', 'parameters', 'body']);

export interface PointerComplaint {
  readonly message: string;
  readonly hint: string | null;
}

/** Why an entry points at nothing that a connector can have; null when it does. */
export function explainIgnorePointer(pointer: string): PointerComplaint | null {
  if (/~(?![01])/.test(pointer)) return complaint('In a JSON Pointer, ~ is written ~0, and / within a name ~1.');
  const [first, ...rest] = pointer.startsWith('/') ? parsePointer(pointer) : [pointer];
  const field = CONNECTOR_FIELDS.find((known) => known === first);
  if (field === undefined) {
    const nearest = nearestName(first ?? '', CONNECTOR_FIELDS);
    const hint = nearest === null ? `Begin with one of /${CONNECTOR_FIELDS.join(', /')}.` : didYouMean(nearest, rest);
    return complaint('A connector has no field that this JSON Pointer begins with.', hint);
  }
  if (!pointer.startsWith('/')) return complaint('A JSON Pointer begins with a slash.', didYouMean(field, rest));
  const [index, part, ...tooMany] = rest;
  if (index === undefined) return null;
  const isList = LISTS.has(field);
  const exists = isList && /^(?:0|[1-9]\d{0,8})$/.test(index) && (part === undefined || isPart(part));
  if (exists && tooMany.length === 0) return null;
  const hint = isList ? `Write /${field}, /${field}/0 or /${field}/0/value.` : `Write /${field}.`;
  return complaint('A connector has nothing where this JSON Pointer leads.', hint);
}

function isPart(part: string): boolean {
  return part === 'name' || part === 'value';
}

function didYouMean(field: string, rest: readonly string[]): string | null {
  return rest.length > 3 ? `Did you mean "/${field}"?` : `Did you mean "${formatPointer([field, ...rest])}"?`;
}

function complaint(message: string, hint: string | null = null): PointerComplaint {
  return { message, hint };
}
