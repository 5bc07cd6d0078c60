/** The binding to remember after a definition and a live connector agree. */

import type { Binding, Intent } from '../model/baseline.ts';
import type { LiveConnector, ValidConnector } from '../model/connector.ts';
import { CONNECTOR_FIELDS } from '../model/connector.ts';
import type { Digests, Fingerprint } from '../model/digest.ts';
import type { SecretPlace } from '../model/secret-place.ts';
import { secretPlaces } from '../model/secret-place.ts';
import { storedName } from '../model/stored-name.ts';

/** What identities and values become when they are remembered. */
export interface Hashing {
  readonly fingerprint: Fingerprint;
  readonly digests: Digests;
}

/**
 * @param echo what the server answered to the write, or the live connector when nothing was written
 * @param before secret places of what was there before: a list that is stale may show it once more
 */
export function bindingOf(
  desired: ValidConnector,
  echo: LiveConnector,
  { fingerprint, digests }: Hashing,
  before: readonly SecretPlace[] = [],
): Binding {
  return {
    key: desired.key,
    id: echo.id,
    name: storedName(desired, fingerprint),
    file: desired.file,
    protect: desired.sync.protect,
    sent: digests.ofDefinition(desired),
    echo: digests.ofLive(echo.config, desired),
    secretPlaces: [...new Set([...secretPlaces(desired.config, desired.secretPaths), ...before])].sort(),
  };
}

/**
 * The binding to remember of a connector that is the fruit of a lost create and does not hold what its definition says now:
 * what it holds counts as what was agreed, so that the definition is a change of it. Where its secrets are is not known,
 * so all is secret.
 */
export function bindingAsFound(
  desired: ValidConnector,
  live: LiveConnector,
  intent: Intent,
  hashing: Hashing,
): Binding {
  const { config } = live;
  return {
    ...bindingOf({ ...desired, config }, live, hashing),
    name: config.name === desired.config.name ? storedName(desired, hashing.fingerprint) : intent.name,
    secretPlaces: CONNECTOR_FIELDS,
  };
}
