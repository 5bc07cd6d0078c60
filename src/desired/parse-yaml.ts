/** The bytes of a file to its documents, each with what is wrong with it and where. */

import type { LocatedFault } from './fault.ts';
import { MAX_FAULTS } from './fault.ts';
import type { YamlDocument } from './compose-yaml.ts';
import { composeYaml } from './compose-yaml.ts';
import { decodeText } from './decode-text.ts';
import { explainYamlError } from './explain-yaml-error.ts';
import { readDocument } from './read-document.ts';
import { readPlain } from './read-plain.ts';
import type { TextFault } from './read-tokens.ts';
import { readTokens } from './read-tokens.ts';
import { positionAt } from './text-position.ts';

export interface ParsedDocument {
  /** Position among the documents of the file, from 0. */
  readonly index: number;
  /** The fields; empty when the document is no map. Frozen by agreement: it is shared between loads. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly isMap: boolean;
  /** How many values it holds. */
  readonly size: number;
  /** Whether a placeholder, or an escaped one, may be among them. */
  readonly hasPlaceholders: boolean;
  /** What is wrong with this document alone. */
  readonly faults: readonly LocatedFault[];
}

export interface ParsedFile {
  /** Every document; with faults of the file, those that could still be read. */
  readonly documents: readonly ParsedDocument[];
  /** What keeps the whole file from being read as YAML; empty when it can be. */
  readonly faults: readonly LocatedFault[];
}

/**
 * Parse a file of YAML 1.2 core; JSON is YAML too. It never throws, and takes about a second for the worst file of the
 * permitted size.
 *
 * Empty documents at the end of a file that has others are left out, as in `kubectl`: a trailing `---` is common.
 */
export function parseYaml(bytes: Uint8Array): ParsedFile {
  const decoded = decodeText(bytes);
  if (decoded.status === 'refused') return { documents: [], faults: [decoded.fault] };
  const { text } = decoded;
  const locate = (fault: TextFault & { readonly path?: string }): LocatedFault => {
    const { code, path = '', message, hint } = fault;
    return { code, severity: 'error', ...positionAt(text, fault.offset), path, message, hint };
  };

  const showsPlaceholders = text.includes('${');
  const plain = readPlain(text);
  if (plain !== null) {
    const documents = plain.map((document, index) => ({
      index,
      ...document,
      isMap: true,
      hasPlaceholders: showsPlaceholders,
      faults: [],
    }));
    return { documents, faults: [] };
  }
  // An escape may stand for any character of one, and plain files have none.
  const hasPlaceholders = showsPlaceholders || text.includes('\\');
  const composed = composeYaml(readTokens(text));
  const syntax = [
    // What follows a syntax error is mostly its echo, so only the first of a document is told.
    ...composed.documents.flatMap(({ errors }) =>
      errors.slice(0, 1).map((error) => recogniseJinja(explainYamlError(error), text)),
    ),
    ...(composed.fault === null ? [] : [composed.fault]),
  ].slice(0, MAX_FAULTS);
  const conflict = syntax.length === 0 ? null : findConflict(text);
  const documents = withoutTrailingEmpty(composed.documents);
  const parsed = documents.map((document, index) => parseDocument(document, index, hasPlaceholders, locate));
  return { documents: parsed, faults: (conflict === null ? syntax : [conflict]).map(locate) };
}

/** `url: {{ base }}` makes errors of several kinds, none of which speaks of Jinja. */
function recogniseJinja(found: TextFault, text: string): TextFault {
  const start = text.lastIndexOf('\n', found.offset - 1) + 1;
  const end = text.indexOf('\n', found.offset);
  const line = text.slice(start, end === -1 ? undefined : end);
  if (found.code !== 'yaml_syntax' || !/^[^"']{0,200}[:-]\s{1,20}\{[{%]/.test(line)) return found;
  const message = 'A value that begins with Jinja needs quotes around all of it.';
  return { ...found, message, hint: "Write it as '{{ name }}'." };
}

/** What git leaves where two branches changed the same lines; its parts make errors of all kinds. */
function findConflict(text: string): TextFault | null {
  const offset = text.search(/^<{7} /m);
  if (offset === -1) return null;
  const hint = 'Keep one side, and remove the lines that begin with <<<<<<<, ======= and >>>>>>>.';
  return { code: 'yaml_syntax', offset, message: 'Git left a merge conflict here.', hint };
}

function parseDocument(
  document: YamlDocument,
  index: number,
  hasPlaceholders: boolean,
  locate: (fault: TextFault & { readonly path?: string }) => LocatedFault,
): ParsedDocument {
  const { value, size, faults } = readDocument(document);
  const found: (TextFault & { readonly path?: string })[] = [
    ...document.warnings.slice(0, MAX_FAULTS).map(explainYamlError),
    ...oldVersion(document),
    ...faults,
  ];
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isMap && found.length === 0) found.push(isEmpty(document) ? emptyDocument(document) : notAMap(document, value));
  const fields = isMap ? (value as Readonly<Record<string, unknown>>) : {};
  return { index, fields, isMap, size, hasPlaceholders, faults: found.slice(0, MAX_FAULTS).map(locate) };
}

function withoutTrailingEmpty(documents: readonly YamlDocument[]): readonly YamlDocument[] {
  const last = documents.findLastIndex((document) => !isEmpty(document));
  return last === -1 ? documents.slice(0, 1) : documents.slice(0, last + 1);
}

function isEmpty({ contents, errors }: YamlDocument): boolean {
  if (errors.length > 0) return false;
  if (contents === null) return true;
  const [start, end] = contents.range;
  return start === end && contents.tag === undefined && !('anchor' in contents && contents.anchor !== undefined);
}

function emptyDocument({ range }: YamlDocument): TextFault {
  const message = 'The document is empty: it holds no definition.';
  const hint = 'Delete it if its connector is to go, or put the definition back.';
  return { code: 'empty_document', offset: range[0], message, hint };
}

function notAMap({ contents }: YamlDocument, value: unknown): TextFault {
  const found = Array.isArray(value) ? 'a list' : value === null ? 'nothing' : `a single ${nameOfScalar(value)}`;
  const message = `A definition is a map of fields; found ${found}.`;
  const hint = Array.isArray(value)
    ? 'Write several definitions as several documents, separated by ---.'
    : 'Begin with "name: ", and put each field on a line of its own.';
  return { code: 'not_a_map', offset: contents?.range[0] ?? 0, message, hint };
}

function nameOfScalar(value: unknown): string {
  return typeof value === 'string' ? 'text' : typeof value === 'number' ? 'number' : 'true or false';
}

/** YAML 1.1 reads `yes` and `0o10` otherwise; a file that asks for it must not be read by other rules in silence. */
function oldVersion({ directives, range }: YamlDocument): readonly TextFault[] {
  if (directives.yaml.explicit !== true || directives.yaml.version === '1.2') return [];
  const message = `The directive above asks for YAML ${directives.yaml.version}; files are read as YAML 1.2.`;
  return [{ code: 'yaml_warning', offset: range[0], message, hint: 'Remove the %YAML directive.' }];
}
