import { describe, expect, test } from 'vitest';
import { mergeEnvExample, variablesNamedIn, variablesOf } from '../../src/import/env-example.ts';
import { createNameMatcher } from '../../src/import/name-glob.ts';
import { slugOf, takeFreeName, variableNameOf } from '../../src/import/slug.ts';

test.each([
  ['Acme Lead Score', 'acme-lead-score'],
  ['Prüfung der Größe', 'pruefung-der-groesse'],
  ['Řeka Žluťoučký', 'reka-zlutoucky'],
  ['LinkedIn Profile v2', 'linkedin-profile-v2'],
  ['CRM & ERP', 'crm-and-erp'],
  ['../../etc/passwd', 'etc-passwd'],
  ['CON', 'con-connector'],
  ['lpt1', 'lpt1-connector'],
  ['中文', 'fallback'],
  ['', 'fallback'],
  ['long '.repeat(30), 'long-long-long-long-long-long-long-long-long-long-long-long'],
])('a file for %j is called %s', (name, slug) => {
  expect(slugOf(name, 'fallback')).toBe(slug);
});

test('variables are in upper case', () => {
  expect(variableNameOf('X-Api-Key', 'VALUE')).toBe('X_API_KEY');
  expect(variableNameOf('', 'VALUE')).toBe('VALUE');
});

test('names that meet are numbered from 2', () => {
  const taken = new Set(['a', 'a-3']);
  expect([1, 2, 3].map(() => takeFreeName('a', '-', taken))).toEqual(['a-2', 'a-4', 'a-5']);
});

describe('globs', () => {
  test.each([
    ['CRM *', 'crm contact', true],
    ['CRM *', 'The CRM contact', false],
    ['*crm*', 'The CRM contact', true],
    ['a?c', 'abc', true],
    ['a?c', 'a🦄c', true],
    ['a?c', 'ac', false],
    ['*', '', true],
    ['a.c', 'abc', false],
    ['a/*', 'a/b\nc', true],
    ['[ab](c)+', '[AB](C)+', true],
  ])('%s and %j: %s', (glob, name, matches) => {
    expect(createNameMatcher([glob])(name)).toBe(matches);
  });

  test('without any, nothing matches', () => {
    expect(createNameMatcher([])('a')).toBe(false);
  });
});

describe('.env.example', () => {
  test('is begun with a word about values', () => {
    expect(mergeEnvExample(null, ['CONNECTOR_A', 'CONNECTOR_B'])).toMatch(
      /^(?:# .*\n){2}#CONNECTOR_A=\n#CONNECTOR_B=\n$/u,
    );
  });

  test('keeps what it holds, and gets only what is missing', () => {
    const existing = '# mine\nexport CONNECTOR_A=\n#CONNECTOR_B=\nOTHER=1';
    expect(mergeEnvExample(existing, ['CONNECTOR_B', 'CONNECTOR_C', 'CONNECTOR_A'])).toBe(
      `${existing}\n#CONNECTOR_C=\n`,
    );
    expect(mergeEnvExample(existing, ['CONNECTOR_A'])).toBeNull();
    expect(variablesOf(existing)).toEqual(['CONNECTOR_A', 'CONNECTOR_B', 'OTHER']);
  });

  test('knows which variables a definition names, and which it only seems to', () => {
    expect(variablesNamedIn('a: ${env:B}${env:A} $${env:C} ${secret:d} ${env:B}')).toEqual(['B', 'A']);
  });
});
