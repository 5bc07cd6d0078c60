import type { SecretReading } from './read-secret.ts';
import { readSecret } from './read-secret.ts';
import type { Settings } from './settings.ts';

/** The token that `POST /api/sync` asks for, as it is now; `missing` means that the trigger is off. It never throws. */
export function readTriggerToken({
  http,
}: {
  readonly http: Pick<Settings['http'], 'triggerToken' | 'triggerTokenFile'>;
}): SecretReading {
  return readSecret(http.triggerToken, http.triggerTokenFile);
}
