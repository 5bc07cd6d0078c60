/**
 * What a definition may say and most likely should not: doubts, which become warnings. The definition as it was written
 * is judged, for a secret that came from a placeholder is where it belongs. What is not of its type is passed over: the
 * schema tells it. Nothing is quoted that may be a secret.
 */

import type { JsonPointer } from '../model/connector.ts';
import { looksLikeCredential } from '../model/credential-name.ts';
import { formatPointer } from '../model/pointer.ts';
import type { Fault } from './fault.ts';
import { fault, quoteName } from './fault.ts';
import { findJinjaSlip } from './find-jinja-slip.ts';
import { looksLikeSecret } from './looks-like-secret.ts';
import { secretsInUrl } from './secrets-in-url.ts';

type ListField = 'headers' | 'parameters' | 'body';

interface Entry {
  readonly name: string;
  readonly value: string;
}

/** The texts of a definition; those that are none are empty. */
interface Texts extends Readonly<Record<ListField, readonly Entry[]>> {
  readonly url: string;
  readonly method: string;
  readonly template: string;
}

/** Every doubt about one definition. `envPrefix`: what readable variables begin with. */
export function findDoubts(fields: Readonly<Record<string, unknown>>, envPrefix: string): readonly Fault[] {
  const written: Texts = {
    url: textOf(fields['url']),
    method: textOf(fields['method']),
    template: textOf(fields['body_template']),
    headers: entriesOf(fields['headers']),
    parameters: entriesOf(fields['parameters']),
    body: entriesOf(fields['body']),
  };
  const texts = textsOf(written);
  return [
    ...doubtUrl(written.url),
    ...doubtBody(written),
    ...duplicateHeaders(written.headers),
    ...secretsInLists(written),
    ...secretsInTemplate(written.template),
    ...texts.flatMap(([path, text]) => findJinjaSlip(text, path)),
    ...texts.flatMap(([path, text]) => findBareVariable(text, path, envPrefix)),
  ];
}

const HIDE_HINT =
  'Write ${env:CONNECTOR_NAME} or ${secret:name} instead, and exchange the secret: it stays in the history of the files.';

function doubtUrl(url: string): readonly Fault[] {
  const faults: Fault[] = [];
  if (/^http:\/\//i.test(url)) {
    const message = 'With http:// the request, with its headers and secrets, travels in clear text.';
    faults.push(doubt('insecure_url', '/url', message, 'Write https://, if the service offers it.'));
  }
  if (secretsInUrl(url).some((secret) => looksLikeSecret(secret, 'credential'))) {
    faults.push(doubt('secret_in_clear', '/url', 'The URL holds a password or a key in clear.', HIDE_HINT));
  }
  return faults;
}

function doubtBody({ method, body, template }: Texts): readonly Fault[] {
  const faults: Fault[] = [];
  const hasTemplate = template !== '';
  if (hasTemplate && body.length > 0) {
    const message = 'The list "body" has no effect: the "body_template" takes its place.';
    faults.push(doubt('body_ignored', '/body', message, 'Remove one of the two.', 'key'));
  }
  if (method.toLowerCase() === 'get' && (hasTemplate || body.length > 0)) {
    const path = hasTemplate ? '/body_template' : '/body';
    const message = 'The method is get, and many servers ignore the body of a GET request, or refuse it.';
    faults.push(doubt('body_with_get', path, message, 'Use "parameters", or the method post.', 'key'));
  }
  return faults;
}

function duplicateHeaders(headers: readonly Entry[]): readonly Fault[] {
  const seen = new Map<string, number>();
  return headers.flatMap(({ name }, index) => {
    const first = seen.get(name.toLowerCase());
    if (first === undefined) seen.set(name.toLowerCase(), index);
    if (first === undefined || name === '' || name.includes('${')) return [];
    const message = `The header ${quoteName(name)} stands in entry ${first + 1} too; case makes no difference.`;
    return [doubt('duplicate_header', formatPointer(['headers', index, 'name']), message, 'Remove one of the two.')];
  });
}

function secretsInLists(written: Texts): readonly Fault[] {
  const lists: readonly ListField[] = ['headers', 'parameters', 'body'];
  return lists.flatMap((field) =>
    written[field].flatMap(({ name, value }, index) => {
      const isCredential = looksLikeCredential(name) && looksLikeSecret(value, 'credential');
      if (!isCredential && !looksLikeSecret(value, 'anything')) return [];
      const subject = field === 'headers' ? 'The header' : field === 'body' ? 'The body field' : 'The parameter';
      const named = name.includes('${') ? '' : ` ${quoteName(name)}`;
      const message = `${subject}${named} seems to hold a secret in clear.`;
      return [doubt('secret_in_clear', formatPointer([field, index, 'value']), message, HIDE_HINT)];
    }),
  );
}

/** `"api_key": "abc"` in a template of JSON. */
function secretsInTemplate(template: string): readonly Fault[] {
  const pairs = template.matchAll(/"(?<name>[^"\\]{1,80})"\s{0,8}:\s{0,8}"(?<value>[^"\\]{1,500})"/g);
  const holds = pairs.some(
    ({ groups }) =>
      looksLikeCredential(groups?.['name'] ?? '') && looksLikeSecret(groups?.['value'] ?? '', 'credential'),
  );
  const message = 'The template seems to hold a secret in clear.';
  return holds ? [doubt('secret_in_clear', '/body_template', message, HIDE_HINT)] : [];
}

/** `$CONNECTOR_TOKEN` is a shell's way to name a variable. */
function findBareVariable(text: string, path: JsonPointer, envPrefix: string): readonly Fault[] {
  if (envPrefix === '') return [];
  const at = text.indexOf(`$${envPrefix}`);
  if (at === -1 || text[at - 1] === '$') return [];
  const name = /^\w{1,80}/.exec(text.slice(at + 1))?.[0] ?? envPrefix;
  const message = `"$${name}" is sent as it stands: a variable is named in braces.`;
  return [doubt('not_a_placeholder', path, message, `Write \${env:${name}}.`)];
}

/** Texts that hold Jinja, placeholders or what is near to them, each with its place. */
function textsOf(written: Texts): readonly (readonly [JsonPointer, string])[] {
  const lists: readonly ListField[] = ['headers', 'parameters', 'body'];
  const found: (readonly [JsonPointer, string])[] = lists.flatMap((field) =>
    written[field].flatMap(({ value }, index) =>
      HAS_MARK.test(value) ? [[formatPointer([field, index, 'value']), value] as const] : [],
    ),
  );
  return [['/url', written.url], ...found, ['/body_template', written.template]];
}

const HAS_MARK = /[{$]/;

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function entriesOf(list: unknown): readonly Entry[] {
  if (!Array.isArray(list)) return [];
  return list.map((entry: unknown) => {
    const { name, value } = (typeof entry === 'object' && entry !== null ? entry : {}) as Record<string, unknown>;
    return { name: textOf(name), value: textOf(value) };
  });
}

function doubt(
  code: Fault['code'],
  path: JsonPointer,
  message: string,
  hint: string,
  at: 'key' | 'value' = 'value',
): Fault {
  return fault(code, path, message, { hint, at, severity: 'warning' });
}
