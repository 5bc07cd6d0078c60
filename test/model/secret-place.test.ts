import { expect, test } from 'vitest';
import { secretPlaces } from '../../src/model/secret-place.ts';
import { storedName } from '../../src/model/stored-name.ts';
import { config, definition, plainFingerprint } from '../support/builders.ts';

const parameters = [
  { name: 'city', value: 'Bern' },
  { name: 'token', value: 'secret' },
  { name: 'a/b', value: 'secret' },
];

test.each([
  ['nothing', [], []],
  ['a text', ['/url', '/name'], ['name', 'url']],
  ['a pair, by its name', ['/parameters/1/value'], ['parameters/token']],
  ['a pair whose name holds a slash', ['/parameters/2/value'], ['parameters/a/b']],
  ['the same place twice', ['/parameters/1/value', '/parameters/1/value'], ['parameters/token']],
  ['the whole list, where a name is a secret', ['/parameters/1/name'], ['parameters']],
  ['the whole list, where name and value are', ['/parameters/1/value', '/parameters/1/name'], ['parameters']],
  ['the whole list, for a pair that is not there', ['/parameters/7/value'], ['parameters']],
])('the secret place of %s', (_, pointers, places) => {
  expect(secretPlaces(config({ parameters }), pointers)).toEqual(places);
});

test('a place survives a reordering of its list', () => {
  const reordered = config({ parameters: parameters.toReversed() });
  expect(secretPlaces(reordered, ['/parameters/1/value'])).toEqual(
    secretPlaces(config({ parameters }), ['/parameters/1/value']),
  );
});

test('a name is stored as it is, and as a fingerprint when a placeholder is part of it', () => {
  expect(storedName(definition({ config: { name: 'A' } }), plainFingerprint)).toBe('A');
  expect(storedName(definition({ config: { name: 'A' }, secretPaths: ['/name'] }), plainFingerprint)).toBe('hmac:A');
  expect(storedName(definition({ config: { name: 'A' }, secretPaths: ['/url'] }), plainFingerprint)).toBe('A');
});
