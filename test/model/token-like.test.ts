import { expect, test } from 'vitest';
import { looksLikeToken } from '../../src/model/token-like.ts';

test.each([
  'sk_live_4fJ29sKd01LmQ',
  'Bearer 4fJ29sKd01LmQ',
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.x',
  'd41d8cd98f00b204e9800998ecf8427e',
  'ghp_16C7e42F292c6912E7710c838347Ae178B4a',
])('%s is rather a value', (name) => {
  expect(looksLikeToken(name)).toBe(true);
});

test.each([
  'rate_limit_per_minute',
  'acme-signing-key-2026-01',
  'CONNECTOR_ACME_2024_TOKEN_V2',
  'maxConcurrencyPerWorker',
  'oauth2_client_credentials',
  'authorization',
  '20261126',
  '',
])('%j is a name', (name) => {
  expect(looksLikeToken(name)).toBe(false);
});
