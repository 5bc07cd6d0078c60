import { nearestName } from '../model/nearest-name.ts';
import { OPTIONS } from './options.ts';

const PATHS: readonly string[] = OPTIONS.map(({ path }) => path);
const GROUPS: ReadonlySet<string> = new Set(PATHS.map((path) => path.slice(0, path.indexOf('.'))));

/**
 * The setting, or the group of settings, that an unknown name stands for: mistyped (`sync.intervall`, `snyc`), put
 * into the wrong group (`api.interval`), or without its group (`interval`).
 */
export function nearestSetting(path: string): string | null {
  const [group = '', ...rest] = path.split('.');
  if (rest.length === 0) return nearestName(group, GROUPS) ?? nearestByTail(group, PATHS);
  const name = rest.join('.');
  const inGroup = PATHS.filter((known) => known.startsWith(`${group}.`));
  return nearestByTail(name, inGroup) ?? nearestName(path, PATHS) ?? nearestByTail(name, PATHS);
}

/** The variable that an unknown one, with our prefix, stands for. */
export function nearestVariable(name: string): string | null {
  const variables = OPTIONS.flatMap(({ env }) => (env === null ? [] : [env]));
  // The prefix is so long that with it any two short names look alike.
  const tails = new Map(variables.map((variable) => [withoutPrefix(variable), variable]));
  return tails.get(nearestName(withoutPrefix(name), tails.keys()) ?? '') ?? null;
}

function nearestByTail(name: string, paths: readonly string[]): string | null {
  const tails = new Map(paths.map((path) => [path.slice(path.indexOf('.') + 1), path]));
  return tails.get(nearestName(name, tails.keys()) ?? '') ?? null;
}

function withoutPrefix(variable: string): string {
  return variable.replace(/^DATABAR_(SYNC_)?/, '');
}
