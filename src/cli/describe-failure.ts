/** What a person reads when a command ends with an error, and the exit code. */

import { CommanderError } from 'commander';
import { SettingsError } from '../config/settings-problem.ts';
import { StateLockedError } from '../state/lock.ts';
import { StateTooNewError } from '../state/migrations.ts';
import { UsageError } from './usage-error.ts';

/** Errors that a person can mend: their message says what to do, and a stack would only hide it. */
const TOLD_PLAINLY = [SettingsError, UsageError, StateLockedError, StateTooNewError];

export interface Failure {
  readonly message: string;
  readonly exitCode: number;
}

export function describeFailure(error: unknown): Failure {
  // Commander has printed its own message, and help and version are no failures.
  if (error instanceof CommanderError) {
    return { message: error.exitCode === 0 ? '' : withoutValues(error), exitCode: error.exitCode };
  }
  if (error instanceof Error && TOLD_PLAINLY.some((kind) => error instanceof kind))
    return { message: `error: ${error.message}`, exitCode: 1 };
  // A defect of ours: the stack is what a bug report needs.
  return { message: error instanceof Error ? (error.stack ?? error.message) : String(error), exitCode: 1 };
}

/** Who mistypes a flag, or gives a key where there is no flag for it, must not find the value in the log. */
function withoutValues({ code, message }: CommanderError): string {
  switch (code) {
    case 'commander.unknownOption':
      return message.replace(/^(error: unknown option '[^=']*)=.*'/su, "$1'");
    case 'commander.excessArguments':
      return message.replace(/( but got \d+): .*$/su, '$1.');
    default:
      return message;
  }
}
