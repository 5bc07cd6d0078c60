/** What the declaration of a setting looks like, and the value that each type of setting has once it is read. */

interface OptionBase {
  /** Group and name, as in the config file: `sync.interval`. */
  readonly path: `${string}.${string}`;
  /** Environment variable; null when it cannot be set there. */
  readonly env: string | null;
  /** Command-line flag; null when it cannot be set there. A boolean is a bare flag. */
  readonly flag: `--${string}` | null;
  /** One or two plain sentences, with the unit where the type does not tell it. */
  readonly description: string;
  /** True when the value is never shown. */
  readonly secret: boolean;
}

/** `250ms`, `30s`, `5m`, `1h`; read as milliseconds. */
export interface DurationOption extends OptionBase {
  readonly type: 'duration';
  readonly default: string;
  /** Least and greatest duration accepted, both included. */
  readonly min: string;
  readonly max: string;
}

/** `10/s`, `300/m`, or `off`. */
export interface RateOption extends OptionBase {
  readonly type: 'rate';
  readonly default: string;
}

export interface IntegerOption extends OptionBase {
  readonly type: 'integer';
  readonly default: number;
  /** Least and greatest number accepted, both included. */
  readonly min: number;
  readonly max: number;
}

/** A whole number from 0 to 100. */
export interface PercentOption extends OptionBase {
  readonly type: 'percent';
  readonly default: number;
}

export interface BooleanOption extends OptionBase {
  readonly type: 'boolean';
  readonly default: boolean;
}

export interface EnumOption extends OptionBase {
  readonly type: 'enum';
  readonly choices: readonly string[];
  readonly default: string;
  /** The default when the output is a terminal, if it is another one. */
  readonly terminalDefault?: string;
}

/** Some of the choices, with commas between them. */
export interface ListOption extends OptionBase {
  readonly type: 'list';
  readonly choices: readonly string[];
  readonly default: string;
}

/** Free text, such as a prefix or a token. A default of null means none. */
export interface StringOption extends OptionBase {
  readonly type: 'string';
  readonly default: string | null;
}

/** A file or a directory; relative to the working directory. A default of null means none. */
export interface PathOption extends OptionBase {
  readonly type: 'path';
  readonly default: string | null;
}

/** `127.0.0.1:8700`, `[::1]:8700`, or `off`. */
export interface ListenOption extends OptionBase {
  readonly type: 'listen';
  readonly default: string;
}

/** An absolute http or https address. */
export interface UrlOption extends OptionBase {
  readonly type: 'url';
  readonly default: string;
}

/** The declaration of one setting. */
export type Option =
  | DurationOption
  | RateOption
  | IntegerOption
  | PercentOption
  | BooleanOption
  | EnumOption
  | ListOption
  | StringOption
  | PathOption
  | ListenOption
  | UrlOption;

/** So many requests in any window of that length. */
export interface Rate {
  readonly count: number;
  /** Milliseconds. */
  readonly intervalMs: number;
}

/** Where the HTTP server listens. */
export interface Listen {
  /** A name or an address; IPv6 without brackets. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
}

/** The value that a declaration leads to. Durations are milliseconds; `off` is null. */
export type ValueOf<O extends Option> = O extends { readonly type: 'enum'; readonly choices: readonly (infer C)[] }
  ? C
  : O extends { readonly type: 'list'; readonly choices: readonly (infer C)[] }
    ? readonly C[]
    : ValueOfType[O['type']] | (O['default'] extends null ? null : never);

interface ValueOfType {
  readonly duration: number;
  readonly rate: Rate | null;
  readonly integer: number;
  readonly percent: number;
  readonly boolean: boolean;
  readonly enum: string;
  readonly list: readonly string[];
  readonly string: string;
  readonly path: string;
  readonly listen: Listen | null;
  readonly url: string;
}
