/** What a script that knows no vitest may rely on. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { REPOSITORY_ROOT } from '../support/generated-files.ts';

const VITEST = join(REPOSITORY_ROOT, 'node_modules', 'vitest', 'vitest.mjs');
const REPORTER = pathToFileURL(join(REPOSITORY_ROOT, 'test', 'support', 'summary-reporter.ts')).href;

/** Run vitest on files of its own, with the reporter after the default one. */
async function runVitest(files: Readonly<Record<string, string>>): Promise<{ code: number | null; lastLine: string }> {
  const directory = mkdtempSync(join(tmpdir(), 'databar-sync-vitest-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const config =
    `import { createSummaryReporter } from '${REPORTER}';\n` +
    `const reporter = createSummaryReporter((text) => process.stdout.write(text));\n` +
    `export default { test: { globals: true, reporters: ['default', reporter] } };\n`;
  for (const [name, text] of Object.entries({ ...files, 'vitest.config.mjs': config })) {
    writeFileSync(join(directory, name), text);
  }
  const child = spawn(process.execPath, [VITEST, 'run', '--root', directory], { stdio: ['ignore', 'pipe', 'ignore'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, lastLine: Buffer.concat(chunks).toString('utf8').trimEnd().split('\n').at(-1) ?? '' };
}

describe('the last line of a test run', () => {
  test('counts what passed', async () => {
    const run = await runVitest({ 'a.test.mjs': `test('a', () => {}); test('b', () => {});` });
    expect(run).toEqual({ code: 0, lastLine: '2 passed, 0 failed' });
  });

  test('counts what failed and what was skipped', async () => {
    const run = await runVitest({
      'a.test.mjs': `test('a', () => {}); test('b', () => { throw new Error('no'); }); test.skip('c', () => {});`,
    });
    expect(run).toEqual({ code: 1, lastLine: '1 passed, 1 failed, 1 skipped' });
  });

  test('counts a file that cannot be loaded, a broken hook and a stray rejection as failed', async () => {
    const run = await runVitest({
      'a.test.mjs': `import './missing.mjs';`,
      'b.test.mjs': `describe('b', () => { beforeAll(() => { throw new Error('no'); }); test('b', () => {}); });`,
      'c.test.mjs': `test('c', async () => { void Promise.reject(new Error('no')); await new Promise(setImmediate); });`,
    });
    expect(run).toEqual({ code: 1, lastLine: '1 passed, 3 failed, 1 skipped' });
  });

  test('does not call a run good in which nothing ran', async () => {
    expect(await runVitest({})).toEqual({ code: 1, lastLine: '0 passed, 1 failed' });
  });
});

describe('.ci/run', () => {
  const path = join(REPOSITORY_ROOT, '.ci', 'run');
  const script = readFileSync(path, 'utf8');

  test('may be executed', () => {
    expect(statSync(path).mode & 0o111).toBe(0o111);
    expect(script.split('\n', 1)).toEqual(['#!/usr/bin/env bash']);
  });

  test('runs what the README tells people to run, and nothing else', () => {
    const [strict, enter, command, ...others] = script
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect([strict, enter, others]).toEqual(['set -euo pipefail', 'cd "$(dirname "${BASH_SOURCE[0]}")/.."', []]);
    expect(command).toBe('npm ci && npm test');
    expect(readFileSync(join(REPOSITORY_ROOT, 'README.md'), 'utf8')).toContain(`\n${String(command)}\n`);
  });
});
