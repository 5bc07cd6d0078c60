/** One secret: a small regular file directly inside the secrets directory. */

import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';

/** The largest secret that is read, in bytes: 64 KiB. */
export const MAX_SECRET_BYTES = 64 * 1024;

/** What looking a secret up came to; a reason completes the sentence "the secret ...". */
export type SecretReading =
  | { readonly status: 'value'; readonly value: string }
  | { readonly status: 'missing' | 'forbidden' | 'unreadable'; readonly reason: string };

/**
 * Read a secret; it never throws. The name must be a plain file name, see `SECRET_NAME`.
 *
 * A mounted Kubernetes secret is `name -> ..data/name` with `..data -> ..<time>`: links are followed as long as they
 * stay inside the directory. One newline at the end is not part of the value, since most tools write one.
 */
export function readSecret(directory: string, name: string): SecretReading {
  const reading = tryReadSecret(directory, name);
  // A mounted secret is renewed by swapping a link and deleting the old tree: between our two steps it may be gone.
  return reading.status === 'missing' ? tryReadSecret(directory, name) : reading;
}

function tryReadSecret(directory: string, name: string): SecretReading {
  try {
    const root = realpathSync(directory);
    const path = realpathSync(join(root, name));
    const inside = relative(root, path);
    if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) {
      return { status: 'forbidden', reason: 'is a link to outside the secrets directory' };
    }
    return readRegularFile(path);
  } catch (error) {
    return refusalOf(error);
  }
}

function readRegularFile(path: string): SecretReading {
  // Links were followed already; and opening a pipe must not wait for a writer.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  try {
    if (!fstatSync(file).isFile()) return { status: 'unreadable', reason: 'is not a regular file' };
    const buffer = Buffer.alloc(MAX_SECRET_BYTES + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < buffer.length; length += read) {
      read = readSync(file, buffer, length, buffer.length - length, null);
    }
    if (length > MAX_SECRET_BYTES) return { status: 'unreadable', reason: `has more than ${MAX_SECRET_BYTES} bytes` };
    return decodeSecret(buffer.subarray(0, length));
  } finally {
    closeSync(file);
  }
}

function decodeSecret(bytes: Buffer): SecretReading {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { status: 'value', value: text.replace(/\r?\n$/, '') };
  } catch {
    return { status: 'unreadable', reason: 'is not UTF-8 text' };
  }
}

function refusalOf(error: unknown): SecretReading {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  if (code === 'ENOENT' || code === 'ENOTDIR') return { status: 'missing', reason: 'does not exist' };
  return { status: 'unreadable', reason: `cannot be read (${code})` };
}
