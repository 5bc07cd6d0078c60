/**
 * The sandbox's own reading of the schema `ConnectorCreate`, written by hand from the API reference so that it can
 * judge what databar-sync sends independently of databar-sync's validator. Wording and codes are those of Pydantic,
 * which the real API speaks. Stricter than Pydantic in one way: nothing is coerced, so `"5"` is not an integer.
 */

import type { SandboxConnectorInput } from './sandbox-connector.ts';

/** One entry of a 422 (`ValidationError` in the reference). */
export interface BodyFault {
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly type: string;
}

export type CheckedBody =
  | { readonly ok: true; readonly input: SandboxConnectorInput }
  | { readonly ok: false; readonly faults: readonly BodyFault[] };

type Loc = readonly (string | number)[];
type Check = (value: unknown, loc: Loc, faults: BodyFault[]) => void;

const FIELDS: Readonly<Record<keyof SandboxConnectorInput, { readonly required: boolean; readonly check: Check }>> = {
  name: { required: true, check: text(256) },
  type: { required: false, check: text() },
  method: { required: true, check: text() },
  url: { required: true, check: text(512) },
  headers: { required: false, check: pairs },
  parameters: { required: false, check: pairs },
  body: { required: false, check: pairs },
  body_template: { required: false, check: orNull(text(2048)) },
  rate_limit: { required: false, check: orNull(atLeastOne) },
  max_concurrency: { required: false, check: orNull(atLeastOne) },
};

/** Fields that a connector can have. */
export const INPUT_FIELDS: readonly string[] = Object.keys(FIELDS);

/** Judge the JSON text of a request body. Unknown fields are left out, as FastAPI does. */
export function checkBody(json: string): CheckedBody {
  if (json === '') return { ok: false, faults: [{ loc: ['body'], msg: 'Field required', type: 'missing' }] };
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return { ok: false, faults: [{ loc: ['body', 0], msg: 'JSON decode error', type: 'json_invalid' }] };
  }
  return checkValue(value);
}

/** Judge a body that has been parsed. */
export function checkValue(value: unknown): CheckedBody {
  const faults: BodyFault[] = [];
  if (!isObject(value)) {
    notAnObject(['body'], faults);
    return { ok: false, faults };
  }
  const known: Record<string, unknown> = {};
  for (const [name, { required, check }] of Object.entries(FIELDS)) {
    const loc = ['body', name];
    if (Object.hasOwn(value, name)) {
      check(value[name], loc, faults);
      known[name] = value[name];
    } else if (required) {
      faults.push({ loc, msg: 'Field required', type: 'missing' });
    }
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, input: known as unknown as SandboxConnectorInput };
}

/** @param maxLength in Unicode code points. */
function text(maxLength = Number.POSITIVE_INFINITY): Check {
  return (value, loc, faults) => {
    if (typeof value !== 'string') {
      faults.push({ loc, msg: 'Input should be a valid string', type: 'string_type' });
    } else if (!value.isWellFormed()) {
      faults.push({ loc, msg: 'Input should be a valid string, unable to parse raw data', type: 'string_unicode' });
    } else if (value.length > maxLength && codePoints(value) > maxLength) {
      faults.push({ loc, msg: `String should have at most ${maxLength} characters`, type: 'string_too_long' });
    }
  };
}

function codePoints(value: string): number {
  let count = 0;
  for (const _ of value) count += 1;
  return count;
}

function orNull(check: Check): Check {
  return (value, loc, faults) => {
    if (value !== null) check(value, loc, faults);
  };
}

function atLeastOne(value: unknown, loc: Loc, faults: BodyFault[]): void {
  if (typeof value !== 'number') {
    faults.push({ loc, msg: 'Input should be a valid integer', type: 'int_type' });
  } else if (!Number.isInteger(value)) {
    const msg = 'Input should be a valid integer, got a number with a fractional part';
    faults.push({ loc, msg, type: 'int_from_float' });
  } else if (value < 1) {
    faults.push({ loc, msg: 'Input should be greater than or equal to 1', type: 'greater_than_equal' });
  }
}

function pairs(value: unknown, loc: Loc, faults: BodyFault[]): void {
  if (!Array.isArray(value)) {
    faults.push({ loc, msg: 'Input should be a valid list', type: 'list_type' });
    return;
  }
  for (const [index, entry] of (value as unknown[]).entries()) {
    const at = [...loc, index];
    if (!isObject(entry)) {
      notAnObject(at, faults);
      continue;
    }
    if (Object.hasOwn(entry, 'name')) text()(entry['name'], [...at, 'name'], faults);
    else faults.push({ loc: [...at, 'name'], msg: 'Field required', type: 'missing' });
    if (Object.hasOwn(entry, 'value')) text()(entry['value'], [...at, 'value'], faults);
  }
}

function notAnObject(loc: Loc, faults: BodyFault[]): void {
  const msg = 'Input should be a valid dictionary or object to extract fields from';
  faults.push({ loc, msg, type: 'model_attributes_type' });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
