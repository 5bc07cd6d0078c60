/**
 * The rules about what texts say, after the schema has spoken about their types and with placeholders resolved.
 * Anything of another type than expected is passed over here: the schema tells it.
 */

import type { JsonPointer } from '../model/connector.ts';
import { formatPointer } from '../model/pointer.ts';
import { nearestName } from '../model/nearest-name.ts';
import { explainIgnorePointer } from './check-ignore-pointer.ts';
import { explainUrl } from './check-url.ts';
import { MAX_LENGTHS, METHODS, TYPES } from './definition-schema.ts';
import { REF_PATTERN } from './definition-key.ts';
import type { Fault } from './fault.ts';
import { fault, MAX_FAULTS, quoteName } from './fault.ts';
import type { Resolution } from './resolve-secrets.ts';

/** RFC 9110, 5.6.2. */
const HTTP_TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Check every text that could be resolved; at most {@link MAX_FAULTS} faults, none of which quotes a secret. */
export function checkValues({ fields, secretPaths, unresolvedPaths }: Resolution): readonly Fault[] {
  const faults: Fault[] = [];
  const secret = new Set(secretPaths);
  const check = (value: unknown, path: JsonPointer, rule: (text: string) => Fault | null): void => {
    if (typeof value !== 'string' || unresolvedPaths.has(path) || faults.length >= MAX_FAULTS) return;
    const found = rule(value);
    if (found !== null) faults.push(found);
  };

  check(fields['name'], '/name', (name) => checkBlank(name) ?? checkLength('name', name));
  check(fields['type'], '/type', (type) => checkWord('type', type, TYPES, secret.has('/type')));
  check(fields['method'], '/method', (method) => checkWord('method', method, METHODS, secret.has('/method')));
  check(fields['url'], '/url', (url) => checkLength('url', url) ?? checkUrl(url));
  check(fields['body_template'], '/body_template', (template) => checkLength('body_template', template));
  for (const [index, header] of entriesOf(fields['headers'])) {
    const namePath = formatPointer(['headers', index, 'name']);
    const valuePath = formatPointer(['headers', index, 'value']);
    check(header['name'], namePath, (name) => checkHeaderName(name, namePath));
    check(header['value'], valuePath, (value) => checkHeaderValue(value, valuePath));
  }
  const sync = asMap(fields['sync']);
  check(sync['ref'], '/sync/ref', checkRef);
  for (const [index, pointer] of listOf(sync['ignore']).entries()) {
    const path = formatPointer(['sync', 'ignore', index]);
    check(pointer, path, (text) => checkIgnore(text, path));
  }
  return faults;
}

function checkBlank(name: string): Fault | null {
  return name.trim() === '' ? fault('not_allowed', '/name', 'The name is blank.') : null;
}

function checkLength(field: keyof typeof MAX_LENGTHS, text: string): Fault | null {
  const max = MAX_LENGTHS[field];
  if (text.length <= max) return null;
  let length = 0;
  for (const _ of text) length += 1;
  return length <= max
    ? null
    : fault('too_long', `/${field}`, `The ${field} has ${length} characters; the limit is ${max}.`);
}

function checkWord(field: string, word: string, words: readonly string[], isSecret: boolean): Fault | null {
  if (words.includes(word.toLowerCase())) return null;
  const expected = `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
  const found = isSecret || word.length > 40 ? '' : `; found ${quoteName(word)}`;
  const nearest = isSecret ? null : nearestName(word, words);
  const hint = nearest === null ? null : `Did you mean "${nearest}"?`;
  return fault('not_allowed', `/${field}`, `The ${field} must be ${expected}${found}.`, { hint });
}

function checkUrl(url: string): Fault | null {
  const complaint = explainUrl(url);
  return complaint === null ? null : fault('invalid_url', '/url', complaint.message, { hint: complaint.hint });
}

function checkHeaderName(name: string, path: JsonPointer): Fault | null {
  if (HTTP_TOKEN.test(name)) return null;
  const message =
    name === '' ? 'The name of a header is empty.' : 'The name of a header holds a character that HTTP does not allow.';
  const hint = name.includes(':')
    ? 'What follows the colon belongs into "value".'
    : 'Use letters, digits and hyphens, without spaces.';
  return fault('invalid_header_name', path, message, { hint });
}

function checkHeaderValue(value: string, path: JsonPointer): Fault | null {
  if (!/[\r\n]/.test(value) && !value.includes('\0')) return null;
  const hint = 'For a text written as a block, use |- or >-, which leave out the line break at the end.';
  return fault('invalid_header_value', path, 'The value of a header holds a line break or a NUL.', { hint });
}

function checkRef(ref: string): Fault | null {
  if (REF_PATTERN.test(ref)) return null;
  const message = 'A ref has 1 to 100 letters, digits, dots, hyphens or underscores and begins with a letter or digit.';
  return fault('not_allowed', '/sync/ref', message);
}

function checkIgnore(pointer: string, path: JsonPointer): Fault | null {
  const complaint = explainIgnorePointer(pointer);
  return complaint === null ? null : fault('invalid_pointer', path, complaint.message, { hint: complaint.hint });
}

function entriesOf(list: unknown): readonly (readonly [number, Readonly<Record<string, unknown>>])[] {
  return listOf(list).map((entry, index) => [index, asMap(entry)] as const);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function asMap(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
