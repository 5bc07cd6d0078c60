import { describe, expect, test } from 'vitest';
import { parseBaseUrl, staysPrivate } from '../../src/config/parse-base-url.ts';

describe('a base URL', () => {
  test.each([
    ['https://api.databar.ai', 'https://api.databar.ai'],
    ['https://api.databar.ai/', 'https://api.databar.ai'],
    ['https://api.databar.ai/v1', 'https://api.databar.ai'],
    ['https://api.databar.ai/v1/', 'https://api.databar.ai'],
    ['https://gateway.example/databar//v1//', 'https://gateway.example/databar'],
    ['https://gateway.example/v10', 'https://gateway.example/v10'],
    ['HTTPS://API.Databar.ai:443/v1', 'https://api.databar.ai'],
    ['http://127.0.0.1:9000', 'http://127.0.0.1:9000'],
    ['http://[::1]:9000/v1', 'http://[::1]:9000'],
  ])('%s means %s', (text, baseUrl) => {
    expect(parseBaseUrl(text)).toEqual({ ok: true, value: baseUrl });
  });

  test.each([
    ['api.databar.ai', 'is not an absolute http or https address'],
    ['localhost:9000', 'is not an absolute http or https address'],
    ['ftp://api.databar.ai', 'is not an absolute http or https address'],
    ['https:api.databar.ai', 'is not an absolute http or https address'],
    ['https://', 'is not an absolute http or https address'],
    ['https://user:pass@api.databar.ai', 'holds credentials'],
    ['https://api.databar.ai/?key=1', 'has a query or a fragment'],
    ['https://api.databar.ai/#', 'has a query or a fragment'],
  ])('%s is refused: it %s', (text, wrong) => {
    expect(parseBaseUrl(text)).toEqual({ ok: false, wrong });
  });

  test.each([
    ['https://api.databar.ai', true],
    ['http://localhost:9000', true],
    ['http://127.0.0.1', true],
    ['http://127.8.9.10', true],
    ['http://[::1]:9000', true],
    ['http://api.databar.ai', false],
    ['http://127.0.0.1.example.com', false],
    ['http://localhost.example.com', false],
    ['http://128.0.0.1', false],
    ['http://[::2]', false],
  ])('%s can be used without encryption, or has it: %s', (baseUrl, expected) => {
    expect(staysPrivate(baseUrl)).toBe(expected);
  });
});
