/** What to do about a field that has no place, or the wrong kind of value. */

import { nearestName } from '../model/nearest-name.ts';
import { looksLikeToken } from '../model/token-like.ts';
import { definitionSchema } from './definition-schema.ts';

const FIELDS = Object.keys(definitionSchema.properties);
const SYNC_FIELDS = Object.keys(definitionSchema.properties.sync.properties);
const ENTRY_FIELDS = Object.keys(definitionSchema.$defs.NameValue.properties);
const LISTS: ReadonlySet<string | undefined> = new Set(['headers', 'parameters', 'body']);

/** What other tools call these fields, in lower case and without hyphens and underscores. */
const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ['title', 'name'],
  ['verb', 'method'],
  ['httpmethod', 'method'],
  ['uri', 'url'],
  ['endpoint', 'url'],
  ['params', 'parameters'],
  ['query', 'parameters'],
  ['queryparams', 'parameters'],
  ['queryparameters', 'parameters'],
  ['data', 'body'],
  ['json', 'body_template'],
  ['payload', 'body_template'],
  ['template', 'body_template'],
  ['rate', 'rate_limit'],
  ['concurrency', 'max_concurrency'],
]);
const ENTRY_SYNONYMS: ReadonlyMap<string, string> = new Map([
  ['key', 'name'],
  ['field', 'name'],
  ['header', 'name'],
  ['val', 'value'],
  ['default', 'value'],
]);

/** How an entry of a list is written; with its name, where one is known. */
export function entryHint(name = 'Accept'): string {
  return `Write a list of entries, each with a name and a value: - {name: ${name}, value: "..."}.`;
}

/** The field that one of another name most likely means; null when none is near. */
export function meantField(field: string, [first]: readonly string[]): string | null {
  const synonyms = first === undefined ? SYNONYMS : LISTS.has(first) ? ENTRY_SYNONYMS : null;
  return synonyms?.get(field.toLowerCase().replaceAll(/[-_]/g, '')) ?? nearestName(field, knownFields(first));
}

function knownFields(first: string | undefined): readonly string[] {
  return first === undefined ? FIELDS : first === 'sync' ? SYNC_FIELDS : ENTRY_FIELDS;
}

/** For a field that is not known; `segments` lead to the map that holds it. */
export function hintForUnknown(field: string, segments: readonly string[]): string | null {
  const [first] = segments;
  const isTop = first === undefined;
  const known = knownFields(first);
  const nearest = meantField(field, segments);
  if (nearest !== null) return `Did you mean "${nearest}"?`;
  if (isTop && SYNC_FIELDS.includes(field)) return `"${field}" belongs under "sync".`;
  if (isTop && field === 'created_at') return 'The server sets it; leave it out.';
  if (isTop && /^(?:description|comment|notes?)$/i.test(field)) return 'Write a comment: a line that begins with #.';
  if (known === ENTRY_FIELDS) return entryHint(isEntryName(field) ? field : undefined);
  return `Known fields: ${known.join(', ')}.`;
}

/** For a value of another type than expected. */
export function hintForType(expected: readonly string[], value: unknown, segments: readonly string[]): string | null {
  const [field, , third] = segments;
  if (expected.includes('array') || expected.includes('object')) {
    if (value === null) return 'Leave the field out when it is empty.';
    if (LISTS.has(field)) return entryHint(nameIn(value));
    if (field === 'sync' && expected.includes('object')) return 'Write a map, such as {protect: true}.';
    return typeof value === 'string' && expected.includes('array') ? 'Write a list, such as [/rate_limit].' : null;
  }
  if (expected.includes('string')) {
    if (value === null) return third === 'value' ? 'For an empty text, write "".' : 'Write it after the colon.';
    if (typeof value === 'number' || typeof value === 'boolean') return 'Put it in quotes.';
    if (field === 'body_template') return 'Write the template as a text: |- after the colon, its lines indented below.';
    return third === 'value' ? 'Write one text; what has parts of its own belongs into "body_template".' : null;
  }
  if (typeof value !== 'string') return null;
  if (value.includes('${')) return 'A placeholder always becomes a text; write the value itself.';
  if (expected.includes('boolean')) return 'Write true or false, without quotes.';
  if (/^\d+$/.test(value)) return 'Remove the quotes.';
  if (field === 'rate_limit') return 'Write requests per minute, as a plain number such as 60.';
  return null;
}

/** The first field of a map that stands where a list of entries belongs, when it looks like the name of one. */
function nameIn(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.keys(value).find((name) => !ENTRY_FIELDS.includes(name) && isEntryName(name));
}

/** Whether it reads like the name of an entry, and not like a token that was pasted in its place. */
function isEntryName(name: string): boolean {
  return /^[\w-]{1,60}$/.test(name) && !looksLikeToken(name);
}
