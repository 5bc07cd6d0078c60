/**
 * Parsing as a job for several threads: the files, which they share while more are added, how they are taken, and what is given
 * back.
 *
 * The memory is shared, so no file is copied for a thread, and one that starts late finds what is left.
 */

export interface ParseJob {
  /** The files' bytes, one after the other; it grows. */
  readonly content: SharedArrayBuffer;
  /** Where each file ends in `content`. */
  readonly ends: Int32Array;
  /** See {@link TAKEN} and the others. */
  readonly progress: Int32Array;
  /** When so many documents were found, the rest is left alone. */
  readonly mostDocuments: number;
}

/** Parsed files, from one of them on, as JSON: that costs a fifth of a structured clone. */
export interface ParsedShare {
  readonly from: number;
  readonly json: string;
}

/** Places in `progress`: files taken, files added, 1 when there will be no more, documents found, and what waiting threads watch. */
const [TAKEN, ADDED, COMPLETE, DOCUMENTS, NEWS] = [0, 1, 2, 3, 4] as const;

/** Files that one job can share; more are not shared. */
const MOST_FILES = 128 * 1024;
/** Bytes of the same. */
const MOST_BYTES = 256 * 1024 * 1024;
/** By how much the shared memory grows, in bytes. */
const GROWTH = 1024 * 1024;
/** Files taken at a time. */
const SHARE = 64;

export function createParseJob(mostDocuments: number): ParseJob {
  const numbers = (count: number): Int32Array =>
    new Int32Array(new SharedArrayBuffer(count * Int32Array.BYTES_PER_ELEMENT));
  return {
    content: new SharedArrayBuffer(0, { maxByteLength: MOST_BYTES }),
    ends: numbers(MOST_FILES),
    progress: numbers(5),
    mostDocuments,
  };
}

/** Add a file, by one thread alone. One that there is no room for completes the job; it and all that follow are left out. */
export function addFile(job: ParseJob, bytes: Uint8Array): void {
  const { content, ends, progress } = job;
  const added = Atomics.load(progress, ADDED);
  const start = ends[added - 1] ?? 0;
  const end = start + bytes.length;
  if (added === MOST_FILES || end > MOST_BYTES) completeJob(job);
  if (Atomics.load(progress, COMPLETE) === 1) return;
  if (end > content.byteLength) content.grow(Math.min(MOST_BYTES, end + GROWTH));
  new Uint8Array(content).set(bytes, start);
  ends[added] = end;
  Atomics.store(progress, ADDED, added + 1);
  if ((added + 1) % SHARE === 0) wakeThreads(progress);
}

/** There will be no more files. */
export function completeJob({ progress }: ParseJob): void {
  Atomics.store(progress, COMPLETE, 1);
  wakeThreads(progress);
}

function wakeThreads(progress: Int32Array): void {
  Atomics.add(progress, NEWS, 1);
  Atomics.notify(progress, NEWS);
}

export interface Share {
  readonly from: number;
  readonly files: readonly Uint8Array[];
}

/** The next files that nobody has taken yet, once they are there: it blocks until then. Null when there are no more. */
export function takeShare({ content, ends, progress, mostDocuments }: ParseJob): Share | null {
  if (Atomics.load(progress, DOCUMENTS) > mostDocuments) return null;
  const from = Atomics.add(progress, TAKEN, SHARE);
  const to = Math.min(from + SHARE, awaitFiles(progress, from + SHARE));
  if (to <= from) return null;
  const start = ends[from - 1] ?? 0;
  // A copy, since what is shared cannot be decoded.
  const bytes = new Uint8Array(content).slice(start, ends[to - 1]);
  const fileAt = (index: number): Uint8Array =>
    bytes.subarray((ends[index - 1] ?? 0) - start, (ends[index] ?? 0) - start);
  return { from, files: Array.from({ length: to - from }, (_, index) => fileAt(from + index)) };
}

/** @returns how many files there are: at least as many as wanted, unless there will be no more */
function awaitFiles(progress: Int32Array, wanted: number): number {
  for (;;) {
    // Before the look: what happens after it ends the wait.
    const news = Atomics.load(progress, NEWS);
    const isComplete = Atomics.load(progress, COMPLETE) === 1;
    const added = Atomics.load(progress, ADDED);
    if (added >= wanted || isComplete) return added;
    Atomics.wait(progress, NEWS, news);
  }
}

export function noteDocuments(
  { progress }: ParseJob,
  parsed: readonly { readonly documents: readonly unknown[] }[],
): void {
  Atomics.add(
    progress,
    DOCUMENTS,
    parsed.reduce((sum, { documents }) => sum + documents.length, 0),
  );
}
