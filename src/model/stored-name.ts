/** The name of a definition as it may be stored and shown: a fingerprint when a placeholder is part of it. */

import type { ValidConnector } from './connector.ts';
import type { Fingerprint } from './digest.ts';

export function storedName({ config, secretPaths }: ValidConnector, fingerprint: Fingerprint): string {
  return secretPaths.includes('/name') ? `hmac:${fingerprint(config.name)}` : config.name;
}
