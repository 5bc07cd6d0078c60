import { describe, expect, test } from 'vitest';
import { parseListen } from '../../src/config/parse-listen.ts';

describe('an address to listen at', () => {
  test.each([
    ['127.0.0.1:8700', { host: '127.0.0.1', port: 8700 }],
    ['localhost:0', { host: 'localhost', port: 0 }],
    ['[::1]:65535', { host: '::1', port: 65_535 }],
    ['off', null],
  ])('%s is %j', (text, listen) => {
    expect(parseListen(text)).toEqual({ ok: true, value: listen });
  });

  test.each([
    ['8700', 'is not host:port'],
    [':8700', 'is not host:port'],
    ['localhost', 'is not host:port'],
    ['::1:8700', 'is not host:port'],
    ['http://localhost:8700', 'is not host:port'],
    ['localhost:-1', 'is not host:port'],
    ['localhost:http', 'is not host:port'],
    ['localhost:65536', 'has a port above 65535'],
    ['[localhost]:8700', 'has no IPv6 address between its brackets'],
    ['[]:8700', 'has no IPv6 address between its brackets'],
  ])('%j is refused: it %s', (text, wrong) => {
    expect(parseListen(text)).toEqual({ ok: false, wrong });
  });
});
