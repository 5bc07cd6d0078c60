/** Many files parsed by several threads: parsing takes most of a cold start, and needs nothing but the bytes. */

import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { parseThread } from '#parse-thread';

import { deferOptimizing } from './defer-optimizing.ts';
import type { ParsedShare, ParseJob } from './parse-job.ts';
import { addFile, completeJob, createParseJob, noteDocuments, takeShare } from './parse-job.ts';
import type { ParsedFile } from './parse-yaml.ts';
import { parseYaml } from './parse-yaml.ts';

/** Files that are parsed while others are still being read. */
export interface Parsing {
  add(bytes: Uint8Array): void;
  /**
   * There are no more: resolves when the files were parsed. Where only a few were added, none is; beyond the documents wanted, the
   * rest is left alone; and what a thread took and did not deliver is missing. Rejects with what `deliver` throws.
   */
  finish(): Promise<void>;
}

/**
 * @param mostDocuments how many are wanted
 * @param deliver is given each file that was parsed, by its number in the order of adding, in any order
 */
export type BeginParsing = (mostDocuments: number, deliver: (index: number, parsed: ParsedFile) => void) => Parsing;

export interface ParallelOptions {
  /** Threads that may compute at once, this one included. */
  readonly threads: number;
  /** Room for new objects, for each of the others. Hardly any outlives its file, but with less room there are more collections. */
  readonly youngGenerationMiB: number;
  /** What each of the others runs: a script. Default: the one that the build makes. */
  readonly code?: string;
}

/** Below so many files, a thread has hardly started when the work is done. */
const FEW = 200;
/** More threads than this wait for this one to read what they have done. */
const MOST_THREADS = 4;

/**
 * Threads are started for the occasion, and end with it. All take their shares from one place, this thread among them, once it
 * has read; so it does not matter how late another one starts. What a thread took and did not deliver is missing.
 */
export function createParallelParser(options: ParallelOptions): BeginParsing {
  const others = Math.min(options.threads, MOST_THREADS) - 1;
  return (mostDocuments, deliver) => {
    const files: Uint8Array[] = [];
    let job: ParseJob | null = null;
    let ended: readonly Promise<void>[] = [];
    let failure: { readonly error: unknown } | null = null;
    /** In a thread's message nobody could catch it. */
    const take: typeof deliver = (index, parsed) => {
      try {
        deliver(index, parsed);
      } catch (error) {
        failure ??= { error };
      }
    };
    const start = (): ParseJob => {
      const started = createParseJob(mostDocuments);
      for (const bytes of files) addFile(started, bytes);
      ended = Array.from({ length: others }, async () => runThread(options, started, take));
      return started;
    };

    return {
      add(bytes) {
        if (job !== null) addFile(job, bytes);
        else if (files.push(bytes) === FEW) job = start();
      },
      async finish() {
        if (job === null) return;
        completeJob(job);
        for (let share = takeShare(job); share !== null; share = takeShare(job)) {
          const here = share.files.map((bytes) => parseYaml(bytes));
          noteDocuments(job, here);
          for (const [index, file] of here.entries()) take(share.from + index, file);
          await setImmediate();
        }
        await Promise.all(ended);
        if (failure !== null) throw failure.error;
      },
    };
  };
}

/** Resolves when the thread has ended, whatever it ended of. */
async function runThread(
  { code = parseThread, youngGenerationMiB }: ParallelOptions,
  job: ParseJob,
  deliver: (index: number, parsed: ParsedFile) => void,
): Promise<void> {
  try {
    const worker = new Worker(code, {
      eval: true,
      workerData: job,
      argv: [],
      env: {},
      resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMiB },
    });
    // Not sooner: under another flag than Node was built with, a thread takes up to twice as long to start.
    worker.once('online', () => deferOptimizing());
    worker.on('message', ({ from, json }: ParsedShare) => {
      for (const [index, file] of (JSON.parse(json) as readonly ParsedFile[]).entries()) deliver(from + index, file);
    });
    await once(worker, 'exit');
  } catch {
    // Where no thread can be had, there is this one.
  }
}
