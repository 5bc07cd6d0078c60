/** Secrets in URLs: user information, and parameters whose name looks like a credential. */

import { looksLikeCredential } from '../model/credential-name.ts';

/** Browsers and servers take backslashes for slashes, and any number of them. */
const AUTHORITY = /^(\s*(?:[a-z][a-z0-9+.-]*:)?[/\\]*)([^/\\?#]*)@/iu;
const BEGINS_LIKE_URL = /^\s*[a-z][a-z0-9+.-]*:[/\\]{2}/iu;

/** Gives what stands in the place of a secret; `name` is the parameter's, null for user information. */
export type Hide = (value: string, name: string | null) => string;

/** Hide user information and credential-like parameters, in query and fragment; the rest stays as it was written. */
export function maskUrl(url: string, hide: Hide): string {
  return url
    .replace(AUTHORITY, (_, scheme: string, user: string) => `${scheme}${hide(user, null)}@`)
    .replaceAll(/([?&#])([^&#]*)/gu, (_, separator: string, part: string) => `${separator}${maskPart(part, hide)}`);
}

/** The same for a text that may be a URL; other texts stay as they are. */
export function maskIfUrl(text: string, hide: Hide): string {
  return BEGINS_LIKE_URL.test(text) ? maskUrl(text, hide) : text;
}

/** `a=1;token=b;c` is one part: from the first credential on, nothing tells where its value ends. */
function maskPart(part: string, hide: Hide): string {
  for (const match of part.matchAll(/(?:^|[;?])([^=;?]*)=/gu)) {
    const name = decode(match[1] ?? '');
    if (!looksLikeCredential(name)) continue;
    const valueAt = match.index + match[0].length;
    return `${part.slice(0, valueAt)}${hide(part.slice(valueAt), name)}`;
  }
  return part;
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name.replaceAll('+', ' '));
  } catch {
    return name;
  }
}
