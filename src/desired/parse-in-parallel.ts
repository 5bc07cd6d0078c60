/** Many files parsed by several threads: parsing takes most of a cold start, and needs nothing but the bytes. */

import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

import type { ParsedShare, ParseJob } from './parse-job.ts';
import { noteDocuments, takeShare } from './parse-job.ts';
import type { ParsedFile } from './parse-yaml.ts';
import { parseYaml } from './parse-yaml.ts';

/**
 * Parses files; the results are in the order of the files. When more than `mostDocuments` were found, some may be missing.
 * Never rejects.
 */
export type ParseFiles = (
  files: readonly Uint8Array[],
  mostDocuments: number,
) => Promise<readonly (ParsedFile | undefined)[]>;

export interface ParallelOptions {
  /** The program's own file, which each thread begins with. */
  readonly program: string;
  /** Threads that may compute at once, this one included. */
  readonly threads: number;
}

/** Below so many files, a thread has hardly started when the work is done. */
const FEW = 500;
/** More threads than this wait for this one to read what they have done. */
const MOST_THREADS = 4;
/** Short-lived objects are nearly all there is; with room for them they need not be copied about. In MiB. */
const YOUNG_GENERATION = 32;

/**
 * Threads are started for the occasion, and end with it. All take their shares from one place, this thread among them; so it
 * does not matter how late another one starts. What a thread took and did not deliver is missing.
 */
export function createParallelParser({ program, threads }: ParallelOptions): ParseFiles {
  return async (files, mostDocuments) => {
    const others = files.length < FEW ? 0 : Math.min(threads, MOST_THREADS) - 1;
    const progress = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
    const job: ParseJob = { job: 'parse', files, progress, mostDocuments };
    const parsed: ParsedFile[] = [];
    const put = (from: number, share: readonly ParsedFile[]): void => {
      for (const [index, file] of share.entries()) parsed[from + index] = file;
    };

    const ended = Array.from({ length: others }, async () => runThread(program, job, put));
    for (let share = takeShare(job); share !== null; share = takeShare(job)) {
      const here = share.files.map((bytes) => parseYaml(bytes));
      noteDocuments(job, here);
      put(share.from, here);
      await setImmediate();
    }
    await Promise.all(ended);
    return files.map((_, index) => parsed[index]);
  };
}

/** Resolves when the thread has ended, whatever it ended of. */
async function runThread(
  program: string,
  job: ParseJob,
  put: (from: number, share: readonly ParsedFile[]) => void,
): Promise<void> {
  try {
    const worker = new Worker(program, {
      workerData: job,
      argv: [],
      env: {},
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION },
    });
    worker.on('message', ({ from, json }: ParsedShare) => put(from, JSON.parse(json) as readonly ParsedFile[]));
    await once(worker, 'exit');
  } catch {
    // Where no thread can be had, there is this one.
  }
}
