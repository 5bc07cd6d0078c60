/** The flags that settings declare, for commander, and what was given of them. */

import type { Command } from 'commander';
import { Option as Flag } from 'commander';
import { describeAccepted, describeDefault } from '../config/describe-option.ts';
import type { Option } from '../config/option.ts';
import type { OptionPath } from '../config/options.ts';
import { OPTIONS } from '../config/options.ts';
import type { FlagValues } from '../config/read-flag-values.ts';

type Group =
  | 'source'
  | 'secrets'
  | 'api'
  | 'sync'
  | 'limits'
  | 'retry'
  | 'state'
  | 'http'
  | 'metrics'
  | 'notify'
  | 'log'
  | 'shutdown';

/** Add `--config` and the flags of some groups of settings, or of single ones. */
export function addSettingsFlags(command: Command, groups: readonly (Group | OptionPath)[]): Command {
  command.option('--config <file>', 'read settings from this YAML file');
  for (const option of OPTIONS) {
    const flag = flagOf(option);
    if (flag !== null && groups.some((group) => isIn(group, option))) command.addOption(flag);
  }
  return command;
}

function isIn(group: Group | OptionPath, { path }: Option): boolean {
  return path === group || path.startsWith(`${group}.`);
}

/** The flags that were given, by the path of their setting. */
export function givenFlags(options: Readonly<Record<string, unknown>>): FlagValues {
  const given: Record<string, unknown> = {};
  for (const option of OPTIONS) {
    const flag = flagOf(option);
    if (flag !== null && options[flag.attributeName()] !== undefined)
      given[option.path] = options[flag.attributeName()];
  }
  return given;
}

function flagOf(option: Option): Flag | null {
  if (option.flag === null) return null;
  if (option.type === 'boolean') return new Flag(option.flag, option.description);
  const about = `${option.description} (${describeAccepted(option)}; default ${describeDefault(option)})`;
  return new Flag(`${option.flag} <${option.type === 'enum' ? 'choice' : option.type}>`, about);
}
