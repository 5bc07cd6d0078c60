/** A parsed file to its definitions, each judged on its own: a connector, or everything that is wrong with it. */

import type { ValidConnector } from '../model/connector.ts';
import type { Problem } from '../model/problem.ts';
import type { SourceFile } from '../model/source.ts';
import type { AskedSecret } from './asked-secrets.ts';
import { noteLookups } from './asked-secrets.ts';
import type { Candidate } from './check-set.ts';
import { definitionKey, fileKey, refOf } from './definition-key.ts';
import type { Fault } from './fault.ts';
import { fault } from './fault.ts';
import { findDoubts } from './find-doubts.ts';
import type { FindPlace, PlacedFile } from './find-place.ts';
import type { ParsedDocument, ParsedFile } from './parse-yaml.ts';
import type { LookUpPlaceholder } from './placeholder-source.ts';
import type { ValuesMode } from './resolve-secrets.ts';
import { nothingToResolve, resolveSecrets } from './resolve-secrets.ts';
import { inFile, toProblems } from './tell-problems.ts';
import { validateConnector } from './validate-connector.ts';

export type LoadedFile = SourceFile & PlacedFile;

/** A file as it was judged, and the secrets that this rests on. */
export interface JudgedFile {
  readonly loaded: LoadedFile;
  readonly definitions: readonly Definition[];
  readonly asked: readonly AskedSecret[];
  /** Null when no secret can change the judgement: that is most files, and the documents take more memory than they. */
  readonly parsed: ParsedFile | null;
}

export interface Definition extends Candidate {
  /** Null when the file could not be read at all. */
  readonly loaded: LoadedFile | null;
  readonly document: number;
  readonly connector: ValidConnector | null;
  /** With a connector, these are warnings. */
  readonly problems: readonly Problem[];
}

export interface JudgeOptions {
  readonly values: ValuesMode;
  /** What becomes of a doubt; null when nobody looks for them. */
  readonly weigh: ((found: readonly Fault[]) => readonly Fault[]) | null;
  /** Where placeholders may look in the environment; for doubts. */
  readonly envPrefix: string;
  readonly findPlace: FindPlace;
}

export type JudgeFile = (file: LoadedFile, parsed: ParsedFile, lookUp: LookUpPlaceholder) => JudgedFile;

export function createJudge({ values, weigh, envPrefix, findPlace }: JudgeOptions): JudgeFile {
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
    const doubted = weigh === null ? [] : weigh(findDoubts(fields, envPrefix));
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

  return (loaded, parsed, lookUp) => {
    const asked: AskedSecret[] = [];
    const noting = noteLookups(lookUp, asked);
    const definitions =
      parsed.faults.length > 0
        ? [brokenFile(loaded, parsed)]
        : parsed.documents.map((document) => judge(loaded, document, parsed.documents.length, noting));
    return { loaded, definitions, asked, parsed: asked.length > 0 ? parsed : null };
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
export function wholeFile(file: string, problems: readonly Problem[]): Definition {
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
