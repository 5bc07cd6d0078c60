/**
 * Writes a file of definitions: whole or not at all, never through a link, and never over another file unless that is
 * asked for. A daemon that watches the directory sees the finished file only.
 */

import { randomBytes } from 'node:crypto';
import { linkSync, lstatSync, mkdirSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { errorCode } from './source-problem.ts';

export type WriteResult =
  | { readonly status: 'written' }
  /** A reason completes the sentence "the file was not written: it ...". */
  | { readonly status: 'refused'; readonly reason: string };

export interface WriteOptions {
  /** Whether a file that is there may be replaced. */
  readonly overwrite: boolean;
}

/**
 * Write a file below a directory, and the directories between. It never throws because of the disk.
 *
 * @param path relative to the directory, with `/`
 */
export function writeConnector(directory: string, path: string, text: string, options: WriteOptions): WriteResult {
  let temporary: string | null = null;
  try {
    mkdirSync(directory, { recursive: true });
    const root = realpathSync.native(directory);
    const parent = dirname(join(root, path));
    if (!isInside(root, realpathSync.native(nearestThere(parent)))) {
      return refuse('would lie outside the directory, behind a link');
    }
    mkdirSync(parent, { recursive: true });
    const place = realpathSync.native(parent);
    const target = join(place, basename(path));
    const stats = lstatSync(target, { throwIfNoEntry: false });
    if (stats !== undefined && !options.overwrite) return refuse('exists');
    if (stats?.isFile() === false) return refuse(stats.isSymbolicLink() ? 'is a link' : 'is not a regular file');

    // A hidden name is no definition, whatever becomes of it.
    const name = join(place, `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
    temporary = name;
    // Waiting for the disk is worth it where there is something to lose.
    writeFileSync(name, text, { flag: 'wx', flush: options.overwrite });
    if (options.overwrite) renameSync(name, target);
    else moveWithoutReplacing(name, target);
    return { status: 'written' };
  } catch (error) {
    const code = errorCode(error);
    return refuse(code === 'EEXIST' ? 'exists' : `cannot be written (${code ?? String(error)})`);
  } finally {
    if (temporary !== null) rmSync(temporary, { force: true });
  }
}

/** The nearest directory above, or at, a path that exists. */
function nearestThere(path: string): string {
  return lstatSync(path, { throwIfNoEntry: false }) === undefined ? nearestThere(dirname(path)) : path;
}

function isInside(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}

/** A link fails where a file is, in one step; where there are no links, the moment since we looked has to do. */
function moveWithoutReplacing(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'ENOSYS') throw error;
    if (lstatSync(to, { throwIfNoEntry: false }) !== undefined) throw Object.assign(new Error(), { code: 'EEXIST' });
    renameSync(from, to);
  }
}

function refuse(reason: string): WriteResult {
  return { status: 'refused', reason };
}
