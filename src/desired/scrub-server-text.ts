/** The server's words about a definition, as far as they repeat none of its secrets. */

import type { ConnectorConfig, NameValue, ValidConnector } from '../model/connector.ts';
import { looksLikeCredential } from '../model/credential-name.ts';
import { valueAt } from '../model/pointer.ts';
import { secretsInUrl } from './secrets-in-url.ts';

/** Shorter values are too common in any text to tell a repetition from chance. */
const MIN_SECRET_LENGTH = 4;
/** An answer may repeat a value cut short: so many characters of it in a row count as a repetition. */
const WINDOW = 8;
const MAX_TEXT_LENGTH = 300;

/**
 * The text on one line, cut at 300 characters; null when it is empty or repeats, wholly or in part, a value of a
 * header, of a placeholder, or of something whose name looks like a credential.
 */
export function scrubServerText(text: string, { config, secretPaths }: ValidConnector): string | null {
  const line = Array.from(text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim())
    .slice(0, MAX_TEXT_LENGTH)
    .join('');
  if (line === '') return null;
  const secrets = secretsOf(config, secretPaths).flatMap(spellings).filter(isLongEnough);
  return secrets.some((secret) => repeats(line, secret)) ? null : line;
}

function isLongEnough(secret: string): boolean {
  return secret.length >= MIN_SECRET_LENGTH;
}

function repeats(line: string, secret: string): boolean {
  if (line.includes(secret)) return true;
  for (let at = 0; at + WINDOW <= line.length; at += 1) {
    if (secret.includes(line.slice(at, at + WINDOW))) return true;
  }
  return false;
}

function secretsOf(config: ConnectorConfig, secretPaths: readonly string[]): readonly string[] {
  const resolved = secretPaths.map((path) => valueAt(config, path)).filter((value) => typeof value === 'string');
  const named = [...config.parameters, ...config.body].filter(({ name }) => looksLikeCredential(name));
  return [
    ...[...config.headers, ...named].map(({ value }: NameValue) => value),
    ...resolved,
    ...secretsInUrl(config.url),
  ];
}

/** A value as it may be repeated: as it is, on one line, inside JSON, or percent-encoded. */
function spellings(secret: string): readonly string[] {
  const oneLine = secret.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
  return [secret, oneLine, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret.toWellFormed())];
}
