/** Whether a file of our own is within reach of `${secret:name}`, as `desired/read-secret.ts` follows it. */

import { accessSync, constants, opendirSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { quote } from './given-value.ts';

/** How many entries of a secrets directory are looked at; a workspace has hundreds. With more, nobody can tell. */
const MAX_ENTRIES = 10_000;

/** What Linux follows at most. */
const MAX_LINKS = 40;

/**
 * Why definitions could read a file through the secrets directory; null when they could not. It never throws.
 *
 * Its path does not tell: a mounted Kubernetes secret is `key -> ..data/key`, and a link, a hard link or a bind mount
 * gives one file several paths. So each entry is asked which file it is. An entry that leads out of the directory
 * gives nothing away, for no placeholder follows it.
 *
 * @param maxEntries with more entries than these, it counts as exposed
 * @returns what completes "definitions could read the file, for ..."
 */
export function findExposure(secretsDir: string, file: string, maxEntries = MAX_ENTRIES): string | null {
  const root = realPath(secretsDir);
  if ([dirname(file), dirname(realPath(file))].some((parent) => realPath(parent) === root)) {
    return 'it lies in secrets.dir';
  }
  const own = identify(file);
  return own === null ? null : findEntry(root, own, maxEntries);
}

function findEntry(root: string, own: string, maxEntries: number): string | null {
  try {
    const directory = opendirSync(root);
    try {
      for (let looked = 0; looked <= maxEntries; looked++) {
        const entry = directory.readSync();
        if (entry === null) return null;
        if (leadsTo(root, entry.name, own)) return `${quote(entry.name)} in secrets.dir leads to it`;
      }
      return `secrets.dir has more than ${String(maxEntries)} entries, too many to look at each`;
    } finally {
      directory.closeSync();
    }
  } catch {
    return mayBeEntered(root) ? 'secrets.dir cannot be listed to see that nothing in it leads there' : null;
  }
}

function leadsTo(root: string, name: string, own: string): boolean {
  const entry = join(root, name);
  return identify(entry) === own && realPath(entry).startsWith(join(root, sep));
}

/** Which file it is, whatever it is called; null when it is not there, or not ours to see. */
function identify(path: string): string | null {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${String(dev)}:${String(ino)}`;
  } catch {
    return null;
  }
}

/** Whether files in a directory can be opened by name. */
function mayBeEntered(directory: string): boolean {
  try {
    accessSync(join(directory, sep), constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The path itself, links resolved as far as it exists: what is not there yet may come. */
function realPath(path: string, links = MAX_LINKS): string {
  try {
    return realpathSync(path);
  } catch {
    const absolute = resolve(path);
    const parent = dirname(absolute);
    if (parent === absolute || links === 0) return absolute;
    const named = join(realPath(parent, links), basename(absolute));
    const target = readLink(named);
    return target === null ? named : realPath(resolve(dirname(named), target), links - 1);
  }
}

function readLink(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}
