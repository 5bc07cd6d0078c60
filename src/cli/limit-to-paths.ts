/** Files, directories and globs after `plan` and `sync`: the definitions that the command is limited to. */

import { realpathSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import { expandPaths } from './expand-paths.ts';
import { UsageError } from './usage-error.ts';
import { listSome } from '../model/list-some.ts';

/** Paths relative to the source directory, with `/`; the directory itself is ``. */
export interface Limit {
  readonly files: readonly string[];
  readonly directories: readonly string[];
}

/**
 * @returns null when no path is given: then nothing is limited
 * @throws UsageError for a path where no definition can be, or that is not in the source directory
 */
export async function limitToPaths(cwd: string, sourceDir: string, paths: readonly string[]): Promise<Limit | null> {
  if (paths.length === 0) return null;
  const source = resolve(cwd, sourceDir);
  const found = await expandPaths(cwd, paths);
  const places = found.map(({ path, location, kind }) => {
    const place = within(source, location) ?? within(realPath(source), realPath(location));
    if (place === null) throw new UsageError(`${path} is not in the source directory ${sourceDir}`);
    return { place, kind };
  });
  const ofKind = (wanted: 'file' | 'directory'): readonly string[] =>
    places.flatMap(({ place, kind }) => (kind === wanted ? [place] : [])).sort();
  return { files: ofKind('file'), directories: ofKind('directory') };
}

/** Whether a file, relative to the source directory, is meant. */
export function createCover({ files, directories }: Limit): (file: string) => boolean {
  const named = new Set(files);
  return (file) =>
    named.has(file) || directories.some((directory) => directory === '' || file.startsWith(`${directory}/`));
}

/** A sentence for the reader, who must not take a part for the whole. */
export function describeLimit({ files, directories }: Limit): string {
  const named = [...files, ...directories.map((directory) => `${directory}/`)];
  return `Limited to ${listSome(named, 5)}: every other definition is left alone, and nothing is deleted.`;
}

function within(directory: string, location: string): string | null {
  const place = relative(directory, location);
  const isOutside = place === '..' || /^\.\.[\\/]/.test(place) || isAbsolute(place);
  return isOutside ? null : place.replaceAll('\\', '/');
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
