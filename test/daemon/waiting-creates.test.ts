import { expect, test } from 'vitest';
import { remainingMs, waitingCreates } from '../../src/daemon/waiting-creates.ts';
import { definition, plainFingerprint } from '../support/builders.ts';

const SETTLE_MS = 30_000;
const NOW = 1_000_000;
const a = definition({ key: 'a', config: { name: 'A' } });
const waiting = (at: number, intent = { key: 'a', name: 'A' }) =>
  waitingCreates([a, definition({ key: 'b', config: { name: 'B' } })], [{ ...intent, at }], {
    settleMs: SETTLE_MS,
    now: NOW,
    fingerprint: plainFingerprint,
  });

test('a create without an answer waits until the server cannot commit it any more', () => {
  expect(waiting(NOW - 12_300)).toEqual(
    new Map([['a', 'an earlier create got no answer; it is looked for once more in 18 s']]),
  );
  expect(waiting(NOW - SETTLE_MS)).toEqual(new Map());
});

test('a definition that has moved meanwhile is known by its name', () => {
  expect([...waiting(NOW, { key: 'old/path', name: 'B' }).keys()]).toEqual(['b']);
});

test('a secret name is known by its fingerprint', () => {
  const secret = definition({ key: 'new', secretPaths: ['/name'], config: { name: 'A' } });
  const options = { settleMs: SETTLE_MS, now: NOW, fingerprint: plainFingerprint };
  expect(waitingCreates([secret], [{ key: 'old', name: 'hmac:A', at: NOW }], options).size).toBe(1);
  expect(waitingCreates([secret], [{ key: 'old', name: 'A', at: NOW }], options).size).toBe(0);
});

test('a clock that was set back makes nobody wait longer than once', () => {
  const intent = { key: 'a', name: 'A', at: NOW + 3_600_000 };
  expect(remainingMs(intent, SETTLE_MS, NOW)).toBe(SETTLE_MS);
});
