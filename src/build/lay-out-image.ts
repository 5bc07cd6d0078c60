/**
 * `node src/build/lay-out-image.ts DIRECTORY`: lays out all that the image holds, for a stage that starts from nothing.
 *
 *   /usr/local/bin/node                 the Node that runs this, and in their places the libraries it is linked to
 *   /usr/local/lib/databar-sync.mjs     from dist/
 *   /usr/local/share/databar-sync/      licences and bill of materials, from dist/
 *   /etc/nsswitch.conf                  or names in /etc/hosts would be asked for last
 *   /var/lib/databar-sync, /tmp         open to whatever user the container runs as
 */

import { execFileSync } from 'node:child_process';
import { chmod, cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

const [, , target = ''] = process.argv;
if (target === '') throw new Error('say which directory to lay the image out in');
const image = resolve(target);
const dist = resolve(import.meta.dirname, '../../dist');

await copy(process.execPath, '/usr/local/bin/node');
for (const library of librariesOf(process.execPath)) await copy(library, library);
await copy(join(dist, 'databar-sync.mjs'), '/usr/local/lib/databar-sync.mjs');
for (const name of ['THIRD-PARTY-LICENSES.txt', 'databar-sync.cdx.json']) {
  await copy(join(dist, name), `/usr/local/share/databar-sync/${name}`);
}
await mkdir(join(image, 'etc'), { recursive: true });
await writeFile(join(image, 'etc/nsswitch.conf'), 'hosts: files dns\n');
for (const place of ['/var/lib/databar-sync', '/tmp']) {
  await mkdir(join(image, place), { recursive: true });
  // Not at once: the umask would have its say.
  await chmod(join(image, place), 0o1777);
}

/** Links are followed, so that a library lies under the name that it is asked for by. */
async function copy(from: string, place: string): Promise<void> {
  await mkdir(dirname(join(image, place)), { recursive: true });
  await cp(from, join(image, place), { dereference: true });
}

/** Absolute paths, the loader among them. */
function librariesOf(program: string): readonly string[] {
  const listed = execFileSync('ldd', [program], { encoding: 'utf8' });
  const libraries = [...listed.matchAll(/(?:^|\s)(\/\S+) \(0x/gu)].map(([, path = '']) => path);
  if (libraries.length === 0 || listed.includes('not found')) throw new Error(`ldd does not find all of:\n${listed}`);
  return libraries;
}
