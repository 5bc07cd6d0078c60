/** Whether a text is likely a credential, written as it is. */

import { holdsKnownToken } from '../model/known-token.ts';

const JINJA = /\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}/gs;
/** Words that stand before a credential and are none. */
const SCHEME = /^(?:bearer|basic|digest|token|api-?key|oauth|hmac)\b:?/i;
/** Values that are options rather than secrets. */
const OPTION = /^(?:true|false|yes|no|on|off|null|none|required|optional|[0-9]{1,6})$/i;
/** A shell's way to name a variable: wrong here, and no secret. */
const VARIABLE = /^\$\w+$/;
/**
 * @param place `credential`: it stands where a credential belongs, so that nearly any text is one; `anything`: only a text
 *   that has the form of a well-known service's key is
 */
export function looksLikeSecret(text: string, place: 'credential' | 'anything'): boolean {
  if (text.includes('${')) return false;
  if (place === 'anything') return holdsKnownToken(text);
  const rest = text.replaceAll(JINJA, '').trim().replace(SCHEME, '').trim();
  if (text.includes('{{')) return rest.length >= 16;
  return rest !== '' && !OPTION.test(rest) && !VARIABLE.test(rest);
}
