import type { Parsed } from './parsed.ts';
import { parsed, rejected } from './parsed.ts';

/**
 * Read a key or token that travels in an HTTP header. White space around it is dropped, for files end in a newline;
 * inside only printable ASCII is accepted. The message never shows any of it.
 */
export function parseSecret(text: string): Parsed<string> {
  const secret = text.trim();
  if (secret === '') return rejected('is empty');
  if (/[\r\n]/.test(secret)) return rejected('has more than one line');
  return /^[\x20-\x7e]+$/.test(secret)
    ? parsed(secret)
    : rejected('holds a character that may not stand in an HTTP header');
}
