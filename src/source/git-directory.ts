/** Where git keeps its books about a directory, found without running git. */

import { lstatSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

import { readBounded } from './read-bounded.ts';

export interface GitPlace {
  /** Real path of the working tree. */
  readonly workTree: string;
  /**
   * The git directory that belongs to the working tree (`HEAD`, `index`); null when there is none that can be reached,
   * as in a container that mounts a worktree without its repository.
   */
  readonly gitDirectory: string | null;
  /** The commit that the directory is named after, as git-sync does: `.worktrees/<hash>`. */
  readonly namedCommit: string | null;
}

const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const MOST_LEVELS = 64;
const MOST_POINTER_BYTES = 8 * 1024;

export function isCommit(text: string): boolean {
  return COMMIT.test(text);
}

/** The nearest working tree that holds a directory; null outside git. Never throws. */
export function findGitPlace(directory: string): GitPlace | null {
  try {
    return searchUpwards(realpathSync.native(directory));
  } catch {
    return null;
  }
}

function searchUpwards(directory: string): GitPlace | null {
  let current = directory;
  for (let level = 0; level < MOST_LEVELS; level++) {
    const name = basename(current);
    const namedCommit = isCommit(name) ? name : null;
    const dotGit = lstatSync(join(current, '.git'), { throwIfNoEntry: false });
    if (dotGit !== undefined || namedCommit !== null) {
      const gitDirectory = dotGit === undefined ? null : resolveDotGit(current);
      return { workTree: current, gitDirectory, namedCommit };
    }
    const parent = dirname(current);
    if (parent === current) return null;
    current = parent;
  }
  return null;
}

/** A small text file without the white space around it; null when it cannot be had. Never throws. */
export function readText(path: string, maxBytes: number = MOST_POINTER_BYTES): string | null {
  try {
    return readBounded(path, maxBytes).bytes?.toString('utf8').trim() ?? null;
  } catch {
    return null;
  }
}

function resolveDotGit(workTree: string): string | null {
  try {
    const path = realpathSync.native(join(workTree, '.git'));
    if (lstatSync(path).isDirectory()) return path;
    // A linked worktree or a submodule: a file that says where the git directory is.
    const target = /^gitdir: (.+)$/.exec(readText(path) ?? '')?.[1];
    if (target === undefined) return null;
    const gitDirectory = realpathSync.native(resolve(workTree, target));
    return lstatSync(gitDirectory).isDirectory() ? gitDirectory : null;
  } catch {
    return null;
  }
}
