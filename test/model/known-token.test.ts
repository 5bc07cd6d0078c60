import { expect, test } from 'vitest';
import { holdsKnownToken } from '../../src/model/known-token.ts';

// Put together here, so that no scanner takes them for real ones.
const join = (...parts: readonly string[]): string => parts.join('');

test.each([
  join('sk_', 'live_4fJ29sKd01LmQz'),
  join('Bearer sk-', 'proj-Ab12Cd34Ef56Gh78'),
  join('gh', 'p_', 'a1B2c3D4e5F6g7H8i9J0k1'),
  join('github_', 'pat_11AAAAAAA0abcdefghijkl'),
  join('glp', 'at-abcdefghijklmnop'),
  join('xox', 'b-123456789012-abc'),
  join('AK', 'IAIOSFODNN7EXAMPLE'),
  join('key=AI', 'zaSyA1234567890abcdefghijklmnopqrstu'),
  join('eyJ', 'hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln'),
  join('-----BEGIN RSA ', 'PRIVATE KEY-----\nMII'),
])('a key of a well-known service is recognised: %#', (text) => {
  expect(holdsKnownToken(text)).toBe(true);
});

test.each([
  'sk-learn-model-training-set',
  'task_2026_quarterly_report',
  'disk-1234567890abcdef',
  'SG.short',
  'Bearer x',
])('an everyday text is none: %s', (text) => {
  expect(holdsKnownToken(text)).toBe(false);
});
