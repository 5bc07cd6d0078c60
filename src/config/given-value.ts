import { nearestName } from '../model/nearest-name.ts';
import { describeAccepted } from './describe-option.ts';
import type { DeclaredOption } from './options.ts';
import type { SettingsProblem } from './settings-problem.ts';

/** The value of a setting as it was written somewhere, not yet read. */
export interface GivenValue {
  readonly option: DeclaredOption;
  /** As in {@link SettingsProblem.source}. */
  readonly source: string;
  readonly text: string;
}

/** What one origin gave: values to be read, and what is wrong already. */
export interface Given {
  readonly values: readonly GivenValue[];
  readonly problems: readonly SettingsProblem[];
}

/** A value that does not do. @param wrong completes "the value ..." */
export function unfitValue({ option, source, text }: GivenValue, wrong: string): SettingsProblem {
  return {
    source,
    setting: option.path,
    message: `${showValue(option, text)} ${wrong}`,
    expected: describeAccepted(option),
    suggestion: nearestValue(option, text.trim()),
  };
}

/** A name as it may be shown: quoted, control characters escaped, cut when it is long. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

function showValue(option: DeclaredOption, text: string): string {
  // An address with one of these may hold credentials.
  const hidden = option.secret || (option.type === 'url' && /[@?#]/.test(text));
  return hidden || text.trim() === '' ? `the value of ${option.path}` : quote(text);
}

function nearestValue(option: DeclaredOption, text: string): string | null {
  if (option.type === 'enum') return nearestName(text, option.choices);
  if (option.type === 'list') return nearestList(text, option.choices);
  if (option.type === 'boolean') return nearestName(text, ['true', 'false']);
  return option.type === 'duration' && /^\d{1,15}$/.test(text) ? `${text}s` : null;
}

/** The list with each stranger in it replaced by the choice that it stands for; null when one stands for none. */
function nearestList(text: string, choices: readonly string[]): string | null {
  const meant = text.split(',').map((part) => nearestName(part.trim(), choices));
  return meant.includes(null) ? null : meant.join(',');
}
