#!/usr/bin/env node
/** The entry. */

import { runProgram } from './run-program.ts';

process.exitCode = await runProgram(process.argv.slice(2));
