import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readingsOf } from '../../src/model/readings.ts';

const SECRET = 's3cret "value" & more';

test.each([
  ['as it is', SECRET],
  ['in JSON', JSON.stringify({ input: SECRET })],
  ['in JSON in JSON', JSON.stringify(JSON.stringify({ input: SECRET }))],
  ['in a URL', `https://example.com/?q=${encodeURIComponent(SECRET)}`],
  ['in a URL in JSON', JSON.stringify({ at: encodeURIComponent(SECRET) })],
  ['in HTML', 's3cret &quot;value&quot; &amp; more'],
  ['in HTML by numbers', 's3cret &#34;value&#x22; &#38; more'],
  ['in base64', `x=${Buffer.from(SECRET).toString('base64')}`],
  ['in base64 for URLs', Buffer.from(SECRET).toString('base64url')],
  ['in base64 of JSON', Buffer.from(JSON.stringify({ a: SECRET })).toString('base64')],
  ['in base64 that begins in the middle of a word', `abc${Buffer.from(SECRET).toString('base64')}`],
  ['in hexadecimal digits', Buffer.from(SECRET).toString('hex').toUpperCase()],
])('a value is read %s', (_, text) => {
  expect(readingsOf(text).some((reading) => reading.includes(SECRET))).toBe(true);
});

test('plain words are read in one way', () => {
  for (const text of [
    'Input should be less than 50',
    'field required',
    'unknown_identifier_of_something',
    '2026-11-26',
  ]) {
    expect(readingsOf(text)).toEqual([text]);
  }
});

test('any text can be read, and reads as itself', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => {
      expect(readingsOf(text)).toContain(text);
    }),
  );
});
