import type { Stats } from 'node:fs';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** Opening never waits for the other end of a pipe, and never follows a link. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;

export interface BoundedRead {
  /** As they were when the file was opened. */
  readonly stats: Stats;
  /** The content; null when this is no regular file, or one that is longer than allowed. */
  readonly bytes: Buffer | null;
}

/**
 * Read a regular file of at most `maxBytes`, however much it grows meanwhile.
 *
 * @throws the system's error when the file cannot be opened or read; `ELOOP` for a link.
 */
export function readBounded(path: string, maxBytes: number): BoundedRead {
  const handle = openSync(path, FLAGS);
  try {
    const stats = fstatSync(handle);
    if (!stats.isFile() || stats.size > maxBytes) return { stats, bytes: null };
    // One byte more than expected shows that the file grew after it was measured.
    const buffer = Buffer.allocUnsafeSlow(Math.min(stats.size, maxBytes) + 1);
    let length = 0;
    while (length < buffer.length) {
      const count = readSync(handle, buffer, length, buffer.length - length, null);
      if (count === 0) break;
      length += count;
    }
    return { stats, bytes: length > maxBytes ? null : buffer.subarray(0, length) };
  } finally {
    closeSync(handle);
  }
}
