/** Single files, as somebody named them, read without a look at what lies around them. */

import { realpathSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { Problem } from '../model/problem.ts';
import type { SourceFile } from '../model/source.ts';
import { readBounded } from './read-bounded.ts';
import { errorCode, sourceProblem } from './source-problem.ts';

export interface NamedFile {
  /** As problems should call it, with `/`. */
  readonly path: string;
  /** Where it is; a link is followed, for it was named on purpose. */
  readonly location: string;
}

const BREATH = 64;

/** Read files of at most `maxBytes` each, in their order; what cannot be read is a problem of its file. */
export async function readFiles(
  named: readonly NamedFile[],
  maxBytes = 1024 * 1024,
): Promise<{ readonly files: readonly SourceFile[]; readonly problems: readonly Problem[] }> {
  const files: SourceFile[] = [];
  const problems: Problem[] = [];
  for (const [index, { path, location }] of named.entries()) {
    if (index % BREATH === BREATH - 1) await setImmediate();
    try {
      const { stats, bytes } = readBounded(realpathSync(location), maxBytes);
      if (bytes !== null) files.push({ path, bytes });
      else if (stats.isFile()) {
        problems.push(sourceProblem('file_too_large', path, `The file is larger than ${maxBytes} bytes.`));
      } else problems.push(sourceProblem('file_not_regular', path, 'This is not a regular file.'));
    } catch (error) {
      const message = `Cannot read the file (${errorCode(error) ?? String(error)}).`;
      problems.push(sourceProblem('file_unreadable', path, message));
    }
  }
  return { files, problems };
}
