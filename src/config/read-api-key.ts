import type { SecretReading } from './read-secret.ts';
import { readSecret } from './read-secret.ts';
import type { Settings } from './settings.ts';

/** The API key, or why there is none. */
export type ApiKeyReading =
  | { readonly status: 'ok'; readonly key: string }
  /** None was configured. */
  | { readonly status: 'missing' }
  /** One was configured and cannot be used now. The message is a sentence that holds no part of it. */
  | { readonly status: 'unreadable'; readonly message: string };

/** The API key as it is now: as given, or read again from its file. It never throws. */
export function readApiKey({ api }: { readonly api: Pick<Settings['api'], 'key' | 'keyFile'> }): ApiKeyReading {
  return asApiKey(readSecret(api.key, api.keyFile));
}

export function asApiKey(reading: SecretReading): ApiKeyReading {
  return reading.status === 'ok' ? { status: 'ok', key: reading.secret } : reading;
}
