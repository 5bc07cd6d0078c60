/** What is released: one file. */

import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { parseYaml } from '../../src/desired/parse-yaml.ts';
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

test('the bundle alone is also what a thread begins with that parses', async () => {
  const files = [Buffer.from(yaml('A')), Buffer.from('name: [')];
  const progress = new Int32Array(new SharedArrayBuffer(8));
  const thread = new Worker(BUNDLE, {
    workerData: { job: 'parse', files, progress, mostDocuments: 10 },
    argv: [],
    env: {},
  });
  const told: unknown[] = [];
  thread.on('message', (share) => told.push(share));
  expect(await once(thread, 'exit')).toEqual([0]);
  expect(told).toEqual([{ from: 0, json: JSON.stringify(files.map((bytes) => parseYaml(bytes))) }]);
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
