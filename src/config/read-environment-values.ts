import type { Environment } from './environment.ts';
import type { GivenValue } from './given-value.ts';
import { nearestVariable } from './nearest-setting.ts';
import { OPTIONS } from './options.ts';
import type { SettingsProblem } from './settings-problem.ts';

const PREFIX = 'DATABAR_SYNC_';

// Kubernetes sets these in every container beside a Service called databar-sync.
const OF_KUBERNETES = /^DATABAR_SYNC_(SERVICE_|PORT)/;

/** The settings that environment variables give. An empty one counts as unset, as containers often cannot unset. */
export function readEnvironmentValues(environment: Environment): readonly GivenValue[] {
  return OPTIONS.flatMap((option): readonly GivenValue[] => {
    const text = option.env === null ? undefined : environment[option.env];
    if (text === undefined || text.trim() === '') return [];
    return [{ option, source: `environment ${String(option.env)}`, text }];
  });
}

/** A warning for each variable with our prefix that is no setting. None can be for definitions: they may not read it. */
export function findUnknownVariables(environment: Environment): readonly SettingsProblem[] {
  const known = new Set<string | null>(OPTIONS.map(({ env }) => env));
  const unknown = Object.keys(environment).filter(
    (name) => name.startsWith(PREFIX) && !known.has(name) && !OF_KUBERNETES.test(name),
  );
  return unknown.toSorted().map((name) => ({
    source: `environment ${name}`,
    setting: null,
    message: 'there is no such setting, and the variable is ignored',
    expected: null,
    suggestion: nearestVariable(name),
  }));
}
