/** The settings, resolved: what the rest of the program works with. */

import type { ValueOf } from './option.ts';
import type { DeclaredOption, OptionPath } from './options.ts';

type GroupOf<P extends string> = P extends `${infer Group}.${string}` ? Group : never;
type NamesIn<Group extends string> = OptionPath extends infer P
  ? P extends `${Group}.${infer Name}`
    ? Name
    : never
  : never;
type ValueAt<P extends OptionPath> = ValueOf<Extract<DeclaredOption, { readonly path: P }>>;

/**
 * One group for each first part of a setting's path, one property for each second part, as declared in
 * `options.ts`: `settings.sync.interval`.
 *
 * Durations are milliseconds; `off` and none are null; `api.baseUrl` has neither a trailing slash nor a trailing
 * `/v1`; paths are as given, relative to the working directory. Secrets are in clear text: never log this object.
 */
export type Settings = {
  readonly [Group in GroupOf<OptionPath>]: {
    readonly [Name in NamesIn<Group>]: `${Group}.${Name}` extends infer P extends OptionPath ? ValueAt<P> : never;
  };
};

export type SyncPolicy = Settings['sync']['policy'];
export type DriftPolicy = Settings['sync']['drift'];
export type LogLevel = Settings['log']['level'];
export type LogFormat = Settings['log']['format'];
