import { expect, test } from 'vitest';
import { isForeignHost } from '../../src/http/host-guard.ts';

test.each([
  ['127.0.0.1', '127.0.0.1:8700'],
  ['127.0.0.1', 'localhost:8700'],
  ['127.0.0.1', 'LOCALHOST'],
  ['127.0.0.1', 'localhost.:8700'],
  ['127.0.0.1', 'sync.localhost:8700'],
  ['127.0.0.1', '[::1]:8700'],
  ['localhost', '127.0.0.2'],
  ['::1', '[::1]'],
  ['127.0.0.1', null],
])('who listens on %s answers to %s', (listen, host) => {
  expect(isForeignHost(listen, host)).toBe(false);
});

test.each([
  ['127.0.0.1', 'evil.example:8700'],
  ['127.0.0.1', '127.0.0.1.evil.example'],
  ['127.0.0.1', 'localhost.evil.example'],
  ['127.0.0.1', 'evil-localhost'],
  ['127.0.0.1', '[fd00::1]:8700'],
  ['127.0.0.1', '10.0.0.1:8700'],
  ['127.0.0.1', ''],
  ['localhost', 'evil.example'],
  ['::1', 'evil.example'],
])('who listens on %s does not answer to %j', (listen, host) => {
  expect(isForeignHost(listen, host)).toBe(true);
});

test.each(['0.0.0.0', '::', '10.1.2.3', 'sync.internal'])('who listens on %s answers to every name', (listen) => {
  expect(isForeignHost(listen, 'databar-sync.gitops.svc:8700')).toBe(false);
});
