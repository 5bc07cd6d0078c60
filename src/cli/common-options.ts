import type { FlagValues } from '../config/read-flag-values.ts';

/** What every command with settings is given. */
export interface CommonOptions {
  /** By the path of their setting. */
  readonly flags: FlagValues;
  /** `--config`. */
  readonly configFile: string | null;
}
