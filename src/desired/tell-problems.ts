/** Faults as they are told: with their file and their place, the worst first, and not too many. */

import type { JsonPointer } from '../model/connector.ts';
import { formatPointer, parsePointer } from '../model/pointer.ts';
import type { Problem } from '../model/problem.ts';
import { looksLikeToken } from '../model/token-like.ts';
import type { Fault, LocatedFault } from './fault.ts';
import { MAX_FAULTS } from './fault.ts';
import type { FindPlace, PlacedFile } from './find-place.ts';
import { locateFault } from './find-place.ts';
import type { ParsedDocument } from './parse-yaml.ts';

/** Everything wrong with a document, errors first, then in the order of the text. */
export function toProblems(
  find: FindPlace,
  loaded: PlacedFile & { readonly path: string },
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

export function errorsFirst(a: Severe, b: Severe): number {
  return Number(a.severity === 'warning') - Number(b.severity === 'warning');
}

export function inFile(file: string, faults: readonly LocatedFault[]): readonly Problem[] {
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
