import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** A file that could not be taken. The message completes "the file ..."; it holds neither path nor content. */
export class SmallFileError extends Error {
  override readonly name = 'SmallFileError';
  /** True when there is no such file. */
  readonly absent: boolean;

  constructor(message: string, absent: boolean, options?: ErrorOptions) {
    super(message, options);
    this.absent = absent;
  }
}

/**
 * The text of a regular file, following links, without a byte order mark.
 *
 * @param maxBytes a longer file is refused
 * @throws SmallFileError when it is absent, unreadable, not a regular file, too large, or not UTF-8
 */
export function readSmallFile(path: string, maxBytes: number): string {
  const bytes = readBytes(path, maxBytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new SmallFileError('is not UTF-8', false, { cause: error });
  }
}

function readBytes(path: string, maxBytes: number): Uint8Array {
  let file: number | null = null;
  try {
    // Without O_NONBLOCK, opening a named pipe waits for a writer that may never come.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    if (!fstatSync(file).isFile()) throw new SmallFileError('is not a regular file', false);
    return readUpTo(file, maxBytes);
  } catch (error) {
    throw error instanceof SmallFileError ? error : explain(error);
  } finally {
    if (file !== null) closeSync(file);
  }
}

function readUpTo(file: number, maxBytes: number): Uint8Array {
  const buffer = Buffer.alloc(maxBytes + 1);
  let length = 0;
  for (;;) {
    const read = readSync(file, buffer, length, buffer.length - length, null);
    length += read;
    if (length > maxBytes) throw new SmallFileError(`is larger than ${String(maxBytes)} bytes`, false);
    if (read === 0) return buffer.subarray(0, length);
  }
}

function explain(error: unknown): SmallFileError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  if (code === 'ENOENT' || code === 'ENOTDIR') return new SmallFileError('does not exist', true, { cause: error });
  if (code === 'EACCES' || code === 'EPERM') {
    return new SmallFileError('may not be read by this user', false, { cause: error });
  }
  return new SmallFileError(`cannot be read (${code})`, false, { cause: error });
}
