/** docs/adopt.md, lived through: every command of it, in order, with the bundle against a sandbox. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { REPOSITORY_ROOT } from '../support/generated-files.ts';
import { codeBlocks } from '../support/read-markdown.ts';
import type { Ended, Site } from '../support/site.ts';
import { BUNDLE, openSite } from '../support/site.ts';
import { waitUntil } from '../support/wait-until.ts';

const page = readFileSync(join(REPOSITORY_ROOT, 'docs/adopt.md'), 'utf8');
const blocks = codeBlocks(page, 'sh').map((block) => block.trim());
const [summaryOfImport, summaryOfPlan, summaryOfStatus, drift] = codeBlocks(page, 'text').map((block) => block.trim());

const TOKEN = 'acme-token-9f8e7d';

/** A shell of somebody who follows the page: what one block exports, the next one has. */
function openShell(site: Site, environment: Readonly<Record<string, string>>): (block: string) => Promise<Ended> {
  const bin = join(site.directory, 'bin');
  mkdirSync(bin);
  const write = (name: string, text: string): void => {
    writeFileSync(join(bin, name), `#!/usr/bin/env bash\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  write('databar-sync', `exec '${process.execPath}' '${BUNDLE}' "$@"`);
  // The editor of a person who knows the two secrets.
  write(
    'fill-in',
    `sed -i -e 's/^#\\(CONNECTOR_ACME.*=\\)$/\\1${TOKEN}/' -e 's/^#\\(CONNECTOR_MAILPROOF.*=\\)$/\\1mailproof-key/' "$1"`,
  );
  const profile = join(site.directory, 'profile');
  writeFileSync(profile, '');
  return async (block) => {
    const child = spawn('bash', ['-ec', `set -a; . '${profile}'; set +a\n${block}\ndeclare -px > '${profile}'`], {
      cwd: site.directory,
      env: {
        ...environment,
        PATH: [bin, dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
        HOME: site.directory,
        EDITOR: 'fill-in',
        GIT_PAGER: 'cat',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const texts = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.stderr += text));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, ...texts };
  };
}

/** Thirty connectors, two of which have a secret. */
async function openWorkspace(): Promise<Site> {
  const site = await openSite();
  site.sandbox.add({
    name: 'Acme lead score',
    method: 'post',
    url: 'https://api.acme-scoring.example/v1/score',
    headers: [{ name: 'Authorization', value: `Bearer ${TOKEN}` }],
    rate_limit: 60,
  });
  site.sandbox.add({
    name: 'Mailproof',
    method: 'get',
    url: 'https://api.mailproof.example/v2/verify',
    parameters: [{ name: 'api_key', value: 'mailproof-key' }],
  });
  for (let index = 3; index <= 30; index += 1) {
    site.sandbox.add({ name: `Lookup ${index}`, method: 'get', url: `https://lookup.example/${index}` });
  }
  return site;
}

async function openReceiver(): Promise<{ readonly url: string; readonly received: string[] }> {
  const received: string[] = [];
  const server = createServer((request, response) => {
    request.setEncoding('utf8').on('data', (text: string) => received.push(text));
    request.on('end', () => response.end('ok'));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received };
}

test('every command of the page does what the page says', async () => {
  const site = await openWorkspace();
  const before = site.sandbox.connectors();
  const receiver = await openReceiver();
  writeFileSync(join(site.directory, 'webhook'), receiver.url);
  const { DATABAR_API_KEY: _, DATABAR_SYNC_LISTEN: __, ...settings } = site.environment;
  const shell = openShell(site, settings);
  await shell('git init -q . && git config user.email me@example.com && git config user.name Me');
  const read = (path: string): string => readFileSync(join(site.directory, path), 'utf8');
  const [key, imports, fillIn, look, commit, run, status, takeOver, notify, ...others] = blocks;
  expect(others).toEqual([]);
  const succeed = async (block: string | undefined): Promise<string> => {
    const ended = await shell(block ?? 'false');
    expect([block, ended.code, ended.code === 0 ? '' : ended.stderr]).toEqual([block, 0, '']);
    return ended.stdout;
  };

  await succeed(key);
  expect(await succeed(imports)).toContain(summaryOfImport);
  for (const path of ['acme-lead-score.yaml', 'mailproof.yaml', '.env.example']) {
    expect(read(`connectors/${path}`)).not.toMatch(/acme-token|mailproof-key/u);
  }
  await succeed(fillIn);
  expect(read('.env')).toContain(TOKEN);

  const looked = await succeed(look);
  expect(looked).toContain('30 definitions: 30 valid, 0 invalid');
  expect(looked.trimEnd().split('\n').at(-1)).toBe(summaryOfPlan);
  await succeed(commit);
  expect(await succeed('git status --short')).not.toMatch(/\.env$/mu);
  expect(await succeed('git log -p')).not.toMatch(/acme-token|mailproof-key/u);

  // The daemon runs beside the rest, and looks every second in place of every minute.
  expect(run).toBe('databar-sync run --dir connectors --drift report');
  Object.assign(site.environment, {
    CONNECTOR_ACME_LEAD_SCORE_AUTHORIZATION: TOKEN,
    CONNECTOR_MAILPROOF_API_KEY: 'mailproof-key',
    DATABAR_SYNC_LISTEN: '127.0.0.1:0',
  });
  const daemon = site.start(...(run ?? '').split(' ').slice(2), '--interval', '1s');
  const { listen } = await daemon.until('daemon.started');
  await daemon.until('pass.completed', ({ adopted }) => adopted === 30);
  expect(site.sandbox.connectors()).toEqual(before);
  expect(status).toBe('databar-sync status');
  const shown = await succeed(`${status} --url ${String(listen)}`);
  expect(
    shown
      .trimEnd()
      .split('\n')
      .slice(-2)
      .join('\n')
      .replace(/\d+ s ago/u, '12 s ago'),
  ).toBe(summaryOfStatus);

  site.sandbox.edit(1, { rate_limit: 45 });
  const detected = await daemon.until('drift.detected');
  expect(`≠ ${detected.msg}`).toBe(drift);
  const tookOver = await succeed(takeOver);
  expect(tookOver).toContain('-rate_limit: 60\n+rate_limit: 45');
  expect(read('connectors/acme-lead-score.yaml')).toContain('${env:CONNECTOR_ACME_LEAD_SCORE_AUTHORIZATION}');
  await daemon.until('drift.cleared');
  expect(await daemon.stop()).toBe(0);
  expect(site.sandbox.connectors()).toEqual(before.map((one) => (one.id === 1 ? { ...one, rate_limit: 45 } : one)));

  await succeed(notify);
  await waitUntil(() => receiver.received.length > 0);
  expect(receiver.received.join('')).toContain('"text"');
});

test('the alias of the README runs the program in any directory', async () => {
  const site = await openSite();
  const readme = readFileSync(join(REPOSITORY_ROOT, 'README.md'), 'utf8');
  const [alias = ''] = readme.match(/^alias databar-sync=.*$/mu) ?? [];
  const shell = openShell(site, { BASH_ENV: '/dev/null' });
  const lines = [
    'shopt -s expand_aliases',
    `cd '${REPOSITORY_ROOT}'`,
    alias,
    `cd '${site.directory}'`,
    'databar-sync --version',
  ];
  const { code, stdout } = await shell(lines.join('\n'));
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+/u)]);
});
