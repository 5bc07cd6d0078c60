import { describe, expect, test } from 'vitest';

import { looksLikeCredential } from '../../src/model/credential-name.ts';

describe('names that look like a credential', () => {
  test.each([
    'token',
    'access_token',
    'refreshToken',
    'X-Auth-Token',
    'tokens',
    'client_secret',
    'password',
    'passwd',
    'passphrase',
    'api_key',
    'apikey',
    'x-apikey',
    'X-API-Key',
    'api key',
    'Authorization',
    'proxy-authorisation',
    'auth',
    'oauth_state',
    'credentials',
    'signature',
    'sessionid',
    'Cookie',
    'bearer',
    'jwt',
    'pwd',
    'x-sig',
    'hmac',
    'key',
    'Subscription-Key',
    'privateKey',
  ])('%s', (name) => {
    expect(looksLikeCredential(name)).toBe(true);
  });
});

describe('names that do not', () => {
  test.each([
    '',
    'name',
    'email',
    'author',
    'author_id',
    'authority',
    'keyword',
    'keys',
    'monkey',
    'design',
    'option',
    'Content-Type',
    'max_tokens',
    'maxTokens',
    'max_output_tokens',
    'token_count',
    'tokenizer',
    'tokenize',
    'assignee',
  ])('%s', (name) => {
    expect(looksLikeCredential(name)).toBe(false);
  });
});
