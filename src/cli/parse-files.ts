/** Parsing with as many threads as the machine has for us; each begins with this program's own file. */

import { availableParallelism } from 'node:os';
import type { ParseFiles } from '../desired/parse-in-parallel.ts';
import { createParallelParser } from '../desired/parse-in-parallel.ts';
import type { Terminal } from './terminal.ts';

export function parserOf({ process }: Terminal): ParseFiles {
  return createParallelParser({ program: process.argv[1] ?? '', threads: availableParallelism() });
}
