/**
 * Tokens of YAML straight to plain data, where they are of the plain kind that nearly all definitions are: maps, lists and
 * texts in which nothing can be wrong. At whatever else, be it an anchor, a tab or an error, it gives the file up; then the
 * composer reads it, whose rules these are. It makes an object of each node and each comment, which takes half as long again.
 *
 * A property test holds what is read here to what `readDocument` finds.
 */

import { CST as Syntax, isScalar } from 'yaml';
import type { CST } from 'yaml';

import { CORE } from './compose-yaml.ts';
import type { TokenizedText } from './read-tokens.ts';

export interface PlainDocument {
  readonly fields: Readonly<Record<string, unknown>>;
  /** How many values there are, as in `ReadDocument`. */
  readonly size: number;
}

/** The documents of a text, each a map; null when one of them, or what stands between them, is of another kind. */
export function readPlain({ tokens, fault }: TokenizedText): readonly PlainDocument[] | null {
  if (fault !== null) return null;
  const documents: PlainDocument[] = [];
  try {
    for (const token of tokens) {
      if (token.type === 'document') documents.push(readPlainDocument(token));
      else if (!BETWEEN_DOCUMENTS.has(token.type)) return null;
    }
  } catch (error) {
    if (error === NOT_PLAIN) return null;
    throw error;
  }
  return documents.length === 0 ? null : documents;
}

const BETWEEN_DOCUMENTS: ReadonlySet<string> = new Set(['space', 'comment', 'newline']);

/** Thrown deep within, and caught above. */
const NOT_PLAIN = new Error('The text is not of the plain kind.');

function giveUp(): never {
  throw NOT_PLAIN;
}

/** Values that were read so far. */
interface Tally {
  size: number;
}

function readPlainDocument({ start, value, end }: CST.Document): PlainDocument {
  const marker = start.findIndex(({ type }) => type === 'doc-start');
  if (marker === -1) expectBlank(start, true);
  else expectIndicator(start, 'doc-start', true);
  if (value?.type !== 'block-map' || (marker !== -1 && !start.slice(marker).some(isNewline))) giveUp();
  expectBlank(end, false);
  const tally = { size: 1 };
  return { fields: readMap(value, tally), size: tally.size };
}

function readValue(token: CST.Token | undefined, tally: Tally): unknown {
  tally.size += 1;
  if (token === undefined) return null;
  if (token.type === 'block-map') return readMap(token, tally);
  if (token.type === 'block-seq') return readList(token, tally);
  if (token.type === 'flow-collection') {
    return token.start.source === '{' ? readFlowMap(token, tally) : readFlowList(token, tally);
  }
  if (!Syntax.isScalar(token)) return giveUp();
  return token.type === 'scalar' ? readPlainScalar(token) : readText(token);
}

function readMap({ items, indent }: CST.BlockMap, tally: Tally): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const item of items) {
    const { start, sep, value } = item;
    expectBlank(start, true);
    if (sep === undefined) {
      // Comments below the last field stand in an item without one.
      if (item !== items.at(-1)) giveUp();
      continue;
    }
    const key = expectKey(item, sep);
    if (key.indent !== indent || (isBlock(value) && !sep.some(isNewline))) giveUp();
    const name = readName(key, fields);
    fields[name] = readValue(value, tally);
  }
  return fields;
}

function readList({ items }: CST.BlockSequence, tally: Tally): readonly unknown[] {
  const values: unknown[] = [];
  for (const item of items) {
    const { start, value } = item;
    if (item === items.at(-1) && value === undefined && !start.some(({ type }) => type === 'seq-item-ind')) {
      expectBlank(start, true);
      continue;
    }
    expectIndicator(start, 'seq-item-ind', true);
    values.push(readValue(value, tally));
  }
  return values;
}

function readFlowMap(flow: CST.FlowCollection, tally: Tally): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const item of flowItems(flow, '}')) {
    const { sep, value } = item;
    if (sep === undefined || isBlock(value)) giveUp();
    const name = readName(expectKey(item, sep), fields);
    fields[name] = readValue(value, tally);
  }
  return fields;
}

function readFlowList(flow: CST.FlowCollection, tally: Tally): readonly unknown[] {
  return flowItems(flow, ']').map(({ sep, value }) => {
    if (sep !== undefined || value === undefined || isBlock(value)) giveUp();
    return readValue(value, tally);
  });
}

/** The items between the brackets; a comma may follow the last. */
function flowItems({ items, end }: CST.FlowCollection, closing: string): readonly CST.CollectionItem[] {
  for (const [index, { start }] of items.entries()) {
    if (index === 0) expectBlank(start, false);
    else expectIndicator(start, 'comma', false);
  }
  const [bracket, ...rest] = end;
  if (bracket?.source !== closing) giveUp();
  expectBlank(rest, false);
  const last = items.at(-1);
  const isEmpty = last?.key === undefined && last?.sep === undefined && last?.value === undefined;
  return isEmpty ? items.slice(0, -1) : items;
}

/** A key on one line, with a colon behind it. */
function expectKey({ key }: CST.CollectionItem, sep: readonly CST.SourceToken[]): CST.FlowScalar {
  if (key?.type !== 'scalar' && key?.type !== 'single-quoted-scalar' && key?.type !== 'double-quoted-scalar') giveUp();
  const colon = expectIndicator(sep, 'map-value-ind', false);
  if (colon !== sep[0] || colon.offset - key.offset > LONGEST_KEY) giveUp();
  if (key.end !== undefined || key.source.includes('\n')) giveUp();
  return key;
}

/** The standard's limit is 1024, but counted from elsewhere. */
const LONGEST_KEY = 512;

/** The name of a field that is not there yet. */
function readName(key: CST.FlowScalar, fields: object): string {
  const name = key.type === 'scalar' ? readPlainScalar(key) : readText(key);
  if (typeof name !== 'string' || name === '__proto__' || name === '<<' || Object.hasOwn(fields, name)) giveUp();
  return name;
}

/** What no quotes enclose: a text, unless YAML 1.2 has another reading of it. */
function readPlainScalar(token: CST.FlowScalar): unknown {
  const text = readText(token);
  if (text !== '' && !MAY_BE_NO_TEXT.test(text)) return text;
  for (const tag of CORE.tags) {
    if (tag.default !== true || tag.collection !== undefined || tag.test?.test(text) !== true) continue;
    const resolved = tag.resolve(text, giveUp, {});
    const value: unknown = isScalar(resolved) ? resolved.value : resolved;
    if (typeof value === 'number' && !isExact(value)) giveUp();
    return value;
  }
  return text;
}

/** How numbers, `true`, `false` and `null` begin in YAML's core schema; to look here first saves trying each. */
const MAY_BE_NO_TEXT = /^[-+.\d~nNtTfF]/;

function isExact(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
}

function readText(token: CST.FlowScalar | CST.BlockScalar): string {
  if (token.type !== 'block-scalar') {
    expectBlank(token.end, false);
    const text = readShortText(token);
    if (text !== null) return text;
  }
  const text = Syntax.resolveAsScalar(token, true, giveUp)?.value ?? giveUp();
  // Only escapes can make these.
  if (text.includes('\0') || !text.isWellFormed()) giveUp();
  return text;
}

/** A text on one line and without escapes stands there as it is. That its quotes are closed was seen before. */
function readShortText({ type, source }: CST.FlowScalar): string | null {
  if (source.includes('\n')) return null;
  switch (type) {
    case 'scalar':
      return RESERVED.test(source) ? null : source;
    case 'single-quoted-scalar':
      return source.slice(1, -1).replaceAll("''", "'");
    case 'double-quoted-scalar':
      return source.includes('\\') ? null : source.slice(1, -1);
    case 'alias':
      return giveUp();
  }
}

/** What no text without quotes may begin with. */
const RESERVED = /^[\t,%|>@`]/;

/** An indicator, just once, and else what is blank. */
function expectIndicator(
  tokens: readonly CST.SourceToken[],
  indicator: CST.SourceToken['type'],
  isApart: boolean,
): CST.SourceToken {
  const at = tokens.findIndex(({ type }) => type === indicator);
  const found = tokens[at] ?? giveUp();
  if (at > 0) expectBlank(tokens.slice(0, at), isApart);
  if (at < tokens.length - 1) expectBlank(tokens.slice(at + 1), false);
  return found;
}

/**
 * Spaces, line ends, and comments that one of them sets apart. A tab is no space where it indents.
 *
 * @param isApart whether one of them stands before all of it
 */
function expectBlank(tokens: readonly CST.SourceToken[] | undefined, isApart: boolean): void {
  if (tokens === undefined) return;
  let isSpaced = isApart;
  for (const { type, source } of tokens) {
    if (type === 'comment' ? !isSpaced : type !== 'newline' && (type !== 'space' || source.includes('\t'))) giveUp();
    isSpaced = true;
  }
}

function isNewline({ type }: CST.SourceToken): boolean {
  return type === 'newline';
}

function isBlock(token: CST.Token | undefined): boolean {
  return token?.type === 'block-map' || token?.type === 'block-seq';
}
