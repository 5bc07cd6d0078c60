import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Credentials } from '../../src/http/trigger-token.ts';
import { isAuthorised } from '../../src/http/trigger-token.ts';

const TOKEN = 'a long token';
const BODY = Buffer.from('{"ref":"refs/heads/main"}');
const sign = (body: Buffer | string, token = TOKEN): string =>
  `sha256=${createHmac('sha256', token).update(body).digest('hex')}`;

const ask = (changes: Partial<Credentials>): boolean =>
  isAuthorised({ token: TOKEN, authorization: null, signature: null, body: BODY, ...changes });

test.each<[string, boolean, Partial<Credentials>]>([
  ['the token as a bearer', true, { authorization: `Bearer ${TOKEN}` }],
  ['the scheme in another case', true, { authorization: `bearer  ${TOKEN}` }],
  ['another token', false, { authorization: 'Bearer another token' }],
  ['a part of the token', false, { authorization: `Bearer ${TOKEN.slice(0, -1)}` }],
  ['the token and more', false, { authorization: `Bearer ${TOKEN}x` }],
  ['the token alone', false, { authorization: TOKEN }],
  ['another scheme', false, { authorization: `Basic ${TOKEN}` }],
  ['an empty bearer', false, { authorization: 'Bearer ' }],
  ['nothing', false, {}],
  ['a signed body', true, { signature: sign(BODY) }],
  ['a signed empty body', true, { signature: sign(''), body: Buffer.alloc(0) }],
  ['a signature beside another scheme', true, { signature: sign(BODY), authorization: 'Basic abc' }],
  ['the signature of another body', false, { signature: sign('{}') }],
  ['a signature with another token', false, { signature: sign(BODY, 'other') }],
  ['a signature without its kind', false, { signature: sign(BODY).slice('sha256='.length) }],
  ['an empty signature', false, { signature: '' }],
  ['a wrong bearer beside a right signature', false, { signature: sign(BODY), authorization: 'Bearer wrong' }],
  ['a signature with the empty token, when the token is empty', false, { token: '', signature: sign(BODY, '') }],
])('%s: %s', (_, authorised, changes) => {
  expect(ask(changes)).toBe(authorised);
});
