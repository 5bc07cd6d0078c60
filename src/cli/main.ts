#!/usr/bin/env node
/** The entry: of the program, and of the threads that it starts. */

import { parseJobOfThread } from '../desired/parse-job.ts';

const job = parseJobOfThread();
if (job === null) {
  const { runProgram } = await import('./run-program.ts');
  process.exitCode = await runProgram(process.argv.slice(2));
} else {
  const { runParseJob } = await import('../desired/run-parse-job.ts');
  runParseJob(job);
}
