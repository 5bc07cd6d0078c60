import { describe, expect, test } from 'vitest';
import type { Secret } from '../../src/import/hide-secrets.ts';
import { hideSecrets } from '../../src/import/hide-secrets.ts';
import { writtenTexts } from '../../src/import/written-texts.ts';
import type { ConnectorConfig } from '../../src/model/connector.ts';
import { maskIfUrl, maskUrl } from '../../src/report/mask-url.ts';

const PLAIN: ConnectorConfig = {
  name: 'A',
  type: 'simple',
  method: 'get',
  url: 'https://a.example',
  headers: [],
  parameters: [],
  body: [],
  body_template: null,
  rate_limit: null,
  max_concurrency: null,
};

/** Placeholders show as `<label>`. */
function hide(config: Partial<ConnectorConfig>, openHeaders: readonly string[] = []): ConnectorConfig {
  return hideSecrets(
    { ...PLAIN, ...config },
    { maskUrl, maskIfUrl, openHeaders: new Set(openHeaders), placeholder: ({ label }) => `<${label}>` },
  );
}

const header = (name: string, value: string): string | undefined =>
  hide({ headers: [{ name, value }] }).headers[0]?.value;
const parameter = (name: string, value: string): string | undefined =>
  hide({ parameters: [{ name, value }] }).parameters[0]?.value;

describe('the value of a header', () => {
  test.each([
    ['Authorization', 'Bearer abc', 'Bearer <Authorization>'],
    ['Authorization', 'Basic dXNlcg==', 'Basic <Authorization>'],
    ['Authorization', 'abc', '<Authorization>'],
    ['Authorization', 'Bearer ${x}', 'Bearer <Authorization>'],
    ['X-Anything', 'anything', '<X-Anything>'],
    ['Content-Type', 'a-secret-in-the-wrong-place', '<Content-Type>'],
    ['Accept', 'application/json;key=abc', '<Accept>'],
    ['Authorization', "{{ 'abc' }}", '<Authorization>'],
    ['Authorization', '', ''],
    ['Authorization', '{{ token }}', '{{ token }}'],
    ['Authorization', 'Bearer {{ token | trim }}', 'Bearer {{ token | trim }}'],
    ['Content-Type', 'application/json; charset=utf-8', 'application/json; charset=utf-8'],
    ['accept', 'text/html, application/xml;q=0.9, */*;q=0.8', 'text/html, application/xml;q=0.9, */*;q=0.8'],
    ['Accept-Language', 'de-CH', 'de-CH'],
  ])('%s: %s is written %s', (name, value, written) => {
    expect(header(name, value)).toBe(written);
  });

  test('stays when the person says that it is no secret, unless the server masks it', () => {
    const headers = [
      { name: 'X-Api-Version', value: '2026-04-01' },
      { name: 'X-Region', value: '****' },
    ];
    expect(hide({ headers }, ['x-api-version', 'x-region']).headers.map(({ value }) => value)).toEqual([
      '2026-04-01',
      '<X-Region>',
    ]);
  });
});

describe('the value of a parameter', () => {
  test.each([
    ['api_key', 'abc', '<api_key>'],
    ['q', 'abc', 'abc'],
    ['api_key', '{{ api_key }}', '{{ api_key }}'],
    ['q', 'https://u:p@h.example/?page=1&token=abc', 'https://<q user>@h.example/?page=1&token=<token>'],
    ['q', 'ghp_0123456789abcdefghijABCDEFGHIJ', '<q>'],
    ['q', '********', '<q>'],
    ['q', 'abc****', 'abc<q>'],
    ['max_tokens', '100', '100'],
    ['q', '${x} $${y}', '$${x} $$${y}'],
  ])('%s: %s is written %s', (name, value, written) => {
    expect(parameter(name, value)).toBe(written);
  });
});

test('in a URL, user information and parameters that look like credentials are hidden, and Jinja is not', () => {
  const url = 'https://me:pw@a.example/v1?key=abc&page={{ page }}&token={{ token }}#sig=x';
  expect(hide({ url }).url).toBe(
    'https://<url user>@a.example/v1?key=<key>&page={{ page }}&token={{ token }}#sig=<sig>',
  );
});

test('in a JSON template, values of names that look like credentials are hidden', () => {
  const template = '{"apiKey": "a\\"b", "token": "{{ token }}", "q": "{{ q }}", "auth": "Bearer x", "n": {"pwd": ""}}';
  expect(hide({ body_template: template }).body_template).toBe(
    '{"apiKey": "<apiKey>", "token": "{{ token }}", "q": "{{ q }}", "auth": "Bearer <auth>", "n": {"pwd": ""}}',
  );
});

test('a dollar right before a secret goes with it, for it would escape the placeholder', () => {
  const secrets: Secret[] = [];
  const written = hideSecrets(
    { ...PLAIN, body_template: 'costs $$****' },
    {
      maskUrl,
      maskIfUrl,
      openHeaders: new Set(),
      placeholder: (secret) => {
        secrets.push(secret);
        return '<>';
      },
    },
  );
  expect(written.body_template).toBe('costs <>');
  expect(secrets).toEqual([{ path: '/body_template', label: 'template', value: '$$****', masked: true }]);
});

test('where a placeholder was before, the whole text is hidden, whatever it looks like', () => {
  const config: ConnectorConfig = {
    ...PLAIN,
    name: 'secret',
    parameters: [
      { name: 'q', value: 'secret' },
      { name: 'r', value: 'open' },
    ],
    body: [{ name: 'secret', value: 'secret' }],
    body_template: '{"k": "secret"}',
  };
  const tools = { maskUrl, maskIfUrl, openHeaders: new Set<string>(), placeholder: () => '<>' };
  const places = new Set(['name', 'parameters/q', 'body', 'body_template']);
  expect(hideSecrets(config, tools, { places, written: new Map() })).toEqual({
    ...config,
    name: '<>',
    parameters: [
      { name: 'q', value: '<>' },
      { name: 'r', value: 'open' },
    ],
    body: [{ name: '<>', value: '<>' }],
    body_template: '<>',
  });
});

test('what an author wrote with a placeholder is kept', () => {
  const entry = { name: 'Authorization', value: 'Bearer now' };
  const written = writtenTexts({
    url: 'https://${env:CONNECTOR_HOST}/v1',
    body_template: 'no $${placeholder}',
    headers: [
      { name: 'Authorization', value: 'plain' },
      { name: 'Authorization', value: 'Bearer ${secret:mine}' },
      'no map',
    ],
    body: 'no list',
  });
  const tools = { maskUrl, maskIfUrl, openHeaders: new Set<string>(), placeholder: () => '<>' };
  const config: ConnectorConfig = { ...PLAIN, headers: [entry, entry, entry], body_template: 'open' };
  expect(hideSecrets(config, tools, { places: new Set(['url']), written })).toMatchObject({
    url: 'https://${env:CONNECTOR_HOST}/v1',
    headers: [{ value: 'Bearer <>' }, { value: 'Bearer ${secret:mine}' }, { value: 'Bearer <>' }],
    body_template: 'open',
  });
});

describe('what an author wrote in clear', () => {
  const tools = { maskUrl, maskIfUrl, openHeaders: new Set<string>(), placeholder: () => '<>' };
  const fields = {
    name: 'A',
    url: 'https://a.example/?token=abc',
    headers: [{ name: 'X-Api-Version', value: 'v$${1}' }],
    parameters: [{ name: 'api_key', value: 'abc' }],
    body: [{ name: 'password', value: 'abc' }],
    body_template: '{"token": "abc"}',
  };
  const same: ConnectorConfig = { ...PLAIN, ...fields, headers: [{ name: 'X-Api-Version', value: 'v${1}' }] };
  const hideKnown = (live: ConnectorConfig, places: readonly string[] = []): ConnectorConfig =>
    hideSecrets(live, tools, { places: new Set(places), written: writtenTexts(fields) });

  test('is kept where it is live as it was written', () => {
    expect(hideKnown(same)).toEqual({ ...same, headers: fields.headers });
  });

  test('is kept also where a placeholder was before', () => {
    const places = ['name', 'url', 'headers/X-Api-Version', 'parameters', 'body/password', 'body_template'];
    expect(hideKnown(same, places)).toEqual({ ...same, headers: fields.headers });
  });

  test('is kept under a mask, which nobody sees through', () => {
    const live = { ...same, headers: [{ name: 'X-Api-Version', value: '****' }], body_template: '{"token": "****"}' };
    expect(hideKnown(live)).toEqual({ ...same, headers: fields.headers });
  });

  test('makes room for a placeholder where something else is live, so that it is never written', () => {
    const edited: ConnectorConfig = {
      ...same,
      url: 'https://a.example/?token=def',
      headers: [{ name: 'X-Api-Version', value: 'v2' }],
      parameters: [
        { name: 'api_key', value: 'def' },
        { name: 'api_key', value: 'abc' },
      ],
      body: [{ name: 'password', value: 'abc***' }],
      body_template: '{"token": "def"}',
    };
    expect(hideKnown(edited)).toEqual({
      ...edited,
      url: 'https://a.example/?token=<>',
      headers: [{ name: 'X-Api-Version', value: '<>' }],
      parameters: [
        { name: 'api_key', value: '<>' },
        { name: 'api_key', value: '<>' },
      ],
      body: [{ name: 'password', value: '<>' }],
      body_template: '{"token": "<>"}',
    });
  });

  test('gives way to a name that looks masked, for names never are', () => {
    expect(hideKnown({ ...same, name: '***' }).name).toBe('***');
  });
});

test('names keep what they are, but for `${`', () => {
  expect(hide({ name: 'A ${b} ****', headers: [{ name: '${h}', value: '' }] })).toMatchObject({
    name: 'A $${b} ****',
    headers: [{ name: '$${h}', value: '' }],
  });
});
