import { createHmac, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createFingerprint } from '../../src/state/fingerprint.ts';

describe('a fingerprint', () => {
  it.each([
    ['the usual key', 32],
    ['an empty key', 0],
    ['a key of one block', 64],
    ['a key longer than a block', 65],
  ])('is HMAC-SHA-256 cut to 32 digits, with %s', (_, length) => {
    const key = randomBytes(length);
    const fingerprint = createFingerprint(key);
    for (const text of ['', 'a', 'name:"Wörter 🙂"', 'x'.repeat(100_000), 'half \ud800', 'a\0b']) {
      expect(fingerprint(text)).toBe(createHmac('sha256', key).update(text).digest('hex').slice(0, 32));
    }
  });

  it('does not depend on what was hashed before', () => {
    const fingerprint = createFingerprint(Buffer.alloc(32, 7));
    const first = fingerprint('text');
    fingerprint('a much longer text in between');
    expect(fingerprint('text')).toBe(first);
  });

  it('differs between installations', () => {
    expect(createFingerprint(Buffer.alloc(32, 1))('text')).not.toBe(createFingerprint(Buffer.alloc(32, 2))('text'));
  });
});
