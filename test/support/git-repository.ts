/** A real git repository, driven by the real git. */

import { execFileSync } from 'node:child_process';

export interface GitRepository {
  checkout(commit: string): void;
}

/** True when this machine has git. */
export function hasGit(): boolean {
  try {
    execFileSync('git', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/**
 * Make a repository whose working tree is a directory, with one commit for each tree (path -> text), in that order.
 * Nothing is checked out yet.
 *
 * @returns the repository, and the hashes of the commits
 */
export function initRepository(
  directory: string,
  trees: readonly Readonly<Record<string, string>>[],
): { readonly repository: GitRepository; readonly commits: readonly string[] } {
  const git = (args: readonly string[], input = ''): string =>
    execFileSync('git', args, {
      cwd: directory,
      input,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'] ?? '', HOME: directory, GIT_CONFIG_NOSYSTEM: '1' },
    }).trim();
  git(['init', '--quiet']);
  // Much faster than adding thousands of files, and the same repository in the end.
  git(['fast-import', '--quiet'], trees.map((files, index) => importCommit(index, files)).join(''));
  const hashes = git(['rev-list', '--reverse', 'published']);
  return {
    repository: { checkout: (commit) => void git(['checkout', '--quiet', '--detach', commit]) },
    commits: hashes.split('\n'),
  };
}

function importCommit(index: number, files: Readonly<Record<string, string>>): string {
  const blobs = Object.entries(files).map(([path, text]) => `M 100644 inline ${path}\n${importData(text)}\n`);
  const author = `A <a@example.com> ${1_700_000_000 + index} +0000`;
  return `commit refs/heads/published\ncommitter ${author}\n${importData(`commit ${index}`)}\ndeleteall\n${blobs.join('')}\n`;
}

function importData(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`;
}
