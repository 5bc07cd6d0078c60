/** The files that `validate` is to judge, each named as seen from the working directory. */

import { join, resolve } from 'node:path';
import type { Problem } from '../model/problem.ts';
import type { SourceFile } from '../model/source.ts';
import { readConnectors } from '../source/read-connectors.ts';
import { readFiles } from '../source/read-files.ts';
import { expandPaths, shownPath } from './expand-paths.ts';
import { readStandardInput } from './read-standard-input.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

export interface Gathered {
  /** Sorted by path; a file that was named twice is there once. */
  readonly files: readonly SourceFile[];
  readonly problems: readonly Problem[];
}

/** Stands for standard input among paths. */
const STANDARD_INPUT = '-';

/**
 * @param onRead told of each file in a directory as soon as it is read; see `onNew` of `readConnectors`
 * @throws UsageError for a path where nothing is to be read
 */
export async function gatherDefinitions(
  { cwd, process }: Pick<Terminal, 'cwd' | 'process'>,
  paths: readonly string[],
  stdinName: string,
  onRead: (file: SourceFile) => void,
): Promise<Gathered> {
  const files = new Map<string, SourceFile>();
  const problems = new Map<string, Problem>();
  const add = (found: Gathered): void => {
    for (const file of found.files) files.set(file.path, file);
    for (const problem of found.problems) problems.set(problem.file, problem);
  };

  const found = await expandPaths(
    cwd,
    paths.filter((path) => path !== STANDARD_INPUT),
  );
  const single = found.filter(({ kind }) => kind === 'file');
  add(await readFiles(single.map(({ location }) => ({ path: shownPath(cwd, location), location }))));
  for (const { location, kind } of found) if (kind === 'directory') add(await readDirectory(cwd, location, onRead));
  if (paths.includes(STANDARD_INPUT)) {
    add({ files: [{ path: stdinName, bytes: await readStandardInput(process.stdin) }], problems: [] });
  }
  return {
    files: [...files.values()].sort((left, right) => (left.path < right.path ? -1 : 1)),
    problems: [...problems.values()],
  };
}

async function readDirectory(cwd: string, directory: string, onRead: (file: SourceFile) => void): Promise<Gathered> {
  const shown = showIn(cwd, resolve(cwd, directory));
  const reading = await readConnectors(directory, {
    onNew: ({ path, bytes }) => onRead({ path: shown(path), bytes }),
  });
  if (reading.status !== 'ok') throw new UsageError(reading.message);
  return {
    files: reading.files.map(({ path, bytes }) => ({ path: shown(path), bytes })),
    problems: reading.problems.map((problem) => ({ ...problem, file: shown(problem.file) })),
  };
}

/** @returns shows what is named relative to a directory; where that lies below the working directory, nothing is to be resolved */
function showIn(cwd: string, directory: string): (name: string) => string {
  const prefix = shownPath(cwd, directory);
  if (prefix === '') return (name) => name;
  return prefix.startsWith('..') ? (name) => shownPath(cwd, join(directory, name)) : (name) => `${prefix}/${name}`;
}
