import type { Stats } from 'node:fs';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** Opening never waits for the other end of a pipe, and never follows a link. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;

export interface BoundedRead {
  /** As they were when the file was opened. */
  readonly stats: Stats;
  /** The content, where the caller's buffer was used; null when this is no regular file, or one that is longer than allowed. */
  readonly bytes: Buffer | null;
}

/**
 * Read a regular file of at most `maxBytes`, however much it grows meanwhile.
 *
 * @param into of more than `maxBytes` bytes; the content is a part of it, and good until it is used again. Default: a new one.
 * @throws the system's error when the file cannot be opened or read; `ELOOP` for a link.
 */
export function readBounded(path: string, maxBytes: number, into?: Buffer): BoundedRead {
  const handle = openSync(path, FLAGS);
  try {
    const stats = fstatSync(handle);
    if (!stats.isFile() || stats.size > maxBytes) return { stats, bytes: null };
    const buffer = into ?? Buffer.allocUnsafeSlow(stats.size + 1);
    const length = readExpected(handle, stats.size, buffer);
    return { stats, bytes: length > maxBytes ? null : buffer.subarray(0, length) };
  } finally {
    closeSync(handle);
  }
}

/**
 * Whether a file holds exactly these bytes. That takes three calls of the system, where {@link readBounded} takes four: what
 * kind of file it is, and how long, need not be known.
 *
 * @param into longer than `bytes`; what is in it is lost
 * @throws the system's error when the file cannot be opened or read
 */
export function holdsBytes(path: string, bytes: Buffer, into: Buffer): boolean {
  const handle = openSync(path, FLAGS);
  try {
    const length = readExpected(handle, bytes.length, into);
    return bytes.compare(into, 0, length) === 0;
  } finally {
    closeSync(handle);
  }
}

/** Read as many bytes as are expected; one more shows that there are more. @returns how many there were */
function readExpected(handle: number, expected: number, into: Buffer): number {
  let length = 0;
  while (length <= expected) {
    const count = readSync(handle, into, length, expected + 1 - length, null);
    length += count;
    // Less than was asked for, and as much as was expected: that is the end.
    if (count === 0 || length === expected) break;
  }
  return length;
}
