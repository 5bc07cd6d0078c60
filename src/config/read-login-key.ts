import { join } from 'node:path';
import type { ApiKeyReading } from './read-api-key.ts';
import { asApiKey } from './read-api-key.ts';
import { readSecret } from './read-secret.ts';
import { readSmallFile, SmallFileError } from './read-small-file.ts';

const MAX_BYTES = 65_536;

/**
 * The API key that the vendor's own login command left in `~/.databar/config`, on a line `api_key=...`.
 *
 * A last resort for commands that a person runs by hand. The daemon must not use it: which key it works with should
 * follow from its settings alone.
 */
export function readLoginKey(homeDirectory: string): ApiKeyReading {
  const path = join(homeDirectory, '.databar', 'config');
  try {
    const [, key] = /^[ \t]*api_key[ \t]*=(.*)$/m.exec(readSmallFile(path, MAX_BYTES)) ?? [];
    return asApiKey(readSecret(key ?? null, null));
  } catch (error) {
    if (!(error instanceof SmallFileError)) throw error;
    if (error.absent) return { status: 'missing' };
    return { status: 'unreadable', message: `The file ${JSON.stringify(path)} ${error.message}.` };
  }
}
