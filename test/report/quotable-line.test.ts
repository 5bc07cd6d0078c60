import { expect, test } from 'vitest';
import { quotableLine } from '../../src/report/quotable-line.ts';

test.each([
  ['method: fetch', '/method', 9, 'method: fetch'],
  ['  ref: a b', '/sync/ref', 8, '  ref: a b'],
  ['metod: get', '/metod', 1, 'metod: …'],
  ['apikey: sk_live_canary', '/apikey', 1, 'apikey: …'],
  ['    vlaue: Bearer canary', '/headers/0/vlaue', 5, '    vlaue: …'],
  ['  - name: Bad Header', '/headers/0/name', 11, '  - name: …'],
  ['    value: "Bearer canary" x', '', 28, '    value: …'],
  ['url: ftp://u:canary@h', '/url', 6, 'url: …'],
  ['name: ${env:CONNECTOR_X} canary', '/name', 7, 'name: …'],
  ['  "method": "delete",', '/method', 13, '  "method": "delete",'],
  ["name: 'CRM: score'", '/name', 7, "name: 'CRM: score'"],
  ['method:', '/method', 8, 'method:'],
  ['"method": "delete", "headers": [{"name": "X", "value": "canary"}]', '/method', 11, '"method": …'],
  ['method: fetch, headers: [{name: X, value: canary}]', '/method', 9, 'method: …'],
  ['method: fetch # the key is canary', '/method', 9, 'method: …'],
  [`name: ${'x'.repeat(1_000)}`, '/name', 7, 'name: …'],
  [`name: x${' '.repeat(1_000_000)}#`, '/name', 7, 'name: …'],
  ['sync: {ref: eu}', '/sync/ref', 13, 'sync: {ref: eu}'],
  ['sync: { ref: "eu" },', '/sync/ref', 14, 'sync: { ref: "eu" },'],
  ['sync: {x: canary}', '/sync/x', 8, 'sync: …'],
  ['sync: {ref: a} canary', '/sync/ref', 8, 'sync: …'],
  ['sync: {canary', '/sync', 7, 'sync: …'],
  ['method: #canary', '/method', 9, 'method: …'],
  ['sync: {ref: a b, x: canary}', '/sync', 7, 'sync: …'],
  ['sync: [canary]', '/sync', 7, 'sync: …'],
  ["method: 'get' value: canary", '/method', 9, 'method: …'],
  ['method: "a\\" value: canary"', '/method', 9, 'method: …'],
  ['name: x value: canary', '/name', 7, 'name: …'],
  ['headers: [{name: A, value: canary}]', '/headers', 1, 'headers: …'],
  ['canary', '', 1, null],
  ['sk_live_4fJ29canary1: x', '', 1, null],
  ['  canary more canary', '/body_template', 3, null],
])('%s at %s:%i', (line, path, column, expected) => {
  const shown = quotableLine(line, { path, column });
  expect(shown).toBe(expected);
  expect(shown ?? '').not.toContain('canary');
});
