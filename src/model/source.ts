/** What the source directory holds at one moment: bytes, not yet judged. */

import type { Problem } from './problem.ts';

export interface SourceFile {
  /** Relative to the source directory, with `/` on every platform. */
  readonly path: string;
  /** Never written to. */
  readonly bytes: Buffer;
}

/** A directory that was read whole. It may be empty. */
export interface SourceTree {
  readonly status: 'ok';
  /** Sorted by path. */
  readonly files: readonly SourceFile[];
  /** Files that could not be taken: too large, unreadable, not regular, a link to outside. */
  readonly problems: readonly Problem[];
  /** Git commit of the tree, 40 or 64 hex digits, with `-dirty` when known to differ; null outside git. */
  readonly revision: string | null;
}

/** A directory that could not be read whole, so nothing may be concluded from what is absent. */
export interface SourceUnavailable {
  readonly status: 'missing' | 'unreadable';
  /** A sentence for the log. */
  readonly message: string;
}

export type SourceReading = SourceTree | SourceUnavailable;

/** A line of a file, from 1, without its line end, as it was when the file was read; null when there is none. */
export type SourceLines = (file: string, line: number) => string | null;
