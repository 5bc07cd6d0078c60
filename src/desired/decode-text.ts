/** The bytes of a file as text, or the reason why they are none. */

import { isUtf8 } from 'node:buffer';

import type { ProblemCode } from '../model/problem.ts';
import type { LocatedFault, Position } from './fault.ts';
import { positionAt } from './text-position.ts';

/** The largest file that is read, in bytes: 1 MiB. */
export const MAX_FILE_BYTES = 1024 * 1024;

export type DecodedText =
  { readonly status: 'text'; readonly text: string } | { readonly status: 'refused'; readonly fault: LocatedFault };

/** Control characters that YAML forbids; a NUL has a problem code of its own. */
const FORBIDDEN_CHARACTER = /[^\P{Cc}\t\n\r\u0085]/u;

/** One for all files: making one takes longer than to decode a file. It removes a byte order mark. */
const UTF8 = new TextDecoder();

/** Decode UTF-8, with or without a byte order mark. The size is judged first, so that the rest takes bounded time. */
export function decodeText(bytes: Uint8Array): DecodedText {
  if (bytes.length > MAX_FILE_BYTES) {
    const message = `The file has ${bytes.length} bytes; the limit is ${MAX_FILE_BYTES} (1 MiB).`;
    return refuse('file_too_large', { line: 1, column: 1 }, message, 'Split it into several files.');
  }
  if (!isUtf8(bytes)) {
    const message = 'The file is not UTF-8 text: here is a byte that UTF-8 does not allow.';
    return refuse('invalid_utf8', findInvalidByte(bytes), message, 'Save the file as UTF-8.');
  }
  const text = UTF8.decode(bytes);
  const forbidden = FORBIDDEN_CHARACTER.exec(text);
  if (forbidden === null) return { status: 'text', text };

  const position = positionAt(text, forbidden.index);
  const codePoint = text.charCodeAt(forbidden.index);
  if (codePoint === 0) {
    return refuse('nul_character', position, 'Here is a NUL character, which no text holds.', 'Remove it.');
  }
  const name = `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
  const message = `Here is the control character ${name}, which YAML does not allow.`;
  return refuse('yaml_syntax', position, message, 'Remove it, or write it as an escape in a double-quoted text.');
}

/**
 * Where the first invalid sequence begins. The beginning of a file decodes as a stream exactly as long as it does not
 * reach the bad byte, so that byte is found by halving.
 */
function findInvalidByte(bytes: Uint8Array): Position {
  let decodable = 0;
  let refused = bytes.length + 1;
  while (refused - decodable > 1) {
    const middle = Math.floor((decodable + refused) / 2);
    if (decodeBeginning(bytes, middle) === null) refused = middle;
    else decodable = middle;
  }
  const before = decodeBeginning(bytes, decodable) ?? '';
  return positionAt(before, before.length);
}

/** The text of the first bytes, without a sequence that is cut at their end; null when one of them is invalid. */
function decodeBeginning(bytes: Uint8Array, length: number): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, length), { stream: true });
  } catch {
    return null;
  }
}

function refuse(code: ProblemCode, position: Position, message: string, hint: string): DecodedText {
  return { status: 'refused', fault: { code, severity: 'error', ...position, path: '', message, hint } };
}
