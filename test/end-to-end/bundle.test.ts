/** What is released: one file. */

import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { BUNDLE, openSite, yaml } from '../support/site.ts';

test('the bundle runs alone, where there is no node_modules', async () => {
  const site = await openSite({ files: { 'a.yaml': yaml('A') } });
  const lonely = join(site.directory, 'databar-sync.mjs');
  copyFileSync(BUNDLE, lonely);
  for (let at = site.directory; at !== dirname(at); at = dirname(at)) {
    expect(existsSync(join(at, 'node_modules'))).toBe(false);
  }
  const result = await site.runFile(lonely, 'sync');
  expect(result).toMatchObject({ code: 0, stderr: expect.not.stringContaining('Error') as string });
  expect(site.sandbox.connectors()).toHaveLength(1);
});

test('no part of the bundle looks up a variable for each token of YAML, as the build for Node of the library does', () => {
  const text = readFileSync(BUNDLE, 'utf8');
  expect(text).toContain('block-map');
  expect(text).not.toContain('LOG_TOKENS');
});

test('the bundle asks for nothing but what Node brings', () => {
  const text = readFileSync(BUNDLE, 'utf8');
  const asked = [
    /^import .*?from ["']([^"']+)["'];$/gmu,
    /(?<!['"])\b(?:require|getBuiltinModule)\(["']([^"']+)["']\)/gu,
  ]
    .flatMap((pattern) => [...text.matchAll(pattern)])
    .map(([, from = '']) => from);
  expect(asked.length).toBeGreaterThan(10);
  expect(asked.filter((name) => !isBuiltin(name))).toEqual([]);
});

test('of undici, the bundle holds the parts that are used', () => {
  const text = readFileSync(BUNDLE, 'utf8');
  const holds = (file: string): boolean => text.includes(`// node_modules/undici/${file}`);
  expect(holds('lib/dispatcher/pool.js')).toBe(true);
  // An import of all together, anywhere, brings half a megabyte to compile at each start.
  expect(holds('index.js')).toBe(false);
});
