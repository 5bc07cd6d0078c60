/** Parsing with as many threads as the machine has for us. */

import { availableParallelism } from 'node:os';
import type { BeginParsing } from '../desired/parse-in-parallel.ts';
import { createParallelParser } from '../desired/parse-in-parallel.ts';

export const beginParsing: BeginParsing = (mostDocuments, deliver) =>
  createParallelParser({ threads: availableParallelism() })(mostDocuments, deliver);
