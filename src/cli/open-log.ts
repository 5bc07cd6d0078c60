/** The log of a command, on the stream and in the format that its settings ask for. */

import { pino } from 'pino';
import type { Settings } from '../config/settings.ts';
import type { Log, LogContext } from '../report/log.ts';
import { createLog } from '../report/log.ts';
import { createPrettyDestination } from '../report/pretty.ts';
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
      : pino.destination({ dest: DESCRIPTORS[stream], sync: true });
  return createLog({ level, destination, context });
}
