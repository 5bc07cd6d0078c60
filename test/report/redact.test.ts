import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ConnectorConfig, NameValue } from '../../src/model/connector.ts';
import { secretPlaces } from '../../src/model/secret-place.ts';
import { maskUrl } from '../../src/report/mask-url.ts';
import { createMask } from '../../src/report/redact.ts';
import { createFingerprint } from '../../src/state/fingerprint.ts';
import { config } from '../support/builders.ts';

const mask = createMask(createFingerprint(Buffer.from('a key of the installation')));
const shown = (changes: Partial<ConnectorConfig>, places: readonly string[] = []): ConnectorConfig =>
  mask(config(changes), places);
const pair = (name: string, value: string): NameValue => ({ name, value });
const HIDDEN = expect.stringMatching(/^hmac:[0-9a-f]{8}$/) as string;

describe('a mask', () => {
  test('shows what is no secret as it is', () => {
    const plain = config({
      headers: [],
      parameters: [pair('city', 'Bern'), pair('max_tokens', '100')],
      body: [pair('q', 'a@b & c?')],
      body_template: '{"a": "{{ b }}"}',
      rate_limit: 5,
    });
    expect(mask(plain, [])).toEqual(plain);
  });

  test('hides every header value, whatever its name', () => {
    expect(shown({ headers: [pair('Accept', 'text/html'), pair('X', '')] }).headers).toEqual([
      pair('Accept', HIDDEN),
      pair('X', HIDDEN),
    ]);
  });

  test.each(['api_key', 'X-Token', 'clientSecret', 'password', 'subscription-key'])(
    'hides what is called %s in parameters and body',
    (name) => {
      expect(shown({ parameters: [pair(name, 'v')] }).parameters).toEqual([pair(name, HIDDEN)]);
      expect(shown({ body: [pair(name, 'v')] }).body).toEqual([pair(name, HIDDEN)]);
    },
  );

  test('hides what stands at a secret place: texts whole, and pairs by name on whichever side they are', () => {
    const places = ['name', 'url', 'body_template', 'parameters/city', 'body/q'];
    expect(
      shown(
        {
          body_template: 'x',
          parameters: [pair('other', '1'), pair('city', 'Bern'), pair('city', 'Basel')],
          body: [pair('q', 'v'), pair('city', 'Chur')],
        },
        places,
      ),
    ).toMatchObject({
      name: HIDDEN,
      url: HIDDEN,
      body_template: HIDDEN,
      parameters: [pair('other', '1'), pair('city', HIDDEN), pair('city', HIDDEN)],
      body: [pair('q', HIDDEN), pair('city', 'Chur')],
    });
    expect(shown({}, ['type', 'method'])).toMatchObject({ type: HIDDEN, method: HIDDEN });
    expect(shown({ body_template: null }, ['body_template']).body_template).toBe(null);
  });

  test('hides names too where the whole list is a secret place', () => {
    expect(shown({ parameters: [pair('n', 'v')] }, ['parameters']).parameters).toEqual([pair(HIDDEN, HIDDEN)]);
    expect(shown({ headers: [pair('n', 'v')] }, ['headers']).headers).toEqual([pair(HIDDEN, HIDDEN)]);
  });

  test('hides secrets in a parameter that is a URL', () => {
    const [webhook] = shown({ parameters: [pair('hook', 'https://me:pass@example.com/?token=abc')] }).parameters;
    expect(webhook?.value).toMatch(/^https:\/\/hmac:\w{8}@example\.com\/\?token=hmac:\w{8}$/);
  });

  test('shows a changed secret as a changed fingerprint, and the same as the same', () => {
    const value = (text: string): string => shown({ headers: [pair('A', text)] }).headers[0]?.value ?? '';
    expect(value('one')).toBe(value('one'));
    expect(value('one')).not.toBe(value('two'));
  });

  test('of another installation shows another fingerprint', () => {
    const other = createMask(createFingerprint(Buffer.from('another key')));
    const headers = [pair('A', 'secret')];
    expect(other(config({ headers }), [])).not.toEqual(shown({ headers }));
  });
});

describe('secrets in URLs', () => {
  const hide = (value: string): string => `<${value}>`;

  test.each([
    ['https://example.com/a?q=1&city=Bern#top', 'https://example.com/a?q=1&city=Bern#top'],
    ['https://me:pass@example.com/a', 'https://<me:pass>@example.com/a'],
    ['https://me@example.com', 'https://<me>@example.com'],
    ['https://me:p@ss@example.com', 'https://<me:p@ss>@example.com'],
    ['https:/\\me:pass@example.com', 'https:/\\<me:pass>@example.com'],
    ['me:pass@example.com/a', 'me:<pass>@example.com/a'],
    ['//me:pass@example.com/a', '//<me:pass>@example.com/a'],
    ['https://example.com/@scope/a?user=me@example.com', 'https://example.com/@scope/a?user=me@example.com'],
    ['https://example.com?api_key=abc', 'https://example.com?api_key=<abc>'],
    ['https://example.com/?a=1&access_token=abc&b=2', 'https://example.com/?a=1&access_token=<abc>&b=2'],
    ['https://example.com/?token=a=b==&c=1', 'https://example.com/?token=<a=b==>&c=1'],
    ['https://example.com/?token=a;b&c=1', 'https://example.com/?token=<a;b>&c=1'],
    ['https://example.com/?a=1;token=b;c', 'https://example.com/?a=1;token=<b;c>'],
    ['https://example.com/?a=1?token=b', 'https://example.com/?a=1?token=<b>'],
    ['https://example.com/?api%5Fkey=abc', 'https://example.com/?api%5Fkey=<abc>'],
    ['https://example.com/?%zz-token=abc', 'https://example.com/?%zz-token=<abc>'],
    ['https://example.com/?auth[key]=abc', 'https://example.com/?auth[key]=<abc>'],
    ['https://example.com/#access_token=abc&x=1', 'https://example.com/#access_token=<abc>&x=1'],
    ['https://example.com/?token=', 'https://example.com/?token=<>'],
    ['https://example.com/?token', 'https://example.com/?token'],
    [
      'https://{{ user }}@example.com/{{ path }}?key={{ key }}',
      'https://<{{ user }}>@example.com/{{ path }}?key=<{{ key }}>',
    ],
    ['', ''],
  ])('%s', (url, expected) => {
    expect(maskUrl(url, hide)).toBe(expected);
  });

  test('are hidden in a time that grows with the length alone', () => {
    const long = `https://${'a:'.repeat(50_000)}?${';='.repeat(50_000)}${'&a'.repeat(50_000)}`;
    expect(maskUrl(long, hide)).toBe(long);
  });
});

test('no secret at a secret place is shown, on either side', () => {
  const secretText = fc.string({ minLength: 6, unit: fc.constantFrom(...'ghkmz-_@?&=;/'.split('')) });
  fc.assert(
    fc.property(
      fc.record({ name: secretText, url: secretText, body_template: secretText }),
      fc.array(fc.record({ name: secretText, value: secretText }), { minLength: 1 }),
      (texts, pairs) => {
        const pointers = ['/name', '/url', '/body_template'];
        const lists = ['headers', 'parameters', 'body'].flatMap((field) =>
          pairs.flatMap((_, index) => [`/${field}/${index}/name`, `/${field}/${index}/value`]),
        );
        const desired = config({ ...texts, headers: pairs, parameters: pairs, body: pairs });
        const places = secretPlaces(desired, [...pointers, ...lists]);
        const everything = JSON.stringify([places, mask(desired, places), mask({ ...desired, rate_limit: 1 }, places)]);
        const secrets = [...Object.values(texts), ...pairs.flatMap(({ name, value }) => [name, value])];
        expect(secrets.filter((secret) => everything.includes(JSON.stringify(secret).slice(1, -1)))).toEqual([]);
      },
    ),
  );
  expect.hasAssertions();
});
