/** Which commit a build is made of. */

import { execFileSync } from 'node:child_process';
import type { Environment } from '../config/environment.ts';

/** For builds where git cannot be asked, as in the image's: the commit is handed in. */
const VARIABLE = 'GIT_COMMIT';
const COMMIT = /^(?:[0-9a-f]{7,64})(?:-dirty)?$/u;

/**
 * The commit as hex digits, `-dirty` behind it when tracked files differ from it; null when nobody can tell: no git, no
 * repository, or one that the directory is only a part of.
 *
 * @throws when the variable GIT_COMMIT is set to something that is no commit
 */
export function readCommit(directory: string, environment: Environment): string | null {
  const given = environment[VARIABLE] ?? '';
  if (given === '') return askGit(directory);
  if (!COMMIT.test(given))
    throw new Error(`${VARIABLE} must be a git commit in hex digits, in lower case; found "${given}"`);
  return given;
}

function askGit(directory: string): string | null {
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, { cwd: directory, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    const isPart = git('rev-parse', '--show-prefix') !== '';
    return isPart ? null : git('describe', '--always', '--dirty', '--abbrev=64', '--exclude=*');
  } catch {
    return null;
  }
}
