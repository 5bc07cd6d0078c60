/** What the server can call: an absolute http or https URL, perhaps with Jinja in it. */

/** Jinja's expressions, statements and comments; what they become is not known before a request is made. */
const JINJA = /\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}/gs;

export interface UrlComplaint {
  readonly message: string;
  readonly hint: string;
}

const WHOLE = 'Write the whole address, such as https://api.example.com/v1.';

/** Why a URL cannot be used, in words that do not quote it; null when it can. Give it texts of bounded length. */
export function explainUrl(url: string): UrlComplaint | null {
  // After a colon a port may stand, which is a number; a host must not end in one.
  const plain = url.replaceAll(JINJA, (_jinja, offset: number) => (url[offset - 1] === ':' ? '1' : 'x'));
  if (/[\s\p{Cc}]/u.test(plain)) {
    return {
      message: 'The URL holds a space, a line break or a control character.',
      hint: 'Write %20 for a space. Spaces within Jinja are fine, where {{ and }} pair up.',
    };
  }
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(plain)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    return { message: 'The URL is not absolute: it must begin with https:// or http://.', hint: WHOLE };
  }
  if (scheme !== 'http' && scheme !== 'https') {
    return { message: 'The URL must begin with https:// or http://.', hint: WHOLE };
  }
  if (!URL.canParse(plain) || /^[^/]*:\/\/(?:[/?#]|$)/.test(plain)) {
    return { message: 'The URL has no valid host or port after the scheme.', hint: WHOLE };
  }
  return null;
}
