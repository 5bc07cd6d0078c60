/**
 * YAML of the plain kind to plain data, line by line. Nearly all definitions are of that kind: fields, lists, and texts on one line
 * or behind a `|`, which YAML can read in one way only. At whatever else, be it an anchor, a tab, or the first character that is
 * not expected, it gives the file up; then the yaml library reads it, whose rules these are. That takes ten times as long.
 *
 * A property test holds what is read here to what the library finds.
 */

import { isScalar } from 'yaml';

import { CORE } from './compose-yaml.ts';
import { MAX_DEPTH, MAX_DOCUMENTS } from './read-tokens.ts';

export interface PlainDocument {
  readonly fields: Readonly<Record<string, unknown>>;
  /** How many values there are, as in `ReadDocument`. */
  readonly size: number;
}

/** A file may have this many lines to be plain; none of them makes more than ten tokens, so that no limit on those is passed. */
const MAX_LINES = 4000;

/** Two more levels take at least two more columns: deeper ones hold a map too deep, or texts that stand far to the right. */
const MAX_COLUMN = MAX_DEPTH - 4;

/** The documents of a text, each a map; null when something in it is not plain. */
export function readPlain(text: string): readonly PlainDocument[] | null {
  if (UNUSUAL.test(text)) return null;
  try {
    return readDocuments(new Lines(text));
  } catch (error) {
    if (error === NOT_PLAIN) return null;
    throw error;
  }
}

/** A tab, a line end of Windows, a byte order mark. */
const UNUSUAL = /[\t\r\uFEFF]/;

/** Thrown deep within, and caught above. */
const NOT_PLAIN = new Error('The text is not of the plain kind.');

function giveUp(): never {
  throw NOT_PLAIN;
}

/** The lines that hold something, one at a time. Blank ones and comments are passed over. */
class Lines {
  /** Where the line begins; -1 at a marker between documents, and at the end. */
  column = -1;
  /** How wide the dash is that begins an item of a list, with the spaces behind it; 0 where there is none. */
  dash = 0;
  /** The name before the colon. */
  key: string | undefined;
  /** What stands behind the dash and the name, a comment included. */
  rest = '';

  readonly #text: string;
  #end = 0;
  #count = 0;

  constructor(text: string) {
    this.#text = text.endsWith('\n') ? text : `${text}\n`;
  }

  get isOver(): boolean {
    return this.column === -1 && this.rest === '';
  }

  get isMarker(): boolean {
    return this.column === -1 && this.rest !== '';
  }

  next(): void {
    LINE.lastIndex = this.#end;
    for (let found = LINE.exec(this.#text); found !== null; found = LINE.exec(this.#text)) {
      this.#end = LINE.lastIndex;
      if ((this.#count += 1) > MAX_LINES) giveUp();
      const [, spaces = '', dash = '', key, rest = ''] = found;
      if (dash === '' && key === undefined && (rest === '' || rest[0] === '#')) continue;
      if (spaces.length > MAX_COLUMN) giveUp();
      this.column = rest === '---' && spaces === '' && dash === '' && key === undefined ? -1 : spaces.length;
      this.dash = dash.length;
      this.key = key;
      this.rest = rest;
      return;
    }
    this.column = -1;
    this.rest = '';
    this.dash = 0;
    this.key = undefined;
  }

  /** Go on to the map that begins behind a dash. */
  enterItem(): void {
    this.column += this.dash;
    this.dash = 0;
  }

  /** The lines below that are blank or begin right of a column, without that indent and the last line ends; then the next line. */
  takeBlock(column: number): string {
    let block = '';
    let indent = '';
    for (;;) {
      const end = this.#text.indexOf('\n', this.#end) + 1;
      if (end === 0) break;
      const line = this.#text.slice(this.#end, end);
      const width = line.search(/[^ ]/);
      if (line[width] !== '\n') {
        if (width <= column) break;
        indent ||= line.slice(0, width);
        if (width < indent.length) giveUp();
      }
      // Before the first line, or with spaces beyond the indent, a blank line is more than blank.
      else if (indent === '' || width > indent.length) giveUp();
      if ((this.#count += 1) > MAX_LINES) giveUp();
      block += line[width] === '\n' ? '\n' : line.slice(indent.length);
      this.#end = end;
    }
    // A text that ends with the file may lack the last line end, which was added here.
    if (indent === '' || this.#end === this.#text.length) giveUp();
    this.next();
    return withoutLast('\n', block);
  }
}

/** Spaces, a dash, a name with its colon, and the rest. */
const LINE = / *\n|( *)(- +)?(?:([A-Za-z_][\w-]{0,100}):(?: +|(?=\n)))?([^\n]*)\n/y;

/** Values that were read so far. */
interface Tally {
  size: number;
}

function readDocuments(lines: Lines): readonly PlainDocument[] {
  const documents: PlainDocument[] = [];
  lines.next();
  if (lines.isMarker) lines.next();
  for (;;) {
    if (lines.column !== 0 || lines.dash > 0 || documents.length === MAX_DOCUMENTS) giveUp();
    const tally = { size: 1 };
    documents.push({ fields: readMap(lines, tally), size: tally.size });
    if (lines.isOver) return documents;
    if (!lines.isMarker) giveUp();
    lines.next();
  }
}

/** The fields from this line on that begin in its column. */
function readMap(lines: Lines, tally: Tally): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  const { column } = lines;
  do {
    const { key } = lines;
    if (key === undefined || NO_NAME.test(key) || Object.hasOwn(fields, key)) giveUp();
    fields[key] = readField(lines, column, tally);
  } while (lines.column === column && lines.dash === 0);
  return fields;
}

/** What is no text in YAML's core schema, or no field of an object. */
const NO_NAME = /^(?:null|true|false|__proto__)$/i;

/** The value of the field that begins here, and the lines that it takes. */
function readField(lines: Lines, column: number, tally: Tally): unknown {
  const { rest } = lines;
  tally.size += 1;
  if (rest === '|') return `${lines.takeBlock(column)}\n`;
  if (rest === '|-') return lines.takeBlock(column);
  if (rest === '>-') return fold(lines.takeBlock(column));
  if (rest !== '' && rest[0] !== '#') return readLine(lines, column);
  lines.next();
  if (lines.column > column) return lines.dash > 0 ? readList(lines, tally) : readMap(lines, tally);
  // The dashes of a list may stand below the name.
  return lines.column === column && lines.dash > 0 ? readList(lines, tally) : null;
}

/** One paragraph on one line. Blank lines, and those that begin with a space, follow rules of their own. */
function fold(block: string): string {
  if (NO_PARAGRAPH.test(block)) giveUp();
  return block.replaceAll('\n', ' ');
}

const NO_PARAGRAPH = /^[ \n]|\n[ \n]/;

/** The items from this line on whose dashes stand in its column. */
function readList(lines: Lines, tally: Tally): readonly unknown[] {
  const values: unknown[] = [];
  const { column } = lines;
  do {
    tally.size += 1;
    if (lines.key === undefined) {
      values.push(readLine(lines, column));
    } else {
      lines.enterItem();
      values.push(readMap(lines, tally));
    }
  } while (lines.column === column && lines.dash > 0);
  return values;
}

/** A value that ends with its line. What stands farther right on the next line would go on with it, or be wrong. */
function readLine(lines: Lines, column: number): unknown {
  const value = readScalar(lines.rest);
  lines.next();
  if (lines.column > column) giveUp();
  return value;
}

function readScalar(source: string): unknown {
  switch (source.charAt(0)) {
    case '[':
      return EMPTY_LIST.test(source) ? [] : giveUp();
    case '{':
      return EMPTY_MAP.test(source) ? {} : giveUp();
    case "'":
      return (SINGLE_QUOTED.exec(source)?.[1] ?? giveUp()).replaceAll("''", "'");
    case '"':
      return DOUBLE_QUOTED.exec(source)?.[1] ?? giveUp();
    default:
      return readUnquoted(source);
  }
}

const EMPTY_LIST = /^\[ *\](?: +#.*| *)$/;
const EMPTY_MAP = /^\{ *\}(?: +#.*| *)$/;
const SINGLE_QUOTED = /^'((?:[^']|'')*)'(?: +#.*| *)$/;
const DOUBLE_QUOTED = /^"([^"\\]*)"(?: +#.*| *)$/;

/** What no quotes enclose: a text, unless YAML 1.2 has another reading of it. */
function readUnquoted(source: string): unknown {
  const comment = source.indexOf(' #');
  const text = withoutLast(' ', comment === -1 ? source : source.slice(0, comment));
  if (!BEGINS_TEXT.test(text) || text.includes(': ') || text.endsWith(':')) giveUp();
  if (!MAY_BE_NO_TEXT.test(text)) return text;
  for (const tag of CORE.tags) {
    if (tag.default !== true || tag.collection !== undefined || tag.test?.test(text) !== true) continue;
    const resolved = tag.resolve(text, giveUp, {});
    const value: unknown = isScalar(resolved) ? resolved.value : resolved;
    if (typeof value === 'number' && !isExact(value)) giveUp();
    return value;
  }
  return text;
}

/** A text without these characters at its end, in linear time. */
function withoutLast(character: ' ' | '\n', text: string): string {
  let end = text.length;
  while (text[end - 1] === character) end -= 1;
  return text.slice(0, end);
}

/** Not with what may be an indicator of YAML's. */
const BEGINS_TEXT = /^(?:[^\s\-?:,[\]{}#&*!|>'"%@`]|-\d)/;

/** How numbers, `true`, `false` and `null` begin in YAML's core schema; to look here first saves trying each. */
const MAY_BE_NO_TEXT = /^[-+.\d~nNtTfF]/;

function isExact(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
}
