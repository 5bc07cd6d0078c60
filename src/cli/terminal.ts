/** The outside world as commands see it: streams, environment, place and signals. Passed in, so that nothing reads globals. */

import type { Environment } from '../config/environment.ts';
import type { SecretScrubber } from '../report/secret-scrubber.ts';
import { createSecretScrubber } from '../report/secret-scrubber.ts';

export interface Terminal {
  readonly environment: Environment;
  /** The working directory. */
  readonly cwd: string;
  readonly stdout: Output;
  readonly stderr: Output;
  /** What stdout, stderr and the log pass through. */
  readonly scrubber: SecretScrubber;
  /** Signals, uncaught errors and the exit, for the daemon. */
  readonly process: NodeJS.Process;
}

export interface Output {
  readonly isTerminal: boolean;
  /** A terminal that wants colours. */
  readonly colour: boolean;
  /** Of the terminal, in cells, as it is now; null when it is none. */
  size(): { readonly columns: number; readonly rows: number } | null;
  write(text: string): void;
  /** Resolves when the text is out, so that a result is never cut short by the end of the process. */
  print(text: string): Promise<void>;
  /** Aborted once it takes no more, for its reader has gone: who writes again and again ends then. */
  readonly ended: AbortSignal;
}

export function openTerminal(process: NodeJS.Process, environment: Environment): Terminal {
  const scrubber = createSecretScrubber();
  return {
    environment,
    cwd: process.cwd(),
    stdout: createOutput(process.stdout, environment, scrubber),
    stderr: createOutput(process.stderr, environment, scrubber),
    scrubber,
    process,
  };
}

function createOutput(stream: NodeJS.WriteStream, environment: Environment, { scrub }: SecretScrubber): Output {
  // A reader that went away (`| head`) is not an error of ours.
  const end = new AbortController();
  stream.on('error', () => end.abort());
  const isTerminal = stream.isTTY;
  return {
    isTerminal,
    colour: isTerminal && (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb',
    size: () => (isTerminal ? { columns: stream.columns, rows: stream.rows } : null),
    write: (text) => {
      stream.write(scrub(text));
    },
    print: async (text) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      stream.write(scrub(text), () => resolve());
      await promise;
    },
    ended: end.signal,
  };
}
