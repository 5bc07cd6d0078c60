/** Settings from everywhere: defaults < config file < environment < flags. */

import { checkSettings } from './check-settings.ts';
import type { Environment } from './environment.ts';
import type { Given } from './given-value.ts';
import { unfitValue } from './given-value.ts';
import type { Option, ValueOf } from './option.ts';
import type { OptionPath } from './options.ts';
import { OPTIONS } from './options.ts';
import { parseOption } from './parse-option.ts';
import { readConfigFile } from './read-config-file.ts';
import { findUnknownVariables, readEnvironmentValues } from './read-environment-values.ts';
import type { FlagValues } from './read-flag-values.ts';
import { readFlagValues } from './read-flag-values.ts';
import type { Settings } from './settings.ts';
import type { SettingsProblem } from './settings-problem.ts';
import { SettingsError } from './settings-problem.ts';

export interface SettingsOrigins {
  readonly flags: FlagValues;
  readonly environment: Environment;
  /** Path of the config file; null for none. */
  readonly configFile: string | null;
  /** Whether the log goes to a terminal. */
  readonly isTerminal: boolean;
}

export interface LoadedSettings {
  readonly settings: Settings;
  /** What the person should be told and may be left as it is: unknown environment variables. */
  readonly warnings: readonly SettingsProblem[];
}

/**
 * Read every setting. A value that does not do is an error even where another origin overrides it.
 *
 * @throws SettingsError with everything that is wrong, in the order file, environment, flags
 */
export function loadSettings({ flags, environment, configFile, isTerminal }: SettingsOrigins): LoadedSettings {
  // Each overrides those before it.
  const origins: readonly Given[] = [
    configFile === null ? { values: [], problems: [] } : readConfigFile(configFile),
    { values: readEnvironmentValues(environment), problems: [] },
    readFlagValues(flags),
  ];
  const values = new Map(OPTIONS.map((option) => [option.path, defaultOf(option, isTerminal)]));
  const sources = new Map<OptionPath, string>();
  const problems: SettingsProblem[] = [];
  for (const origin of origins) {
    problems.push(...origin.problems);
    for (const given of origin.values) {
      const value = parseOption(given.option, given.text);
      if (value.ok) {
        values.set(given.option.path, value.value);
        sources.set(given.option.path, given.source);
      } else {
        problems.push(unfitValue(given, value.wrong));
      }
    }
  }
  const settings = nest(values);
  const unread = new Set(problems.flatMap(({ setting }) => (setting === null ? [] : [setting])));
  problems.push(...checkSettings(settings, configFile, unread, (path) => sources.get(path) ?? null));
  if (problems.length > 0) throw new SettingsError(problems);
  return { settings, warnings: findUnknownVariables(environment) };
}

function defaultOf(option: Option, isTerminal: boolean): ValueOf<Option> {
  const onTerminal = option.type === 'enum' && isTerminal ? option.terminalDefault : undefined;
  const text = onTerminal ?? option.default;
  if (text === null) return null;
  const value = parseOption(option, String(text));
  if (!value.ok) throw new TypeError(`The default of ${option.path} ${value.wrong}.`);
  return value.value;
}

function nest(values: ReadonlyMap<OptionPath, ValueOf<Option>>): Settings {
  const groups: Record<string, Record<string, ValueOf<Option>>> = {};
  for (const [path, value] of values) {
    const [group, name] = path.split('.') as [string, string];
    (groups[group] ??= {})[name] = value;
  }
  // `Settings` is derived from the same declarations, and every one of them has a value here.
  return groups as unknown as Settings;
}
