/** How many definitions are read at most: four bytes of YAML are a document, and each costs a thousand times that. */

import type { Problem } from '../model/problem.ts';
import type { SourceFile } from '../model/source.ts';

/** A workspace holds hundreds. */
export const MAX_DEFINITIONS = 100_000;

interface Opened {
  readonly definitions: readonly unknown[];
}

/**
 * Open files, one after the other, until they hold more definitions than allowed.
 *
 * @returns what was opened, and what is wrong with each file after it
 */
export function openWithin<T extends Opened>(
  files: readonly SourceFile[],
  maxDefinitions: number,
  open: (file: SourceFile) => T,
): { readonly opened: readonly T[]; readonly unopened: readonly Problem[] } {
  const opened: T[] = [];
  let definitions = 0;
  for (const file of files) {
    if (definitions > maxDefinitions) break;
    const next = open(file);
    definitions += next.definitions.length;
    opened.push(next);
  }
  const message = `The files before this one hold more than ${maxDefinitions} definitions, so it is not read.`;
  const about = {
    code: 'file_too_large',
    severity: 'error',
    line: 1,
    column: 1,
    path: '',
    message,
    hint: null,
  } as const;
  return { opened, unopened: files.slice(opened.length).map(({ path }) => ({ ...about, file: path })) };
}
