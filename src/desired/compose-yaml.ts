/**
 * Text to YAML documents, in bounded time and on a bounded stack.
 *
 * The yaml library is linear, yet a hostile megabyte can hold a million tokens, each of which may cost an error
 * object, and its composer recurses. So its three stages (lexer, parser, composer) are driven here, token by token,
 * and stopped when a limit is passed.
 */

import type { Document } from 'yaml';
import { Composer, Lexer, Parser, Schema } from 'yaml';

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

export type YamlDocument = Document.Parsed;

export interface ComposedText {
  /** Every document before the fault, or all of them. */
  readonly documents: readonly YamlDocument[];
  /** Why composing stopped early; null when it did not. */
  readonly fault: TextFault | null;
}

/** The lexer announces a document and a plain text each with a control character of its own. */
const DOCUMENT_START = '\u0002';
const PLAIN_TEXT_FOLLOWS = '\u001F';

const COLLECTIONS: ReadonlySet<string> = new Set(['block-map', 'block-seq', 'flow-collection']);

/** Compose every document of a text without control characters. Library errors stay on their documents. */
export function composeYaml(text: string): ComposedText {
  const parser = new Parser();
  const composer = createComposer();
  const documents: YamlDocument[] = [];
  let tokens = 0;
  let documentTokens = 0;
  let atPlainText = false;
  let erroneous = false;

  const take = (composed: Iterable<YamlDocument>): void => {
    for (const document of composed) {
      documents.push(document);
      erroneous ||= document.errors.length > 0;
    }
  };
  try {
    for (const lexeme of new Lexer().lex(text)) {
      const { offset } = parser;
      tokens += 1;
      documentTokens += 1;
      if (lexeme === DOCUMENT_START) documentTokens = 0;
      const refused =
        (atPlainText ? null : checkQuotedText(lexeme, offset)) ??
        checkTokens(tokens, documentTokens, documents.length, offset);
      if (refused !== null) return { documents, fault: refused };
      atPlainText = lexeme === PLAIN_TEXT_FOLLOWS;

      for (const token of parser.next(lexeme)) take(composer.next(token));
      if (isTooDeep(parser)) return { documents, fault: tooDeep(offset) };
      if (erroneous) return { documents, fault: null };
    }
    for (const token of parser.end()) take(composer.next(token));
    take(composer.end(true, text.length));
    return { documents, fault: null };
  } catch {
    // The library promises not to throw; should it, the fault stays with this file.
    return { documents, fault: syntaxFault(parser.offset, 'The YAML cannot be read from here on.') };
  }
}

/** One for all documents: making one costs more than reading a short document. */
const CORE = new Schema({ schema: 'core', merge: false, resolveKnownTags: false });

/** YAML 1.2 core. Keys are compared by ourselves: the library's own comparison is quadratic. */
function createComposer(): Composer {
  return new Composer({ version: '1.2', schema: CORE, uniqueKeys: false, prettyErrors: false });
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
