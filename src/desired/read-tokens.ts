/**
 * Text to the tokens of YAML's syntax, in bounded time and memory.
 *
 * The yaml library is linear, yet a hostile megabyte can hold a million tokens, each of which may cost an error
 * object, and what reads them recurses. So its lexer and its parser are driven here, lexeme by lexeme, and stopped when a limit
 * is passed.
 */

import type { CST } from 'yaml';
import { Lexer, Parser } from 'yaml';

import type { ProblemCode } from '../model/problem.ts';

/** Maps and lists may lie this deep in each other. A definition needs five. */
export const MAX_DEPTH = 32;
/** Documents a file may hold. */
export const MAX_DOCUMENTS = 1000;
/** Tokens of one document and of one file. A definition has a few hundred. */
export const MAX_DOCUMENT_TOKENS = 50_000;
export const MAX_FILE_TOKENS = 500_000;

/** What is wrong with a text, at an offset in it. */
export interface TextFault {
  readonly code: ProblemCode;
  readonly offset: number;
  readonly message: string;
  readonly hint: string | null;
}

export interface TokenizedText {
  /** A document each, and what stands between them; those before the fault, or all of them. */
  readonly tokens: readonly CST.Token[];
  /** How many characters the text has. */
  readonly length: number;
  /** Why reading stopped early; null when it did not. */
  readonly fault: TextFault | null;
}

/** The lexer announces a document and a plain text each with a control character of its own. */
const DOCUMENT_START = '\u0002';
const PLAIN_TEXT_FOLLOWS = '\u001F';

const COLLECTIONS: ReadonlySet<string> = new Set(['block-map', 'block-seq', 'flow-collection']);

/** Read the tokens of a text without control characters. Where one is wrong, most are of the type `error`; only limits are faults. */
export function readTokens(text: string): TokenizedText {
  const parser = new Parser();
  const found: CST.Token[] = [];
  const { length } = text;
  let lexemes = 0;
  let documentLexemes = 0;
  let documents = 0;
  let atPlainText = false;

  const take = (tokens: Iterable<CST.Token>): void => {
    for (const token of tokens) {
      found.push(token);
      if (token.type === 'document') documents += 1;
    }
  };
  try {
    for (const lexeme of new Lexer().lex(text)) {
      const { offset } = parser;
      lexemes += 1;
      documentLexemes += 1;
      if (lexeme === DOCUMENT_START) documentLexemes = 0;
      const refused =
        (atPlainText ? null : checkQuotedText(lexeme, offset)) ??
        checkTokens(lexemes, documentLexemes, documents, offset);
      if (refused !== null) return { tokens: found, length, fault: refused };
      atPlainText = lexeme === PLAIN_TEXT_FOLLOWS;

      take(parser.next(lexeme));
      if (isTooDeep(parser)) return { tokens: found, length, fault: tooDeep(offset) };
    }
    take(parser.end());
    return { tokens: found, length, fault: null };
  } catch {
    // The library promises not to throw; should it, the fault stays with this file.
    return { tokens: found, length, fault: unreadableFrom(parser.offset) };
  }
}

/** What to say where the library gives up. */
export function unreadableFrom(offset: number): TextFault {
  return syntaxFault(offset, 'The YAML cannot be read from here on.');
}

function checkTokens(tokens: number, documentTokens: number, documents: number, offset: number): TextFault | null {
  const hint = 'Split it into several files.';
  if (documents > MAX_DOCUMENTS) {
    return { code: 'file_too_large', offset, message: `The file holds more than ${MAX_DOCUMENTS} documents.`, hint };
  }
  if (documentTokens > MAX_DOCUMENT_TOKENS) {
    const message = `The document has more than ${MAX_DOCUMENT_TOKENS} YAML tokens; a definition has a few hundred.`;
    return { code: 'file_too_large', offset, message, hint: null };
  }
  if (tokens > MAX_FILE_TOKENS) {
    const message = `The file has more than ${MAX_FILE_TOKENS} YAML tokens.`;
    return { code: 'file_too_large', offset, message, hint };
  }
  return null;
}

/**
 * A quote that is never closed is told where it opens, which the library tells at the end of the file; and a bad
 * escape stops the reading, since the library makes an error of each and one text may hold half a million.
 */
function checkQuotedText(lexeme: string, offset: number): TextFault | null {
  const quote = lexeme[0];
  if (quote !== '"' && quote !== "'") return null;
  const badEscape = quote === '"' ? findBadEscape(lexeme) : null;
  if (badEscape !== null) {
    const message = 'This backslash begins no escape that YAML knows.';
    return syntaxFault(offset + badEscape, message, 'Double it (\\\\), or use single quotes, which know no escapes.');
  }
  if (isClosed(lexeme, quote)) return null;
  return quote === '"'
    ? syntaxFault(offset, 'The text that opens here has no closing double quote.', DOUBLE_HINT)
    : syntaxFault(offset, 'The text that opens here has no closing single quote.', SINGLE_HINT);
}

const DOUBLE_HINT = `Close it; a text that holds double quotes itself stands in single ones: '{"a": "b"}'.`;
const SINGLE_HINT = "Close it; within single quotes, an apostrophe is written '': 'it''s'.";

/** A quote closes a text when an even number of what escapes it stands before: backslashes, or quotes that pair up. */
function isClosed(lexeme: string, quote: string): boolean {
  if (lexeme.length < 2 || !lexeme.endsWith(quote)) return false;
  const escape = quote === '"' ? '\\' : "'";
  let escapes = 0;
  while (escapes < lexeme.length - 2 && lexeme[lexeme.length - 2 - escapes] === escape) escapes += 1;
  return escapes % 2 === 0;
}

const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };
const SIMPLE_ESCAPES = '0abtnvfre "/\\N_LP\t\n\r';

function findBadEscape(lexeme: string): number | null {
  for (let at = lexeme.indexOf('\\'); at !== -1; at = lexeme.indexOf('\\', at + 2)) {
    const letter = lexeme[at + 1];
    if (letter === undefined || SIMPLE_ESCAPES.includes(letter)) continue;
    const digits = HEX_DIGITS[letter];
    if (digits === undefined) return at;
    const code = lexeme.slice(at + 2, at + 2 + digits);
    if (code.length < digits || !/^[0-9a-f]+$/i.test(code) || Number.parseInt(code, 16) > 0x10ffff) return at;
  }
  return null;
}

/** Besides the maps and lists that are open, the stack holds the document and perhaps a text. */
function isTooDeep({ stack }: Parser): boolean {
  if (stack.length <= MAX_DEPTH + 1) return false;
  return stack.filter(({ type }) => COLLECTIONS.has(type)).length > MAX_DEPTH;
}

function tooDeep(offset: number): TextFault {
  const message = `Maps and lists lie more than ${MAX_DEPTH} deep in each other.`;
  return { code: 'too_deep', offset, message, hint: null };
}

function syntaxFault(offset: number, message: string, hint: string | null = null): TextFault {
  return { code: 'yaml_syntax', offset, message, hint };
}
