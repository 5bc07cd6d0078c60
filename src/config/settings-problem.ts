import type { OptionPath } from './options.ts';

/** Something wrong with a setting that was given. It never holds the value of a secret. */
export interface SettingsProblem {
  /** Where it was given: `flag --rate`, `environment DATABAR_SYNC_RATE`, or `file:line:column`. */
  readonly source: string;
  /** The setting; null when what was given is none. */
  readonly setting: OptionPath | null;
  /** What is wrong, without a full stop. */
  readonly message: string;
  /** What would have been right, without a full stop; null when the message says it. */
  readonly expected: string | null;
  /** The nearest right name; null when nothing is near. */
  readonly suggestion: string | null;
}

/** One line for a person: `environment DATABAR_SYNC_RATE: "fast" is not a rate. Expected 10/s, 300/m or off.` */
export function formatSettingsProblem({ source, message, expected, suggestion }: SettingsProblem): string {
  const expectation = expected === null ? '' : ` Expected ${expected}.`;
  const question = suggestion === null ? '' : ` Did you mean ${suggestion}?`;
  return `${source}: ${message}.${expectation}${question}`;
}

/** The settings cannot be used. The message has a line for each problem. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  /** All of them, at least one. */
  readonly problems: readonly SettingsProblem[];

  constructor(problems: readonly SettingsProblem[], options?: ErrorOptions) {
    super(problems.map(formatSettingsProblem).join('\n'), options);
    this.problems = problems;
  }
}
