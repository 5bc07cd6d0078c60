import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Credentials } from '../../src/http/trigger-token.ts';
import { createTriggerGuard } from '../../src/http/trigger-token.ts';

const TOKEN = 'a long token';
const BODY = Buffer.from('{"ref":"refs/heads/main"}');
const sign = (body: Buffer | string, token = TOKEN): string =>
  `sha256=${createHmac('sha256', token).update(body).digest('hex')}`;

const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`;

const NOW = 1_800_000_000_000;
const credentials = (changes: Partial<Credentials>): Credentials => ({
  token: TOKEN,
  authorization: null,
  signature: null,
  timestamp: null,
  body: BODY,
  ...changes,
});
const ask = (changes: Partial<Credentials>): boolean => createTriggerGuard(() => NOW)(credentials(changes)).authorised;

test.each<[string, boolean, Partial<Credentials>]>([
  ['the token as a bearer', true, { authorization: `Bearer ${TOKEN}` }],
  ['the scheme in another case', true, { authorization: `bearer  ${TOKEN}` }],
  ['another token', false, { authorization: 'Bearer another token' }],
  ['a part of the token', false, { authorization: `Bearer ${TOKEN.slice(0, -1)}` }],
  ['the token and more', false, { authorization: `Bearer ${TOKEN}x` }],
  ['the token alone', false, { authorization: TOKEN }],
  ['another scheme', false, { authorization: `Basic ${TOKEN}` }],
  ['the token as a password', true, { authorization: basic(`git-sync:${TOKEN}`) }],
  ['the token as a password of nobody', true, { authorization: basic(`:${TOKEN}`) }],
  ['another password', false, { authorization: basic('git-sync:another token') }],
  ['the token as a user', false, { authorization: basic(`${TOKEN}:`) }],
  ['an empty password', false, { authorization: basic('git-sync:') }],
  ['a wrong password beside a right signature', false, { signature: sign(BODY), authorization: basic('a:wrong') }],
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
  ['a signed body that could be a signed time and body', false, { signature: sign('1.{}'), body: Buffer.from('1.{}') }],
  ['a signature with the empty token, when the token is empty', false, { token: '', signature: sign(BODY, '') }],
])('%s: %s', (_, authorised, changes) => {
  expect(ask(changes)).toBe(authorised);
});

/** A body signed with a time, given in seconds from now. */
const timed = (fromNow: number, body: Buffer | string = BODY): Partial<Credentials> => {
  const timestamp = String(NOW / 1000 + fromNow);
  return { timestamp, signature: sign(`${timestamp}.${String(body)}`), body: Buffer.from(body) };
};
const WRONG = 'a valid token is needed';
const AWAY = 'the signed time is more than 5 minutes away from the time here';

describe('a signature over time and body', () => {
  test.each<[string, string | null, Partial<Credentials>]>([
    ['of now', null, timed(0)],
    ['over an empty body', null, timed(0, '')],
    ['of five minutes ago', null, timed(-300)],
    ['of five minutes ahead, for clocks differ', null, timed(300)],
    ['of longer ago', AWAY, timed(-301)],
    ['of further ahead', AWAY, timed(301)],
    ['beside another time', WRONG, { ...timed(0), timestamp: String(NOW / 1000 + 1) }],
    ['beside another body', WRONG, { ...timed(0), body: Buffer.from('{}') }],
    ['with a wrong token', WRONG, { ...timed(0), token: 'another' }],
    ['without its time', WRONG, { ...timed(0), timestamp: null }],
    ['over the body alone, beside a time', WRONG, { timestamp: String(NOW / 1000), signature: sign(BODY) }],
    ['over a time that is no number', WRONG, { timestamp: 'now', signature: sign(`now.${BODY.toString()}`) }],
    ['over two times', WRONG, { timestamp: '1, 2', signature: sign(`1, 2.${BODY.toString()}`) }],
  ])('%s: %s', (_, reason, changes) => {
    const verdict = createTriggerGuard(() => NOW)(credentials(changes));
    expect(verdict).toEqual(reason === null ? { authorised: true } : { authorised: false, reason });
  });

  test('is taken once, also at the very end of its window', () => {
    let now = NOW;
    const judge = createTriggerGuard(() => now);
    const recorded = credentials(timed(0));
    expect(judge(recorded)).toEqual({ authorised: true });
    for (const later of [0, 1_000, 300_000]) {
      now = NOW + later;
      expect(judge(recorded)).toEqual({ authorised: false, reason: 'this signature was used before' });
    }
    now = NOW + 300_001;
    expect(judge(recorded)).toEqual({ authorised: false, reason: AWAY });
  });

  test('that was recorded opens nothing when its time is moved into the body', () => {
    const { timestamp, signature, body } = credentials(timed(0));
    const moved = credentials({ signature, body: Buffer.from(`${String(timestamp)}.${body.toString()}`) });
    expect(createTriggerGuard(() => NOW)(moved)).toEqual({ authorised: false, reason: WRONG });
  });

  test('is remembered for as long as it could be used, and no longer; there is a bound', () => {
    let now = NOW;
    const judge = createTriggerGuard(() => now);
    for (let each = 0; each < 10_000; each += 1) judge(credentials(timed(0, `${each}`)));
    const further = credentials(timed(300, 'further'));
    expect(judge(further)).toEqual({
      authorised: false,
      reason: 'too many signed requests within a few minutes',
    });
    now = NOW + 300_001;
    expect(judge(further)).toEqual({ authorised: true });
  });
});
