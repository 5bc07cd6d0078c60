/** A source tree to what it asks for: valid connectors, and invalid definitions with everything wrong with them. */

import type { JsonPointer, ValidConnector } from '../model/connector.ts';
import { formatPointer, parsePointer } from '../model/pointer.ts';
import type { Desired, InvalidDefinition, Problem } from '../model/problem.ts';
import type { SourceFile, SourceLines, SourceTree } from '../model/source.ts';
import { looksLikeToken } from '../model/token-like.ts';
import type { Candidate } from './check-set.ts';
import { checkSet } from './check-set.ts';
import { definitionKey, fileKey, refOf } from './definition-key.ts';
import type { Fault, LocatedFault, Position } from './fault.ts';
import { fault, MAX_FAULTS } from './fault.ts';
import { findDoubts } from './find-doubts.ts';
import { findLikenesses } from './find-likenesses.ts';
import type { FindPlace, PlacedFile } from './find-place.ts';
import { createPlaceFinder, locateFault } from './find-place.ts';
import { MAX_DEFINITIONS, openWithin } from './open-within.ts';
import type { ParseFiles } from './parse-in-parallel.ts';
import type { ParsedDocument, ParsedFile } from './parse-yaml.ts';
import { parseYaml } from './parse-yaml.ts';
import type { LookUpPlaceholder, PlaceholderSource } from './placeholder-source.ts';
import { openPlaceholders } from './placeholder-source.ts';
import type { AskedSecret } from './asked-secrets.ts';
import { answersHold, noteLookups } from './asked-secrets.ts';
import type { ValuesMode } from './resolve-secrets.ts';
import { nothingToResolve, resolveSecrets } from './resolve-secrets.ts';
import { validateConnector } from './validate-connector.ts';

export interface DesiredLoaderOptions {
  readonly placeholders: PlaceholderSource;
  /** With `optional`, connectors may hold unresolved placeholders: they are fit for `validate`, never for sending. */
  readonly values: ValuesMode;
  /**
   * What becomes of doubts, such as a secret in clear: nobody looks for them, they are warnings, or they are errors.
   * Default: `none`, for whoever runs the daemon cannot mend files, and whoever can has `validate`.
   */
  readonly doubts?: 'none' | 'warnings' | 'errors';
  /** How the bytes of a file become documents. Default: {@link parseYaml}. */
  readonly parse?: (bytes: Uint8Array) => ParsedFile;
  /** Files beyond so many definitions are not read. Default: 100,000. */
  readonly maxDefinitions?: number;
  /** The same for many files. Default: one after the other. */
  readonly parseFiles?: ParseFiles;
}

/** A place in a file; the file is relative to the source directory. */
export interface Location extends Position {
  readonly file: string;
}

export interface DesiredLoader {
  /** Parse what is new in a tree, as many threads as there are; the load that follows finds it done. Never rejects. */
  readonly parseAhead: (tree: SourceTree) => Promise<void>;
  /**
   * Judge every file. Files whose bytes did not change since the last load are not parsed again, nor judged again while
   * their secrets, which are read anew, are the same: their definitions are the same objects. `isBound` tells whether a key is bound to a live connector. It never
   * throws.
   */
  readonly load: (tree: SourceTree, isBound: (key: string) => boolean) => Desired;
  /**
   * Where something of a definition stands, or the nearest thing around it, in the files of the last load; null for
   * an unknown key.
   */
  readonly locate: (key: string, pointer: JsonPointer) => Location | null;
  /** The lines of the files of the last load; later loads change nothing in what it returns. */
  readonly lines: () => SourceLines;
}

interface LoadedFile extends PlacedFile {
  readonly path: string;
  readonly bytes: Buffer;
}

/** A file as it was judged, and the secrets that this rests on. */
interface JudgedFile {
  readonly loaded: LoadedFile;
  readonly definitions: readonly Definition[];
  readonly asked: readonly AskedSecret[];
  /** Null when no secret can change the judgement: that is most files, and the documents take more memory than they. */
  readonly parsed: ParsedFile | null;
}

interface Definition extends Candidate {
  /** Null when the file could not be read at all. */
  readonly loaded: LoadedFile | null;
  readonly document: number;
  readonly connector: ValidConnector | null;
  /** With a connector, these are warnings. */
  readonly problems: readonly Problem[];
}

const LINE_END = /\r\n|\n|\r/u;

/** Make a loader; it remembers the files of its last load and nothing older. */
export function createDesiredLoader(options: DesiredLoaderOptions): DesiredLoader {
  const { placeholders, values, doubts = 'none', parse = parseYaml, parseFiles } = options;
  const { maxDefinitions = MAX_DEFINITIONS } = options;
  const weigh = (found: readonly Fault[]): readonly Fault[] =>
    doubts === 'errors' ? found.map((one) => ({ ...one, severity: 'error' })) : found;
  const findPlace = createPlaceFinder();
  let files: ReadonlyMap<string, JudgedFile> = new Map();
  let definitions: ReadonlyMap<string, Definition> = new Map();
  let ahead = new Map<Uint8Array, ParsedFile>();

  /** As of the last load, when its content has not changed. */
  const findKnown = ({ path, bytes }: SourceFile): JudgedFile | null => {
    const known = files.get(path);
    const before = known?.loaded.bytes;
    return known !== undefined && (before === bytes || before?.equals(bytes) === true) ? known : null;
  };

  /** Documents take more memory than what is judged of them, so each is let go of when it is taken. */
  const takeAhead = (bytes: Uint8Array): ParsedFile | undefined => {
    const parsed = ahead.get(bytes);
    ahead.delete(bytes);
    return parsed;
  };

  const judgeFile = (file: SourceFile, lookUp: LookUpPlaceholder): JudgedFile => {
    const known = findKnown(file);
    if (known !== null && answersHold(known.asked, lookUp)) return known;
    const { path, bytes } = file;
    const loaded = known?.loaded ?? { path, bytes };
    const parsed = known?.parsed ?? takeAhead(bytes) ?? parse(bytes);
    const asked: AskedSecret[] = [];
    const noting = noteLookups(lookUp, asked);
    const definitions =
      parsed.faults.length > 0
        ? [brokenFile(loaded, parsed)]
        : parsed.documents.map((document) => judge(loaded, document, parsed.documents.length, noting));
    return { loaded, definitions, asked, parsed: asked.length > 0 ? parsed : null };
  };

  const judge = (
    loaded: LoadedFile,
    document: ParsedDocument,
    documents: number,
    lookUp: LookUpPlaceholder,
  ): Definition => {
    const file = loaded.path;
    const key = definitionKey(file, document, documents);
    const { fields, hasPlaceholders } = document;
    const resolution = hasPlaceholders ? resolveSecrets(fields, lookUp, values) : nothingToResolve(fields);
    const place = { key: key ?? fileKey(file), file, document: document.index };
    const validation = validateConnector(document, resolution, place);
    const doubted = doubts === 'none' ? [] : weigh(findDoubts(fields, placeholders.envPrefix));
    const isValid =
      validation.status === 'valid' && key !== null && !doubted.some(({ severity }) => severity === 'error');
    const told = validation.status === 'valid' ? validation.warnings : validation.faults;
    const found = [...told, ...doubted];
    const faults = key === null ? [...missingRef(document), ...found] : found;
    const { name } = resolution.fields;
    return {
      ...place,
      loaded,
      ref: documents > 1 ? refOf(document) : null,
      wholeFile: key === null,
      id: idOf(document),
      name: typeof name === 'string' && !resolution.unresolvedPaths.has('/name') ? name : null,
      hasSecretName: resolution.secretPaths.includes('/name'),
      connector: isValid ? validation.connector : null,
      problems: toProblems(findPlace, loaded, document, faults),
    };
  };

  return {
    async parseAhead(tree) {
      if (parseFiles === undefined) return;
      const unknown = tree.files.filter((file) => findKnown(file) === null).map(({ bytes }) => bytes);
      const parsed = await parseFiles(unknown, maxDefinitions);
      ahead = new Map(
        unknown.flatMap((bytes, index) => {
          const file = parsed[index];
          return file === undefined ? [] : [[bytes, file] as const];
        }),
      );
    },

    load(tree, isBound) {
      const lookUp = openPlaceholders(placeholders);
      const { opened, unopened } = openWithin(tree.files, maxDefinitions, (file) => judgeFile(file, lookUp));
      ahead = new Map();
      const unread = [...Map.groupBy(tree.problems, ({ file }) => file)].map(([file, found]) => wholeFile(file, found));
      const all = [
        ...opened.flatMap((file) => file.definitions),
        ...unopened.map((one) => wholeFile(one.file, [one])),
        ...unread,
      ];
      const contradictions = checkSet(all, isBound);
      const likenesses = doubts === 'none' ? new Map<Definition, readonly Fault[]>() : findLikenesses(all);
      const judged = all.map((one) =>
        withFaults(findPlace, one, [...(contradictions.get(one) ?? []), ...weigh(likenesses.get(one) ?? [])]),
      );

      files = new Map(opened.map((file) => [file.loaded.path, file]));
      definitions = new Map(judged.map((definition) => [definition.key, definition]));
      return {
        connectors: judged.flatMap(({ connector }) => connector ?? []),
        invalid: judged.filter(({ connector }) => connector === null).map(toInvalid),
        warnings: judged.flatMap(({ connector, problems }) => (connector === null ? [] : problems)),
        files: opened.length + unopened.length + unread.length,
      };
    },

    locate(key, pointer) {
      const definition = definitions.get(key);
      if (definition === undefined) return null;
      const { file, loaded, document } = definition;
      if (loaded === null) return { file, line: 1, column: 1 };
      return { file, ...findPlace(loaded, document, pointer) };
    },

    lines() {
      const read = files;
      return (file, line) => read.get(file)?.loaded.bytes.toString('utf8').split(LINE_END)[line - 1] ?? null;
    },
  };
}

/** One definition stands for a file in which documents cannot be told apart. */
function brokenFile(loaded: LoadedFile, parsed: ParsedFile): Definition {
  const { path } = loaded;
  const [only, ...others] = parsed.documents;
  const salvaged = only !== undefined && others.length === 0 ? only : null;
  return {
    ...wholeFile(path, inFile(path, parsed.faults)),
    loaded,
    id: salvaged === null ? null : idOf(salvaged),
    name: salvaged === null ? null : nameOf(salvaged),
  };
}

/** A file in which no document was read. */
function wholeFile(file: string, problems: readonly Problem[]): Definition {
  return {
    key: fileKey(file),
    file,
    ref: null,
    wholeFile: true,
    id: null,
    name: null,
    hasSecretName: false,
    loaded: null,
    document: 0,
    connector: null,
    problems,
  };
}

function missingRef(document: ParsedDocument): readonly Fault[] {
  const sync = document.fields['sync'];
  if (!document.isMap || (typeof sync === 'object' && sync !== null && Object.hasOwn(sync, 'ref'))) return [];
  const message = 'In a file of several documents each needs a "sync.ref", which tells them apart.';
  return [fault('missing_ref', '/sync/ref', message, { hint: 'Add "sync: {ref: some-name}" to it.' })];
}

function idOf({ fields }: ParsedDocument): number | null {
  const { id } = fields;
  return typeof id === 'number' && Number.isSafeInteger(id) && id > 0 ? id : null;
}

function nameOf({ fields }: ParsedDocument): string | null {
  const { name } = fields;
  return typeof name === 'string' && !name.includes('${') ? name : null;
}

/** A definition with the faults of the set: where one is an error, it loses its connector, which must not be sent. */
function withFaults(find: FindPlace, definition: Definition, faults: readonly Fault[]): Definition {
  if (faults.length === 0) return definition;
  const { loaded, document, file } = definition;
  const located = faults.map((found) => locateFault(find, loaded, document, found));
  const isSound = located.every(({ severity }) => severity === 'warning');
  const problems = [...inFile(file, located), ...definition.problems].sort(errorsFirst);
  return { ...definition, connector: isSound ? definition.connector : null, problems };
}

function toInvalid({ key, file, wholeFile, id, name, hasSecretName, problems }: Definition): InvalidDefinition {
  return { key, file, wholeFile, id, name: hasSecretName ? null : name, problems: problems.slice(0, MAX_FAULTS) };
}

/** Everything wrong with a document, errors first, then in the order of the text. */
function toProblems(
  find: FindPlace,
  loaded: LoadedFile,
  document: ParsedDocument,
  faults: readonly Fault[],
): readonly Problem[] {
  // Where parsing already complained, the schema sees only the gap that it left.
  const told = new Set(document.faults.map(({ path }) => path));
  const found = faults
    .filter(({ path }) => path === '' || !told.has(path))
    .sort(errorsFirst)
    .slice(0, 3 * MAX_FAULTS)
    .map((one) => locateFault(find, loaded, document.index, one));
  const sorted = [...document.faults, ...found].sort(
    (a, b) => errorsFirst(a, b) || a.line - b.line || a.column - b.column,
  );
  return inFile(loaded.path, sorted.slice(0, MAX_FAULTS));
}

type Severe = Pick<Problem, 'severity'>;

function errorsFirst(a: Severe, b: Severe): number {
  return Number(a.severity === 'warning') - Number(b.severity === 'warning');
}

function inFile(file: string, faults: readonly LocatedFault[]): readonly Problem[] {
  return faults.map(({ code, severity, path, ...rest }) => ({
    code,
    severity,
    file,
    path: showablePath(path),
    ...rest,
  }));
}

/** A path is made of names, and ends before one that is rather a value. */
function showablePath(path: JsonPointer): JsonPointer {
  const segments = parsePointer(path);
  const end = segments.findIndex(looksLikeToken);
  return end === -1 ? path : formatPointer(segments.slice(0, end));
}
