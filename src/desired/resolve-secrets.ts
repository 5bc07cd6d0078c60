/** `${env:NAME}` and `${secret:name}` in the texts of a definition, replaced by what they stand for. */

import type { JsonPointer } from '../model/connector.ts';
import { formatPointer } from '../model/pointer.ts';
import { looksLikeToken } from '../model/token-like.ts';
import type { Fault } from './fault.ts';
import { fault } from './fault.ts';
import type { LookUpPlaceholder, PlaceholderKind, PlaceholderLookup } from './placeholder-source.ts';

/**
 * `required`: a value that cannot be had is an error (plan, sync, run). `optional`: it is a warning, and the text stays
 * as it was written (validate). What is forbidden or malformed is an error in both.
 */
export type ValuesMode = 'required' | 'optional';

export interface Resolution {
  /** The fields with their texts resolved; those that hold no placeholder are the same objects. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Texts that held a placeholder, resolved or not: they must never be shown. */
  readonly secretPaths: readonly JsonPointer[];
  /** Of these, the texts that could not be resolved and are as they were written. */
  readonly unresolvedPaths: ReadonlySet<JsonPointer>;
  readonly faults: readonly Fault[];
}

/** Texts of one definition may grow so long by resolving, in UTF-16 units. */
const MAX_RESOLVED_LENGTH = 1024 * 1024;
/** Placeholders of one definition; each may cost a look at the disc. */
export const MAX_PLACEHOLDERS = 100;

/** Fields whose texts are taken as they are: they say what databar-sync does, and decide before secrets are known. */
const NEVER_RESOLVED: ReadonlySet<string> = new Set(['id', 'sync']);

/** Resolve every text of a definition. Names of fields are no texts; resolved values are not resolved again. */
export function resolveSecrets(
  fields: Readonly<Record<string, unknown>>,
  lookUp: LookUpPlaceholder,
  mode: ValuesMode,
): Resolution {
  const secretPaths: JsonPointer[] = [];
  const unresolvedPaths = new Set<JsonPointer>();
  const faults: Fault[] = [];
  const path: (string | number)[] = [];
  let length = 0;
  let placeholders = 0;

  const refuse = (pointer: JsonPointer, refusal: Fault): void => {
    unresolvedPaths.add(pointer);
    if (!faults.some(({ path, message }) => path === pointer && message === refusal.message)) faults.push(refusal);
  };

  const resolveValue = (value: unknown): unknown => {
    if (typeof value === 'string') return value.includes('${') ? resolveText(value) : value;
    if (Array.isArray(value)) return value.map((item: unknown, index) => within(index, item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, within(name, item)]));
  };

  const within = (segment: string | number, value: unknown): unknown => {
    path.push(segment);
    const resolved = resolveValue(value);
    path.pop();
    return resolved;
  };

  const resolveText = (text: string): string => {
    const pointer = formatPointer(path);
    let resolved = '';
    let isSecret = false;
    for (const part of splitText(text)) {
      if (part.kind === 'literal') {
        resolved += part.text;
        continue;
      }
      isSecret = true;
      placeholders += 1;
      if (placeholders > MAX_PLACEHOLDERS) {
        const message = `The definition holds more than ${MAX_PLACEHOLDERS} placeholders.`;
        refuse(pointer, fault('placeholder_forbidden', pointer, message));
        break;
      }
      const looked = part.kind === 'placeholder' ? lookUp(part.source, part.name) : part.lookup;
      if (looked.status === 'refused') {
        refuse(pointer, faultOf(looked, pointer, mode));
      } else if (length + resolved.length + looked.value.length > MAX_RESOLVED_LENGTH) {
        refuse(pointer, tooLong(pointer));
      } else {
        resolved += looked.value;
      }
    }
    if (isSecret) secretPaths.push(pointer);
    if (unresolvedPaths.has(pointer)) return text;
    length += resolved.length;
    return resolved;
  };

  const resolved: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    resolved[name] = NEVER_RESOLVED.has(name) ? value : within(name, value);
  }
  return { fields: resolved, secretPaths, unresolvedPaths, faults };
}

/** The resolution of a definition that holds no placeholder. */
export function nothingToResolve(fields: Readonly<Record<string, unknown>>): Resolution {
  return { fields, secretPaths: [], unresolvedPaths: new Set(), faults: [] };
}

type TextPart =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'placeholder'; readonly source: PlaceholderKind; readonly name: string }
  | { readonly kind: 'malformed'; readonly lookup: PlaceholderLookup & { readonly status: 'refused' } };

/** Split a text at its placeholders; the first malformed one ends the split. */
function splitText(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (let at = text.indexOf('${'); at !== -1; at = text.indexOf('${', from)) {
    if (text[at - 1] === '$') {
      parts.push({ kind: 'literal', text: `${text.slice(from, at - 1)}\${` });
      from = at + 2;
      continue;
    }
    parts.push({ kind: 'literal', text: text.slice(from, at) });
    const end = text.indexOf('}', at);
    const part = readPlaceholder(end === -1 ? null : text.slice(at + 2, end));
    parts.push(part);
    if (part.kind === 'malformed') return parts;
    from = end + 1;
  }
  parts.push({ kind: 'literal', text: text.slice(from) });
  return parts;
}

const ESCAPE_HINT = 'Write ${env:CONNECTOR_NAME} for a variable, ${secret:name} for a file, or $${ for a literal ${.';

function readPlaceholder(inner: string | null): TextPart {
  if (inner === null || inner.includes('${') || inner.includes('\n')) {
    return malformed('placeholder_syntax', 'A ${ is not closed by a }.');
  }
  const colon = inner.indexOf(':');
  const source = inner.slice(0, Math.max(colon, 0));
  if (source === 'env' || source === 'secret') return { kind: 'placeholder', source, name: inner.slice(colon + 1) };
  if (inner.startsWith('{')) {
    return malformed(
      'placeholder_unknown',
      'Expressions of a CI system, ${{ }}, are not read in definitions.',
      CI_HINT,
    );
  }
  const meant = meantPlaceholder(inner);
  if (meant !== null) {
    const message = 'A placeholder is written ${env:NAME} or ${secret:name}: its kind in lower case, and no spaces.';
    return malformed('placeholder_unknown', message, `Did you mean "${meant}"?`);
  }
  // Only a short word is shown: anything else may be a value that was pasted here.
  const known = 'known are ${env:NAME} and ${secret:name}';
  return /^[a-z]{1,12}$/.test(source)
    ? malformed('placeholder_unknown', `There is no placeholder of the kind "${source}"; ${known}.`)
    : malformed('placeholder_unknown', `A placeholder of an unknown kind; ${known}.`);
}

/**
 * What somebody meant who left the kind out, or wrote it in another case or with spaces around it; null when that is not
 * plain. Only a name of upper case letters is quoted, as variables have them: anything else may be a value.
 */
function meantPlaceholder(inner: string): string | null {
  const [, kind, name = ''] = /^\s*(?:(env|secret)\s*:\s*)?([A-Z][A-Z_]*_[A-Z_]*[A-Z])\s*$/i.exec(inner) ?? [];
  if (name === '' || name !== name.toUpperCase() || looksLikeToken(name)) return null;
  return `\${${(kind ?? 'env').toLowerCase()}:${name}}`;
}

const CI_HINT = 'Let the CI system set an environment variable, and write ${env:CONNECTOR_NAME}.';

function malformed(code: 'placeholder_syntax' | 'placeholder_unknown', message: string, hint = ESCAPE_HINT): TextPart {
  return { kind: 'malformed', lookup: { status: 'refused', code, message, hint } };
}

const ABSENT_HINT = 'That is fine, if it can be read where databar-sync runs.';

function faultOf(looked: PlaceholderLookup & { status: 'refused' }, path: JsonPointer, mode: ValuesMode): Fault {
  const { code, message, hint } = looked;
  const mayBeAbsent = code === 'placeholder_unset' || code === 'placeholder_unreadable';
  if (mode === 'required' || !mayBeAbsent) return fault(code, path, message, { hint });
  return fault(code, path, message, { hint: ABSENT_HINT, severity: 'warning' });
}

function tooLong(path: JsonPointer): Fault {
  return fault(
    'too_long',
    path,
    `With its placeholders resolved, the definition is longer than ${MAX_RESOLVED_LENGTH}.`,
  );
}
