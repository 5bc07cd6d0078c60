import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSecretScrubber } from '../../src/report/secret-scrubber.ts';

const KEY = 'sk_live_0123456789';

function knowing(...secrets: readonly string[]): (text: string) => string {
  const scrubber = createSecretScrubber();
  for (const secret of secrets) scrubber.learn(secret, 'placeholder');
  return (text) => scrubber.scrub(text);
}

describe('a known secret', () => {
  test.each([
    ['alone', KEY, '[secret]'],
    ['at the start', `${KEY} x`, '[secret] x'],
    ['at the end', `x ${KEY}`, 'x [secret]'],
    ['twice', `${KEY}${KEY}`, '[secret][secret]'],
    ['in the middle of JSON', `{"a":"Bearer ${KEY}"}`, '{"a":"Bearer [secret]"}'],
    ['cut short', KEY.slice(0, -1), KEY.slice(0, -1)],
    ['not at all', 'nothing of it here', 'nothing of it here'],
  ])('%s', (_, text, scrubbed) => {
    expect(knowing(KEY)(text)).toBe(scrubbed);
  });

  test('is found as it stands inside JSON and in a URL', () => {
    const secret = 'p@ss "word"\nwith all of it';
    const scrub = knowing(secret);
    expect(scrub(JSON.stringify({ secret }))).toBe('{"secret":"[secret]"}');
    expect(scrub(`https://example.com/?k=${encodeURIComponent(secret)}&x`)).toBe('https://example.com/?k=[secret]&x');
  });

  test('that begins like another is replaced whole', () => {
    expect(knowing(KEY, `${KEY}-and-more`)(`a ${KEY}-and-more, ${KEY}`)).toBe('a [secret], [secret]');
  });
});

test('secrets that overlap are replaced as one', () => {
  const [outer, inner] = ['begin-0123456789abcdef-end', '0123456789abcdef'];
  const [left, right] = ['left-0123456789abcdef', '0123456789abcdef-right'];
  expect(knowing(inner, outer)(`a ${outer} b`)).toBe('a [secret] b');
  expect(knowing(left, right)('a left-0123456789abcdef-right b')).toBe('a [secret] b');
});

describe('a short secret is left to redaction by place', () => {
  test.each(['', 'x', 'production', 'eu-west-1', '123456789012345'])('%j', (secret) => {
    expect(knowing(secret)(`production/x in eu-west-1: 123456789012345`)).toBe(
      'production/x in eu-west-1: 123456789012345',
    );
  });

  test('but of our own key and token eight characters are enough', () => {
    const scrubber = createSecretScrubber();
    scrubber.learn('12345678', 'own');
    scrubber.learn('sandbox', 'own');
    expect(scrubber.scrub('sandbox 12345678')).toBe('sandbox [secret]');
  });
});

test('of very many secrets the oldest are forgotten, and the others are found', () => {
  const scrubber = createSecretScrubber();
  const secret = (index: number): string => `secret-number-${String(index).padStart(8, '0')}`;
  for (let index = 0; index <= 50_000; index += 1) scrubber.learn(secret(index), 'placeholder');
  expect(scrubber.scrub(secret(0))).toBe(secret(0));
  expect(scrubber.scrub(`${secret(50_000)} ${secret(30_000)}`)).toBe('[secret] [secret]');
});

test('whatever the secrets and the text are, none of them is left, and without them the text is as it was', () => {
  const unit = fc.constantFrom('a', 'b', '"', '\\', '\n', '%', 'é', '\u{1F600}');
  const secrets = fc.array(fc.string({ unit, minLength: 16, maxLength: 24 }), { minLength: 1, maxLength: 5 });
  const pieces = fc.array(fc.oneof(fc.nat({ max: 9 }), fc.string({ unit, maxLength: 20 })), { maxLength: 12 });
  fc.assert(
    fc.property(secrets, pieces, (known, parts) => {
      const scrub = knowing(...known);
      const text = parts.map((part) => (typeof part === 'number' ? (known[part] ?? '') : part)).join('');
      const scrubbed = scrub(text);
      for (const secret of known) expect(scrubbed).not.toContain(secret);
      if (known.every((secret) => !text.includes(secret))) {
        const spelled = known.some(
          (secret) => text.includes(encodeURIComponent(secret)) || text.includes(JSON.stringify(secret).slice(1, -1)),
        );
        if (!spelled) expect(scrubbed).toBe(text);
      }
    }),
  );
});
