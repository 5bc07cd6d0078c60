/** Runs the command that was asked for; here is the one top-level catch. */

import { readEnvironment } from '../config/environment.ts';
import { createProgram } from './program.ts';
import { describeFailure } from './describe-failure.ts';
import { openTerminal } from './terminal.ts';

/** @returns the exit code */
export async function runProgram(args: readonly string[]): Promise<number> {
  const terminal = openTerminal(process, readEnvironment());
  const { stdout, stderr } = terminal;
  // Node would print the error with all that hangs on it, answers of the server among them. This also gets rejections that
  // nobody handles.
  process.on('uncaughtException', (error) => {
    stderr.write(`${describeFailure(error).message}\n`);
    process.exit(1);
  });
  try {
    return await createProgram(terminal).run(args);
  } catch (error) {
    const failure = describeFailure(error);
    if (failure.message !== '') stderr.write(`${failure.message}\n`);
    if (failure.exitCode !== 0 && wantsJson(args)) {
      await stdout.print(`${JSON.stringify({ error: failure.message }, null, 2)}\n`);
    }
    return failure.exitCode;
  }
}

/** Who asked for JSON gets one JSON document on stdout, also when the command never began. */
function wantsJson(args: readonly string[]): boolean {
  return args.some((arg, index) => arg === '--output=json' || (arg === '--output' && args[index + 1] === 'json'));
}
