/** Parsing as a job for several threads: what they are given, what they give back, and how they share it out. */

import { workerData } from 'node:worker_threads';

export interface ParseJob {
  readonly job: 'parse';
  readonly files: readonly Uint8Array[];
  /** Two numbers that all threads share: the first file that nobody has taken yet, and how many documents were found. */
  readonly progress: Int32Array;
  /** When so many documents were found, the rest is left alone. */
  readonly mostDocuments: number;
}

/** Parsed files, from one of them on, as JSON: that costs a fifth of a structured clone. */
export interface ParsedShare {
  readonly from: number;
  readonly json: string;
}

/** What this thread was started for; null in the program's first thread. */
export function parseJobOfThread(): ParseJob | null {
  const given: unknown = workerData;
  return typeof given === 'object' && given !== null && 'job' in given && given.job === 'parse'
    ? (given as ParseJob)
    : null;
}

/** Files taken at a time. */
const SHARE = 64;

export interface Share {
  readonly from: number;
  readonly files: readonly Uint8Array[];
}

/** The next files that nobody has taken yet; null when there are none. */
export function takeShare({ files, progress, mostDocuments }: ParseJob): Share | null {
  if (Atomics.load(progress, 1) > mostDocuments) return null;
  const from = Atomics.add(progress, 0, SHARE);
  return from < files.length ? { from, files: files.slice(from, from + SHARE) } : null;
}

export function noteDocuments(
  { progress }: ParseJob,
  parsed: readonly { readonly documents: readonly unknown[] }[],
): void {
  Atomics.add(
    progress,
    1,
    parsed.reduce((sum, { documents }) => sum + documents.length, 0),
  );
}
