import { describeAccepted } from './describe-option.ts';
import type { Given, GivenValue } from './given-value.ts';
import { quote } from './given-value.ts';
import { nearestSetting } from './nearest-setting.ts';
import { OPTIONS } from './options.ts';
import type { SettingsProblem } from './settings-problem.ts';

/** Values of flags by the path of their setting: text, or true for a bare flag. Undefined counts as not given. */
export type FlagValues = Readonly<Record<string, unknown>>;

/** The settings that flags give. */
export function readFlagValues(flags: FlagValues): Given {
  const values: GivenValue[] = [];
  const problems: SettingsProblem[] = [];
  for (const [path, value] of Object.entries(flags)) {
    if (value === undefined) continue;
    const option = OPTIONS.find((known) => known.path === path);
    const source = `flag ${option?.flag ?? path}`;
    if (option === undefined || option.flag === null) {
      const message = `${quote(path)} cannot be set by a flag`;
      const suggestion = option === undefined ? nearestSetting(path) : null;
      problems.push({ source, setting: option?.path ?? null, message, expected: null, suggestion });
    } else if (typeof value === 'string' || (typeof value === 'boolean' && option.type === 'boolean')) {
      values.push({ option, source, text: String(value) });
    } else {
      const [message, expected] = ['the flag has no value', describeAccepted(option)];
      problems.push({ source, setting: option.path, message, expected, suggestion: null });
    }
  }
  return { values, problems };
}
