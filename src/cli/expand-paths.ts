/** Paths and globs from the command line, to what lies there. */

import { statSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { isDefinitionName, isSkippedName } from '../source/file-names.ts';
import { UsageError } from './usage-error.ts';

export interface FoundPath {
  /** As it was given, or as the glob found it. */
  readonly path: string;
  /** Absolute. */
  readonly location: string;
  readonly kind: 'file' | 'directory';
}

/**
 * Expand globs (`*`, `**`, `?`, `[...]`, `{a,b}`), which a shell may have left alone, and tell files from directories.
 * What a glob finds and is no definition, or hidden, is passed over; what was named plainly must be one.
 *
 * @throws UsageError for a path where nothing is, a glob that finds nothing, and a file that is no definition
 */
export async function expandPaths(cwd: string, paths: readonly string[]): Promise<readonly FoundPath[]> {
  const found = new Map<string, FoundPath>();
  for (const path of paths) {
    for (const one of await expand(cwd, path)) found.set(one.location, one);
  }
  return [...found.values()];
}

async function expand(cwd: string, path: string): Promise<readonly FoundPath[]> {
  const plain = lookAt(cwd, path);
  if (plain !== null) {
    if (plain.kind === 'directory' || isDefinitionName(nameOf(path))) return [plain];
    throw new UsageError(`${path} is not a definition file: expected a visible name that ends in .yaml, .yml or .json`);
  }
  if (!/[*?[{]/.test(path)) throw new UsageError(`${path} does not exist, or may not be read`);
  const matches: FoundPath[] = [];
  for await (const match of glob(path, { cwd })) {
    if (match.split(/[\\/]/u).some((part) => part !== '.' && part !== '..' && isSkippedName(part))) continue;
    const one = lookAt(cwd, match);
    if (one?.kind === 'file' && isDefinitionName(nameOf(match))) matches.push(one);
  }
  if (matches.length === 0) throw new UsageError(`${path} matches no definition file`);
  return matches.sort((left, right) => (left.location < right.location ? -1 : 1));
}

function lookAt(cwd: string, path: string): FoundPath | null {
  const location = resolve(cwd, path);
  try {
    const stats = statSync(location, { throwIfNoEntry: false });
    if (stats === undefined) return null;
    return { path, location, kind: stats.isDirectory() ? 'directory' : 'file' };
  } catch {
    return null;
  }
}

function nameOf(path: string): string {
  return path.split(/[\\/]/u).at(-1) ?? path;
}

/** A place as the reader should see it: relative to the working directory, with `/`. */
export function shownPath(cwd: string, location: string): string {
  return relative(cwd, location).replaceAll('\\', '/');
}
