/** What is released: one file. */

import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
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

test('the bundle imports nothing but what Node brings', () => {
  const imports = [...readFileSync(BUNDLE, 'utf8').matchAll(/^import .*?from ["']([^"']+)["'];$/gmu)].map(
    ([, from = '']) => from.replace(/^node:/u, ''),
  );
  expect(imports.length).toBeGreaterThan(0);
  expect(imports.filter((name) => !builtinModules.includes(name) && name !== 'sqlite')).toEqual([]);
});
