/**
 * A live configuration as a file may hold it: placeholders where secrets are, and every other `${` escaped.
 *
 * Taken for secrets are: header values, but for those that only tell how to read a message; values whose name looks like a
 * credential, also in URLs and in JSON within the template; user information in URLs; and what the server masks, for a mask
 * written back would wipe the credential that it hides; and what came from a placeholder before. A plain Jinja variable is no secret, but the name of an input.
 */

import type { ConnectorConfig, JsonPointer, NameValue } from '../model/connector.ts';
import { looksLikeCredential } from '../model/credential-name.ts';
import { holdsKnownToken } from '../model/known-token.ts';
import { holdsMask, isAllMask, splitAtMasks } from '../model/masked-values.ts';
import type { SecretPlace } from '../model/secret-place.ts';
import type { WrittenTexts } from './written-texts.ts';
import { createPlaceCounter, stillHolds } from './written-texts.ts';
import { isJinjaVariable, isOpenHeader } from './open-value.ts';

/** A part of a text that must not stand in a file. */
export interface Secret {
  readonly path: JsonPointer;
  /** What it is called where it stands, such as the name of its header. */
  readonly label: string;
  /** The part itself. The server may have masked it. */
  readonly value: string;
  readonly masked: boolean;
}

export interface HidingTools {
  /** Replaces the secret parts of a URL, or of a text that may be one; other texts stay as they are. */
  readonly maskUrl: MaskUrl;
  readonly maskIfUrl: MaskUrl;
  /** Names of headers, in lower case, whose values are known to be no secrets. */
  readonly openHeaders: ReadonlySet<string>;
  /** The placeholder that stands for a secret, such as `${env:CONNECTOR_CRM_TOKEN}`. */
  readonly placeholder: (secret: Secret) => string;
}

type MaskUrl = (text: string, hide: (value: string, name: string | null) => string) => string;

/** A text cut into what may stand in a file and what may not. */
type Parts = readonly Part[];
type Part = string | { readonly label: string; readonly secret: string };

const SCHEME = /^((?:Bearer|Basic|Token|ApiKey|Api-Key|Key)\s+)(\S[^]*)$/iu;
const JSON_PAIR = /("([^"\\]{1,100})"\s*:\s*")((?:[^"\\]|\\[^])*)(?=")/gu;

/** What is known of a connector from a definition of it. */
export interface KnownSecrets {
  /** Where it has, or had, placeholders; there, whole texts are hidden. */
  readonly places: ReadonlySet<SecretPlace>;
  /** What its file says now; that is kept where it still holds, for it is in the file already. */
  readonly written: WrittenTexts;
}

const NOTHING_KNOWN: KnownSecrets = { places: new Set(), written: new Map() };

/** The configuration whose texts are those of a file. Parsed with the right values, it is the live one again. */
export function hideSecrets(
  config: ConnectorConfig,
  tools: HidingTools,
  { places, written }: KnownSecrets = NOTHING_KNOWN,
): ConnectorConfig {
  const kept = (place: string, value: string): string | null => {
    const text = written.get(place);
    return text !== undefined && stillHolds(place, text, value) ? text : null;
  };
  const write = (path: JsonPointer, parts: Parts): string => writeText(path, parts, tools.placeholder);
  const text = (field: 'name' | 'type' | 'method' | 'url' | 'body_template', value: string, parts: Parts): string =>
    kept(field, value) ?? write(`/${field}`, places.has(field) ? whole(field, value) : parts);
  const list = (field: 'headers' | 'parameters' | 'body', split: (pair: NameValue) => Parts): readonly NameValue[] => {
    const placeOf = createPlaceCounter(field);
    return config[field].map((pair, index) => {
      const path = `/${field}/${index}`;
      const { name, value } = pair;
      const place = placeOf(name);
      const isSecret = places.has(field) || places.has(`${field}/${name}`);
      const isSecretName = places.has(field) && !written.has(place);
      return {
        name: write(`${path}/name`, isSecretName ? whole(`${field} name`, name) : [name]),
        value:
          kept(place, value) ??
          write(`${path}/value`, isSecret ? whole(places.has(field) ? field : name, value) : split(pair)),
      };
    });
  };
  const splitHeader = ({ name, value }: NameValue): Parts => {
    const isOpen = isOpenHeader(name, value) || tools.openHeaders.has(name.toLowerCase());
    return isOpen && !holdsMask(value) ? [value] : credential(name, value);
  };
  const splitPair = ({ name, value }: NameValue): Parts =>
    looksLikeCredential(name) || holdsKnownToken(value) || isAllMask(value)
      ? credential(name, value)
      : atMasks(name, atUrl(value, name, tools.maskIfUrl));

  const { name, type, method, url, body_template: template } = config;
  return {
    ...config,
    name: text('name', name, [name]),
    type: text('type', type, [type]),
    method: text('method', method, [method]),
    url: text('url', url, atMasks('url', atUrl(url, 'url', tools.maskUrl))),
    headers: list('headers', splitHeader),
    parameters: list('parameters', splitPair),
    body: list('body', splitPair),
    body_template:
      template === null ? null : text('body_template', template, atMasks('template', atCredentialPairs(template))),
  };
}

function whole(label: string, value: string): Parts {
  return value === '' ? [] : [{ label, secret: value }];
}

/** The scheme of an Authorization header stays open, so that a reader sees what is asked for. */
function credential(label: string, value: string): Parts {
  if (value === '' || isJinjaVariable(value)) return [value];
  const [, scheme, rest] = SCHEME.exec(value) ?? [];
  if (scheme === undefined || rest === undefined) return [{ label, secret: value }];
  return isJinjaVariable(rest) ? [value] : [scheme, { label, secret: rest }];
}

/** Find the secrets in a URL by having them replaced with marks that its text does not hold. */
function atUrl(text: string, label: string, mask: MaskUrl): Parts {
  let nonce = 0;
  while (text.includes(`<secret-${nonce}-`)) nonce += 1;
  const secrets: { label: string; secret: string }[] = [];
  const marked = mask(text, (value, name) => {
    if (value === '' || isJinjaVariable(value)) return value;
    secrets.push({ label: name ?? `${label} user`, secret: value });
    return `<secret-${nonce}-${secrets.length - 1}>`;
  });
  const pieces = marked.split(new RegExp(`<secret-${nonce}-(\\d+)>`, 'u'));
  return pieces.map((piece, index) => (index % 2 === 0 ? piece : (secrets[Number(piece)] ?? '')));
}

/** `"api_key": "abc"` in a JSON template. */
function atCredentialPairs(template: string): Parts {
  const parts: Part[] = [];
  let from = 0;
  for (const match of template.matchAll(JSON_PAIR)) {
    const [, before = '', name = '', value = ''] = match;
    if (!looksLikeCredential(name) && !holdsKnownToken(value)) continue;
    const start = match.index + before.length;
    parts.push(template.slice(from, start), ...credential(name, value));
    from = start + value.length;
  }
  return [...parts, template.slice(from)];
}

function atMasks(label: string, parts: Parts): Parts {
  return parts.flatMap((part) =>
    typeof part === 'string'
      ? splitAtMasks(part).map((piece, index) => (index % 2 === 0 ? piece : { label, secret: piece }))
      : [part],
  );
}

function writeText(path: JsonPointer, parts: Parts, placeholder: HidingTools['placeholder']): string {
  let text = '';
  let open = '';
  for (const part of parts) {
    if (typeof part === 'string') {
      open += part;
      continue;
    }
    // A dollar right before a placeholder would escape it, so it goes with the secret.
    const [dollars = ''] = /\$*$/u.exec(open) ?? [];
    text += escapeText(open.slice(0, open.length - dollars.length));
    open = '';
    const value = dollars + part.secret;
    text += placeholder({ path, label: part.label, value, masked: holdsMask(value) });
  }
  return text + escapeText(open);
}

/** What reads as a literal `${`, for every one. */
function escapeText(text: string): string {
  return text.replaceAll('${', () => '$${');
}
