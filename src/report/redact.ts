/**
 * Redaction by place, before anything is serialised. A masked value shows as a keyed fingerprint, so that a
 * change of it is visible and the value is not.
 */

import type { ConnectorConfig, NameValue } from '../model/connector.ts';
import { looksLikeCredential } from '../model/credential-name.ts';
import type { Fingerprint } from '../model/digest.ts';
import type { SecretPlace } from '../model/secret-place.ts';

/** Makes a mask: configuration and secret places in, the same configuration fit to be shown out. */
export function createMask(
  fingerprint: Fingerprint,
): (config: ConnectorConfig, places: readonly SecretPlace[]) => ConnectorConfig {
  const hide = (value: string): string => `hmac:${fingerprint(value).slice(0, 8)}`;

  return (config, places) => {
    const secret = new Set(places);
    const maskList = (field: string, pairs: readonly NameValue[], always: boolean): readonly NameValue[] =>
      pairs.map(({ name, value }) =>
        always || secret.has(`${field}/${name}`) || looksLikeCredential(name)
          ? { name, value: hide(value) }
          : { name, value },
      );
    return {
      ...config,
      name: secret.has('name') ? hide(config.name) : config.name,
      url: secret.has('url') ? hide(config.url) : maskUrl(config.url, hide),
      headers: maskList('headers', config.headers, true),
      parameters: maskList('parameters', config.parameters, false),
      body: maskList('body', config.body, false),
      body_template:
        secret.has('body_template') && config.body_template !== null
          ? hide(config.body_template)
          : config.body_template,
    };
  };
}

/** Mask user information and credential-like query parameters; the rest stays as it was written. */
export function maskUrl(url: string, hide: (value: string) => string): string {
  return url
    .replace(/^([a-z][a-z0-9+.-]*:\/\/)([^/?#@]*)@/iu, (_, scheme: string, user: string) => `${scheme}${hide(user)}@`)
    .replace(/([?&])([^=&#]+)=([^&#]*)/gu, (pair, separator: string, name: string, value: string) =>
      looksLikeCredential(name) ? `${separator}${name}=${hide(value)}` : pair,
    );
}
