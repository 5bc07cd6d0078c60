/** Where the values of placeholders come from, and who may ask for them. */

import { isOwnVariable } from '../model/own-variable.ts';
import type { ProblemCode } from '../model/problem.ts';
import { looksLikeToken } from '../model/token-like.ts';
import { readSecret } from './read-secret.ts';

export interface PlaceholderSource {
  /** The environment to read from; only names with the prefix are looked at. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What a readable variable's name begins with, such as `CONNECTOR_`. */
  readonly envPrefix: string;
  /** The directory whose files `${secret:name}` reads; null when there is none. */
  readonly secretsDir: string | null;
  /** Told every value that a definition is given. Default: nobody is. */
  readonly onValue?: (value: string) => void;
}

export type PlaceholderKind = 'env' | 'secret';

export type PlaceholderLookup =
  | { readonly status: 'value'; readonly value: string }
  | {
      readonly status: 'refused';
      readonly code: Extract<ProblemCode, `placeholder_${string}`>;
      readonly message: string;
      readonly hint: string | null;
    };

/** Look a placeholder up. It never throws. */
export type LookUpPlaceholder = (kind: PlaceholderKind, name: string) => PlaceholderLookup;

const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** A plain file name: no separator, and no dot in front, so that neither `..` nor a hidden file can be named. */
const SECRET_NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,252}$/;
/** Names that may stand in a message although they are refused; anything else may hold a value by mistake. */
const SHOWABLE_NAME = /^[\w./\\-]{1,80}$/;

/** Open the sources for one load: within it, each secret file is read once, so that all its users see one value. */
export function openPlaceholders(source: PlaceholderSource): LookUpPlaceholder {
  const secrets = new Map<string, PlaceholderLookup>();
  const lookUp: LookUpPlaceholder = (kind, name) => {
    if (kind === 'env') return lookUpVariable(source, name);
    const known = secrets.get(name);
    if (known !== undefined) return known;
    const looked = lookUpSecret(source.secretsDir, name);
    secrets.set(name, looked);
    return looked;
  };
  return (kind, name) => {
    const looked = lookUp(kind, name);
    if (looked.status === 'value') source.onValue?.(looked.value);
    return looked;
  };
}

function lookUpVariable({ environment, envPrefix }: PlaceholderSource, name: string): PlaceholderLookup {
  if (!VARIABLE_NAME.test(name)) {
    const message = 'What follows ${env: is not the name of an environment variable.';
    return refuse('placeholder_syntax', message, 'Write ${env:CONNECTOR_NAME}, without spaces or a default.');
  }
  if (isOwnVariable(name) || !name.startsWith(envPrefix)) {
    const message = `\${env:${shown(name)}} may not be read.`;
    const hint = name.startsWith(envPrefix)
      ? 'It belongs to databar-sync itself.'
      : `Only variables whose names begin with ${envPrefix} can be read.`;
    return refuse('placeholder_forbidden', message, hint);
  }
  const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
  if (value !== undefined) return { status: 'value', value };
  return refuse('placeholder_unset', `\${env:${shown(name)}} is not set.`, 'Set the environment variable.');
}

function lookUpSecret(secretsDir: string | null, name: string): PlaceholderLookup {
  if (!SECRET_NAME.test(name)) {
    const message = `\${secret:${shown(name)}} may not be read: a secret is a plain file name.`;
    return refuse('placeholder_forbidden', message, 'Only files directly inside the secrets directory can be read.');
  }
  const placeholder = `\${secret:${shown(name)}}`;
  if (secretsDir === null) {
    const message = `${placeholder} is not set: there is no secrets directory.`;
    return refuse('placeholder_unset', message, 'Name the directory in the setting secrets.dir.');
  }
  const reading = readSecret(secretsDir, name);
  switch (reading.status) {
    case 'value':
      return reading;
    case 'missing':
      return refuse('placeholder_unset', `${placeholder} is not set: the file ${reading.reason}.`);
    case 'forbidden':
      return refuse('placeholder_forbidden', `${placeholder} may not be read: it ${reading.reason}.`);
    case 'unreadable':
      return refuse('placeholder_unreadable', `${placeholder}: the file ${reading.reason}.`);
  }
}

function shown(name: string): string {
  return SHOWABLE_NAME.test(name) && !looksLikeToken(name) ? name : '...';
}

function refuse(
  code: Extract<ProblemCode, `placeholder_${string}`>,
  message: string,
  hint: string | null = null,
): PlaceholderLookup {
  return { status: 'refused', code, message, hint };
}
