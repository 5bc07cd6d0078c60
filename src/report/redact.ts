/**
 * Redaction by place, before anything is serialised. A masked value shows as a keyed fingerprint, so that a
 * change of it is visible and the value is not.
 */

import type { ConnectorConfig, NameValue } from '../model/connector.ts';
import { looksLikeCredential } from '../model/credential-name.ts';
import type { Fingerprint } from '../model/digest.ts';
import type { SecretPlace } from '../model/secret-place.ts';
import { maskIfUrl, maskUrl } from './mask-url.ts';

type ListField = 'headers' | 'parameters' | 'body';

/**
 * Makes a mask: configuration and secret places in, the same configuration fit to be shown out.
 *
 * Masked are: every header value; at the secret places, the whole text (in a list, names too when the place is the whole
 * list); values whose name looks like a credential; and in URLs what {@link maskUrl} hides.
 */
export function createMask(
  fingerprint: Fingerprint,
): (config: ConnectorConfig, places: readonly SecretPlace[]) => ConnectorConfig {
  const hide = (value: string): string => `hmac:${fingerprint(value).slice(0, 8)}`;

  return (config, places) => {
    const secret = new Set(places);
    const text = (field: 'name' | 'type' | 'method'): string =>
      secret.has(field) ? hide(config[field]) : config[field];
    const list = (field: ListField): readonly NameValue[] =>
      config[field].map(({ name, value }) => ({
        name: secret.has(field) ? hide(name) : name,
        value: isSecretPair(field, name, secret) ? hide(value) : maskIfUrl(value, hide),
      }));
    const { url, body_template: template } = config;
    return {
      ...config,
      name: text('name'),
      type: text('type'),
      method: text('method'),
      url: secret.has('url') ? hide(url) : maskUrl(url, hide),
      headers: list('headers'),
      parameters: list('parameters'),
      body: list('body'),
      body_template: template !== null && secret.has('body_template') ? hide(template) : template,
    };
  };
}

function isSecretPair(field: ListField, name: string, secret: ReadonlySet<SecretPlace>): boolean {
  return field === 'headers' || secret.has(field) || secret.has(`${field}/${name}`) || looksLikeCredential(name);
}
