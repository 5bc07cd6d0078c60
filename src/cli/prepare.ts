/** What commands with settings do first: read the settings, open the log, say what is odd. */

import { homedir } from 'node:os';
import { isAbsolute, relative, resolve } from 'node:path';
import { loadSettings } from '../config/load-settings.ts';
import { readApiKey } from '../config/read-api-key.ts';
import { readLoginKey } from '../config/read-login-key.ts';
import type { Settings } from '../config/settings.ts';
import { formatSettingsProblem } from '../config/settings-problem.ts';
import type { Log, LogContext } from '../report/log.ts';
import { openLog } from './open-log.ts';
import type { CommonOptions } from './common-options.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

export interface Prepared {
  readonly settings: Settings;
  readonly log: Log;
  /** What every log line carries; set it as it becomes known. */
  readonly logContext: { pass: number | null; revision: string | null };
}

/** @throws SettingsError */
export function prepare(
  terminal: Terminal,
  { flags, configFile }: CommonOptions,
  logStream: 'stdout' | 'stderr',
): Prepared {
  const { environment } = terminal;
  const isTerminal = terminal[logStream].isTerminal;
  const { settings, warnings } = loadSettings({ flags, environment, configFile, isTerminal });
  const logContext: { pass: number | null; revision: string | null } = { pass: null, revision: null };
  const log = openLog(terminal, logStream, settings.log, (): LogContext => logContext);
  for (const warning of warnings) log.say('warn', formatSettingsProblem(warning));
  return { settings, log, logContext };
}

const HOW_TO_GIVE_A_KEY =
  'set DATABAR_API_KEY, or DATABAR_API_KEY_FILE to a file that holds it; to try without one: databar-sync run --sandbox';

/**
 * A getter of the API key, which reads a key file anew each time; empty when there is none any more.
 *
 * @param lastResort whether the vendor's login file may serve: for commands that a person runs, never the daemon
 * @throws UsageError when there is no key to begin with
 */
export function requireApiKey(settings: Settings, lastResort: boolean): () => string {
  const first = readApiKey(settings);
  if (first.status === 'unreadable') throw new UsageError(first.message);
  if (first.status === 'ok') {
    return () => {
      const reading = readApiKey(settings);
      return reading.status === 'ok' ? reading.key : '';
    };
  }
  const login = lastResort ? readLoginKey(homedir()) : null;
  if (login?.status === 'ok') return () => login.key;
  throw new UsageError(`there is no API key: ${HOW_TO_GIVE_A_KEY}`);
}

/** Turns a path relative to the source directory into one relative to the working directory. */
export function displayFileFrom(cwd: string, sourceDir: string): (file: string) => string {
  return (file) => {
    const shown = relative(cwd, resolve(cwd, sourceDir, file));
    return shown.startsWith('..') || isAbsolute(shown) ? resolve(cwd, sourceDir, file) : shown;
  };
}
