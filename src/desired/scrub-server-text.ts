/** The server's words about a definition, as far as they repeat none of its secrets. */

import type { ConnectorConfig, NameValue, ValidConnector } from '../model/connector.ts';
import { looksLikeCredential } from '../model/credential-name.ts';
import { valueAt } from '../model/pointer.ts';
import { readingsOf } from '../model/readings.ts';
import { secretsInUrl } from './secrets-in-url.ts';

/** Shorter values are too common in any text to tell a repetition from chance. */
const MIN_SECRET_LENGTH = 4;
/** An answer may repeat a value cut short: so many characters of it in a row count as a repetition. */
const WINDOW = 8;
const MAX_TEXT_LENGTH = 300;

/**
 * The text on one line, cut at 300 characters; null when it is empty or repeats, wholly or in part, a value of a
 * header, of a placeholder, or of something whose name looks like a credential. Escaped or encoded counts as repeated.
 */
export function scrubServerText(text: string, repeatsSecret: RepeatsSecret): string | null {
  const line = onOneLine(text);
  return line === '' || repeatsSecret(line) ? null : Array.from(line).slice(0, MAX_TEXT_LENGTH).join('');
}

/** Whether a text, in any way of reading it, repeats a secret of a definition. */
export type RepeatsSecret = (text: string) => boolean;

export function createRepetitionTest({ config, secretPaths }: ValidConnector): RepeatsSecret {
  const secrets = [...new Set(secretsOf(config, secretPaths).flatMap((secret) => [secret, onOneLine(secret)]))]
    .map((secret) => secret.toLowerCase())
    .filter(({ length }) => length >= MIN_SECRET_LENGTH);
  const pieces = new Set(secrets.flatMap(windowsOf));
  return (text) =>
    readingsOf(text)
      .map((reading) => onOneLine(reading).toLowerCase())
      .some(
        (line) =>
          windowsOf(line).some((window) => pieces.has(window)) || secrets.some((secret) => line.includes(secret)),
      );
}

function onOneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
}

function windowsOf(text: string): readonly string[] {
  return Array.from({ length: Math.max(text.length - WINDOW + 1, 0) }, (_, at) => text.slice(at, at + WINDOW));
}

function secretsOf(config: ConnectorConfig, secretPaths: readonly string[]): readonly string[] {
  const resolved = secretPaths.map((path) => valueAt(config, path)).filter((value) => typeof value === 'string');
  const named = [...config.parameters, ...config.body].filter(({ name }) => looksLikeCredential(name));
  return [
    ...[...config.headers, ...named].flatMap(({ value }: NameValue) => [value, ...behindScheme(value)]),
    ...resolved.flatMap((value) => [value, ...behindScheme(value)]),
    ...secretsInUrl(config.url),
  ];
}

/** What follows a first word, such as the token of `Bearer <token>`; of `Basic` also the password in it. */
function behindScheme(value: string): readonly string[] {
  const [, scheme = '', rest = ''] = /^\s*(\S+)\s+(\S.*)$/su.exec(value) ?? [];
  if (rest === '') return [];
  const pair = scheme.toLowerCase() === 'basic' ? Buffer.from(rest, 'base64').toString('utf8') : '';
  return [rest, pair, pair.slice(pair.indexOf(':') + 1)];
}
