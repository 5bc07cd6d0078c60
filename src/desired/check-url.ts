/** What the server can call: an absolute http or https URL, perhaps with Jinja in it. */

/** Jinja's expressions, statements and comments; what they become is not known before a request is made. */
const JINJA = /\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}/gs;

/**
 * Why a URL cannot be used, as a sentence that does not quote it; null when it can. Give it texts of bounded length.
 */
export function explainUrl(url: string): string | null {
  // After a colon a port may stand, which is a number; a host must not end in one.
  const plain = url.replaceAll(JINJA, (_jinja, offset: number) => (url[offset - 1] === ':' ? '1' : 'x'));
  if (/[\s\p{Cc}]/u.test(plain)) return 'The URL holds a space, a line break or a control character.';
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(plain)?.[1]?.toLowerCase();
  if (scheme === undefined) return 'The URL is not absolute: it must begin with https:// or http://.';
  if (scheme !== 'http' && scheme !== 'https') return 'The URL must begin with https:// or http://.';
  if (!URL.canParse(plain) || /^[^/]*:\/\/(?:[/?#]|$)/.test(plain)) {
    return 'The URL has no valid host or port after the scheme.';
  }
  return null;
}
