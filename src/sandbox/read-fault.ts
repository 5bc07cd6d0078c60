/** Faults from outside: checked JSON, and the short text of a command-line flag. */

import type { Fault, FaultKind } from './faults.ts';

/** A fault that makes no sense; the message says what was expected. */
export class FaultError extends Error {
  override readonly name = 'FaultError';
}

interface Field {
  readonly expected: string;
  readonly test: (value: unknown) => boolean;
  readonly required?: true;
}

const wholeNumber = (least: number, required?: true): Field => ({
  expected: `a whole number of at least ${least}`,
  test: (value) => Number.isSafeInteger(value) && Number(value) >= least,
  ...(required && { required }),
});
const anything: Field = { expected: 'any JSON', test: () => true };
const headerText: Field = {
  expected: 'a text fit for an HTTP header',
  test: (value) => typeof value === 'string' && /^[\t\u0020-\u007e\u0080-\u00ff]*$/u.test(value),
};
const status: Field = {
  expected: 'an HTTP status from 400 to 599',
  test: (value) => Number.isInteger(value) && Number(value) >= 400 && Number(value) <= 599,
  required: true,
};

const OPERATIONS: readonly unknown[] = ['list', 'create', 'get', 'update', 'delete', 'me', 'any'];

const TRIGGER_FIELDS: Readonly<Record<string, Field>> = {
  times: {
    expected: 'a whole number of at least 1, or Infinity',
    test: (value) => value === Number.POSITIVE_INFINITY || (Number.isSafeInteger(value) && Number(value) >= 1),
  },
  after: wholeNumber(0),
  probability: {
    expected: 'a number from 0 to 1',
    test: (value) => typeof value === 'number' && value >= 0 && value <= 1,
  },
};

const KIND_FIELDS: Readonly<Record<FaultKind, Readonly<Record<string, Field>>>> = {
  status: { status, retryAfter: headerText, detail: anything },
  'status-after-commit': { status, retryAfter: headerText, detail: anything },
  'reset-before-commit': {},
  'reset-after-commit': {},
  hang: {},
  'hang-after-commit': {},
  'late-commit': {
    delayMs: wholeNumber(0, true),
    close: { expected: 'true or false', test: (value) => typeof value === 'boolean' },
  },
  'slow-drip': { intervalMs: wholeNumber(0, true) },
  'truncated-json': {},
  'cut-body': {},
  'html-200': {},
  'header-flood': {},
  'wrong-shape': { body: anything },
  'redirect-307': { location: { ...headerText, required: true } },
  'huge-answer': { bytes: wholeNumber(2) },
  'echo-422': { shape: { expected: '"list" or "text"', test: (value) => value === 'list' || value === 'text' } },
  'stale-list': { changesAgo: wholeNumber(0) },
  'short-list': { count: wholeNumber(0, true) },
};

/** The field that `@` fills in the short text. */
const ARGUMENT: Readonly<Partial<Record<FaultKind, string>>> = {
  status: 'retryAfter',
  'status-after-commit': 'status',
  'late-commit': 'delayMs',
  'slow-drip': 'intervalMs',
  'redirect-307': 'location',
  'huge-answer': 'bytes',
  'echo-422': 'shape',
  'stale-list': 'changesAgo',
  'short-list': 'count',
};
const TEXT_ARGUMENTS: ReadonlySet<string> = new Set(['retryAfter', 'location', 'shape']);

/**
 * Check a fault that came as JSON. `times` may also be the text `"Infinity"`, which JSON has no number for.
 *
 * @throws FaultError naming the field and what was expected.
 */
export function checkFault(value: unknown): Fault {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new FaultError('A fault is an object such as {"on": "update", "kind": "status", "status": 503}.');
  }
  const fault: Record<string, unknown> = { ...value };
  if (fault['times'] === 'Infinity') fault['times'] = Number.POSITIVE_INFINITY;
  const { on, kind, ...rest } = fault;
  if (!OPERATIONS.includes(on)) {
    throw new FaultError(`"on" must be one of ${OPERATIONS.join(', ')}; it is ${show(on)}.`);
  }
  if (!isKind(kind)) {
    throw new FaultError(`"kind" must be one of ${Object.keys(KIND_FIELDS).join(', ')}; it is ${show(kind)}.`);
  }
  if ((kind === 'stale-list' || kind === 'short-list') && on !== 'list') {
    throw new FaultError(`${kind} befalls only "list"; "on" is ${show(on)}.`);
  }
  const fields: Readonly<Record<string, Field>> = { ...TRIGGER_FIELDS, ...KIND_FIELDS[kind] };
  for (const name of Object.keys(rest)) {
    if (!Object.hasOwn(fields, name)) {
      throw new FaultError(`${kind} has no field ${show(name)}; it knows ${Object.keys(fields).join(', ')}.`);
    }
  }
  for (const [name, field] of Object.entries(fields)) {
    const given = rest[name];
    if (given === undefined ? field.required === true : !field.test(given)) {
      throw new FaultError(`${show(name)} of ${kind} must be ${field.expected}; it is ${show(given)}.`);
    }
  }
  return fault as unknown as Fault;
}

/**
 * Read the short text of a fault, as the flag `--fault` takes it:
 *
 * ```
 * <on>:<what>[@<argument>][x<times>][+<after>][%<percent>]
 *
 * on       list, create, get, update, delete, me, any
 * what     an HTTP status from 400 to 599, or the name of a kind (see faults.ts)
 * argument for a status: Retry-After as it shall be sent. For a kind: status-after-commit@504, late-commit@<ms>,
 *          slow-drip@<ms>, redirect-307@<location>, huge-answer@<bytes>, echo-422@text, stale-list@<changes ago>,
 *          short-list@<count>
 * times    how many calls it befalls, or * for until cleared; default 1
 * after    how many matching calls pass unharmed first; default 0
 * percent  chance, 0 to 100; default 100
 * ```
 *
 * Examples: `update:503`, `create:reset-after-commit`, `list:429@30` (Retry-After 30), `any:500x3`,
 * `any:503x*%20`, `list:429@Wed, 21 Oct 2026 07:28:00 GMT`. An argument that itself ends like `x3`, `+3` or `%3`
 * cannot be written this way; `POST /_sandbox/faults` takes every fault as JSON.
 *
 * @throws FaultError quoting the text and saying what was expected.
 */
export function parseFault(text: string): Fault {
  const match =
    /^(?<on>[a-z]+):(?<what>[a-z0-9-]+?)(?:@(?<argument>.*?))?(?:x(?<times>\d+|\*))?(?:\+(?<after>\d+))?(?:%(?<percent>\d+))?$/u.exec(
      text.trim(),
    );
  if (match?.groups === undefined) {
    throw new FaultError(
      `Cannot read the fault ${show(text)}: expected <on>:<what>[@<argument>][x<times>][+<after>][%<percent>].`,
    );
  }
  const { on, what = '', argument, times, after, percent } = match.groups;
  const isStatus = /^\d+$/u.test(what);
  const fault: Record<string, unknown> = { on, kind: isStatus ? 'status' : what };
  if (isStatus) fault['status'] = Number(what);
  else if (what === 'status') {
    throw new FaultError(`Cannot read the fault ${show(text)}: write the status itself, such as ${String(on)}:503.`);
  }
  if (argument !== undefined) {
    const kind = fault['kind'];
    const field = isKind(kind) ? ARGUMENT[kind] : undefined;
    if (isKind(kind) && field === undefined) {
      throw new FaultError(`Cannot read the fault ${show(text)}: ${kind} takes no argument after "@".`);
    }
    if (field !== undefined) fault[field] = TEXT_ARGUMENTS.has(field) ? argument : toNumber(argument);
  }
  if (times !== undefined) fault['times'] = times === '*' ? Number.POSITIVE_INFINITY : Number(times);
  if (after !== undefined) fault['after'] = Number(after);
  if (percent !== undefined) fault['probability'] = Number(percent) / 100;
  try {
    return checkFault(fault);
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    throw new FaultError(`Cannot read the fault ${show(text)}: ${error.message}`, { cause: error });
  }
}

function isKind(kind: unknown): kind is FaultKind {
  return typeof kind === 'string' && Object.hasOwn(KIND_FIELDS, kind);
}

function toNumber(text: string): unknown {
  return /^\d+$/u.test(text) ? Number(text) : text;
}

function show(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value);
}
