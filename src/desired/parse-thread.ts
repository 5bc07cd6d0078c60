/** A thread's part in parsing, and all that it runs; what starts it is `parse-in-parallel.ts`. */

import { parentPort, workerData } from 'node:worker_threads';

import type { ParsedShare, ParseJob } from './parse-job.ts';
import { noteDocuments, takeShare } from './parse-job.ts';
import { parseYaml } from './parse-yaml.ts';

const job = workerData as ParseJob;
for (let share = takeShare(job); share !== null; share = takeShare(job)) {
  const parsed = share.files.map((bytes) => parseYaml(bytes));
  noteDocuments(job, parsed);
  const done: ParsedShare = { from: share.from, json: JSON.stringify(parsed) };
  parentPort?.postMessage(done, []);
}
