/** The log: one JSON line an event. */

import type { DestinationStream } from 'pino';
import { pino } from 'pino';
import type { EmitEvent } from '../model/event.ts';
import { describeEvent } from './describe-event.ts';

export type LogThreshold = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** What every line carries: which pass, of which commit. */
export interface LogContext {
  readonly pass: number | null;
  readonly revision: string | null;
}

export interface Log {
  readonly emit: EmitEvent;
  /** A line that is not an event: a warning at start-up, an unexpected error. */
  readonly say: (
    level: 'debug' | 'info' | 'warn' | 'error' | 'fatal',
    msg: string,
    detail?: Readonly<Record<string, unknown>>,
  ) => void;
  /** From info to debug, warn, error, and info again; a line that is never left out says so. */
  readonly cycleLevel: () => void;
}

/** What is wanted most in the middle of trouble comes first. */
const CYCLE: readonly LogThreshold[] = ['info', 'debug', 'warn', 'error'];

/** @param destination synchronous, so that no line is lost when the process ends */
export function createLog(options: {
  readonly level: LogThreshold;
  readonly destination: DestinationStream;
  readonly context: () => LogContext;
}): Log {
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: () => {
        const { pass, revision } = options.context();
        return { ...(pass === null ? {} : { pass }), ...(revision === null ? {} : { revision }) };
      },
    },
    options.destination,
  );

  return {
    emit: (event) => {
      const { level, msg } = describeEvent(event);
      if (!logger.isLevelEnabled(level)) return;
      const { event: name, ...payload } = event;
      logger[level]({ event: name, ...payload, notable: undefined }, msg);
    },
    say: (level, msg, detail = {}) => {
      logger[level](detail, msg);
    },
    cycleLevel: () => {
      const next = CYCLE[(CYCLE.findIndex((level) => level === logger.level) + 1) % CYCLE.length] ?? 'info';
      logger.level = 'info';
      logger.info({}, `the log level is now ${next}`);
      logger.level = next;
    },
  };
}
