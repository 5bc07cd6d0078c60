/** Ajv's errors as sentences for somebody who writes YAML and has never seen a JSON Schema. */

import type { ErrorObject } from 'ajv/dist/2020.js';

import { formatPointer, parsePointer, valueAt } from '../model/pointer.ts';
import type { Fault } from './fault.ts';
import { fault, quoteName } from './fault.ts';
import { hintForType, hintForUnknown } from './field-hints.ts';

/** Turn one structural error into a fault; `root` is what was validated. */
export function explainSchemaError(error: ErrorObject, root: unknown): Fault {
  const segments = parsePointer(error.instancePath);
  const params = error.params as Readonly<Record<string, unknown>>;
  const where = describePlace(segments);
  switch (error.keyword) {
    case 'required': {
      const field = String(params['missingProperty']);
      const path = formatPointer([...segments, field]);
      const message = `${where} needs the field "${field}", which is missing.`;
      return fault('missing_field', path, message, { hint: segments.length === 0 ? (EXAMPLES[field] ?? null) : null });
    }
    case 'additionalProperties': {
      const field = String(params['additionalProperty']);
      // A key that long is a text in the wrong place; in a path it would only be noise.
      const path = field.length > 100 ? error.instancePath : formatPointer([...segments, field]);
      const hint = hintForUnknown(field, segments);
      return fault('unknown_field', path, `${where} has no field ${quoteName(field)}.`, { at: 'key', hint });
    }
    case 'minimum': {
      const message = `${where} must be at least ${String(params['limit'])}.`;
      const hint = segments.length === 1 && segments[0] !== 'id' ? 'Leave the field out for no limit.' : null;
      return fault('too_small', error.instancePath, message, { hint });
    }
    case 'maxLength':
      return fault('too_long', error.instancePath, `${where} is longer than ${String(params['limit'])} characters.`);
    default: {
      const expected = [params['type']].flat().map(String);
      const value = valueAt(root, error.instancePath);
      const message = `${where} must be ${describeExpected(expected)}; found ${describeFound(value, segments)}.`;
      return fault('wrong_type', error.instancePath, message, { hint: hintForType(expected, value, segments) });
    }
  }
}

const EXAMPLES: Readonly<Record<string, string>> = {
  name: 'Add a line such as "name: Lead score".',
  method: 'Add a line such as "method: get".',
  url: 'Add a line such as "url: https://api.example.com/v1".',
};

/** How a place is called in a sentence: "The definition", `The field "url"`, `Entry 2 of "headers"`. */
function describePlace(segments: readonly string[]): string {
  const [first, second, third] = segments;
  if (first === undefined) return 'The definition';
  if (second === undefined) return `The field "${first}"`;
  if (first === 'sync' && third === undefined) return `The field "sync.${second}"`;
  if (first === 'sync') return `Entry ${Number(third) + 1} of "sync.${second}"`;
  const entry = `ntry ${Number(second) + 1} of "${first}"`;
  return third === undefined ? `E${entry}` : `The ${third} of e${entry}`;
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
};

function describeExpected(types: readonly string[]): string {
  return types.flatMap((type) => EXPECTED[type] ?? []).join(' or ') || 'another value';
}

/** Fields whose values are no secrets, so that a short one may be quoted. */
const QUOTABLE: ReadonlySet<string> = new Set(['type', 'method', 'rate_limit', 'max_concurrency', 'id', 'sync']);

function describeFound(value: unknown, [field]: readonly string[]): string {
  const isQuotable = field !== undefined && QUOTABLE.has(field);
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'string') {
    return isQuotable && value.length <= 40 ? `the text ${JSON.stringify(value)}` : 'a text';
  }
  if (typeof value === 'boolean') return String(value);
  return isQuotable && typeof value === 'number' ? `the number ${value}` : 'a number';
}
