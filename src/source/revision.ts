import { resolve } from 'node:path';

import { findGitPlace, isCommit, readText } from './git-directory.ts';

const MOST_PACKED_BYTES = 32 * 1024 * 1024;
/** HEAD may name a ref that names a ref; git itself stops at 5. */
const MOST_SYMBOLIC_REFS = 5;

/**
 * The git commit that a directory is at, as 40 or 64 hex digits.
 *
 * Read from git's own files, since the image has no git: a plain checkout, a linked worktree, a submodule, a detached
 * HEAD, loose and packed refs. Where the repository is out of reach, a directory that git-sync named after its commit
 * tells it too. The ref store "reftable" is binary and gives null, as does a directory outside git. Never throws.
 */
export async function readRevision(directory: string): Promise<string | null> {
  const place = findGitPlace(directory);
  if (place === null) return null;
  const commit = place.gitDirectory === null ? null : readHead(place.gitDirectory);
  return commit ?? place.namedCommit;
}

function readHead(gitDirectory: string): string | null {
  const common = readText(resolve(gitDirectory, 'commondir'));
  const commonDirectory = common === null ? gitDirectory : resolve(gitDirectory, common);
  let content = readText(resolve(gitDirectory, 'HEAD'));
  for (let hops = 0; content !== null && hops <= MOST_SYMBOLIC_REFS; hops++) {
    if (isCommit(content)) return content;
    const ref = /^ref: (refs\/\S+)$/.exec(content)?.[1];
    if (ref === undefined || ref.split('/').some((part) => part === '' || part.startsWith('.'))) return null;
    content =
      readText(resolve(gitDirectory, ref)) ??
      readText(resolve(commonDirectory, ref)) ??
      readPacked(commonDirectory, ref);
  }
  return null;
}

/** Lines of `packed-refs` are `<hash> <ref>`; `#` and `^` begin lines about something else. */
function readPacked(commonDirectory: string, ref: string): string | null {
  const packed = readText(resolve(commonDirectory, 'packed-refs'), MOST_PACKED_BYTES);
  if (packed === null) return null;
  for (const line of packed.split('\n')) {
    if (line.endsWith(` ${ref}`)) return line.slice(0, -ref.length - 1);
  }
  return null;
}
