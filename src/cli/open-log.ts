/** The log of a command, on the stream and in the format that its settings ask for. */

import type { DestinationStream } from 'pino';
import { pino } from 'pino';
import type { Settings } from '../config/settings.ts';
import type { Log, LogContext } from '../report/log.ts';
import { createLog } from '../report/log.ts';
import { createPrettyDestination } from '../report/pretty.ts';
import type { SecretScrubber } from '../report/secret-scrubber.ts';
import type { Terminal } from './terminal.ts';

const DESCRIPTORS = { stdout: 1, stderr: 2 } as const;

export function openLog(
  terminal: Terminal,
  stream: 'stdout' | 'stderr',
  { level, format }: Settings['log'],
  context: () => LogContext,
): Log {
  const output = terminal[stream];
  const destination =
    format === 'pretty'
      ? createPrettyDestination((text) => output.write(text), output.colour)
      : scrubbed(pino.destination({ dest: DESCRIPTORS[stream], sync: true }), terminal.scrubber);
  return createLog({ level, destination, context });
}

function scrubbed(destination: DestinationStream, { scrub }: SecretScrubber): DestinationStream {
  return { write: (line) => destination.write(scrub(line)) };
}
