/** Places of faults in the files of a load. */

import type { JsonPointer } from '../model/connector.ts';
import type { Fault, LocatedFault, Position } from './fault.ts';
import type { LocateInFile } from './locate.ts';
import { openLocator } from './locate.ts';

/** A file that places can be found in. */
export interface PlacedFile {
  readonly bytes: Uint8Array;
}

/** Find a place in a document of a file, from its pointer. */
export type FindPlace = (file: PlacedFile, document: number, pointer: JsonPointer, at?: 'key' | 'value') => Position;

/** Make a finder. It keeps the last file open, and no more: an open file takes some fifty times its size. */
export function createPlaceFinder(): FindPlace {
  // A definition that stays invalid is not parsed again at each load to say where.
  const found = new WeakMap<PlacedFile, Map<string, Position>>();
  let open: { readonly file: PlacedFile; readonly locate: LocateInFile } | null = null;
  return (file, document, pointer, at = 'value') => {
    const place = `${document} ${at} ${pointer}`;
    const places = found.get(file) ?? new Map<string, Position>();
    const known = places.get(place);
    if (known !== undefined) return known;
    if (open?.file !== file) open = { file, locate: openLocator(file.bytes) };
    const position = open.locate(document, pointer, at);
    found.set(file, places.set(place, position));
    return position;
  };
}

/** Give a fault its line and column; without a file, those of the first character. */
export function locateFault(find: FindPlace, file: PlacedFile | null, document: number, found: Fault): LocatedFault {
  const { code, severity, path, at, message, hint } = found;
  const position = file === null ? { line: 1, column: 1 } : find(file, document, path, at);
  return { code, severity, ...position, path, message, hint };
}
