/** The name of a definition as it may be stored and shown: a fingerprint when a placeholder is part of it. */

import type { ValidConnector } from './connector.ts';
import type { Fingerprint } from './digest.ts';

export function storedName({ config, secretPaths }: ValidConnector, fingerprint: Fingerprint): string {
  return secretPaths.includes('/name') ? hiddenName(config.name, fingerprint) : config.name;
}

/** Whether a connector of this name is the one that was stored under `stored`. */
export function isStoredAs(name: string, stored: string, fingerprint: Fingerprint): boolean {
  return name === stored || (isHiddenName(stored) && hiddenName(name, fingerprint) === stored);
}

/** Whether what was stored, or is shown, is a fingerprint in the place of a name. */
export function isHiddenName(stored: string): boolean {
  return stored.startsWith(HIDDEN);
}

const HIDDEN = 'hmac:';

function hiddenName(name: string, fingerprint: Fingerprint): string {
  return `${HIDDEN}${fingerprint(name)}`;
}
