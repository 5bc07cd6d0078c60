/** What a build is made of, as one digest: another program has another one. */

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Of `src` and of the libraries, which the lock file names with their checksums; hex. */
export function digestSource(root: string): string {
  const digest = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  const entries = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  for (const path of paths.sort()) digest.update(`\0${path.slice(root.length)}\0`).update(readFileSync(path));
  return digest.digest('hex');
}
