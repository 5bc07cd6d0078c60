/** The commands as a newcomer meets them: help, typos, schema, the sandbox alone, and the way in without any set-up. */

import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, test } from 'vitest';
import { openSite, yaml } from '../support/site.ts';

describe('help', () => {
  test('lists every command, and teaches by example', async () => {
    const site = await openSite();
    const help = await site.run('--help');
    expect(help.code).toBe(0);
    for (const command of [
      'run',
      'sync',
      'plan',
      'validate',
      'import',
      'schema',
      'explain',
      'init',
      'sandbox',
      'completion',
    ]) {
      expect(help.stdout).toMatch(new RegExp(`^ {2}${command} `, 'mu'));
      const own = await site.run(command, '--help');
      expect(own).toMatchObject({ code: 0, stderr: '' });
      expect(own.stdout).toContain(`Examples:\n  `);
    }
  });

  test('is what the bare program prints', async () => {
    const site = await openSite();
    expect((await site.run()).stdout).toBe((await site.run('--help')).stdout);
  });
});

test.each([
  ['a command', ['synk'], '(Did you mean sync?)'],
  ['a flag', ['sync', '--polcy', 'sync'], '(Did you mean --policy?)'],
  ['a flag of import', ['import', '--overwite'], '(Did you mean --overwrite?)'],
  ['a field', ['explain', 'header.value'], 'did you mean headers.value'],
  ['a code', ['explain', 'mass-delete'], 'did you mean mass_delete?'],
  ['a shell', ['completion', 'bsh'], 'bash, zsh, fish'],
  ['a flag of one command', ['plan', '--detailed-exit-code'], '(Did you mean --detailed-exitcode?)'],
  ['a flag of a setting', ['validate', '--secret-dir', 'x'], '(Did you mean --secrets-dir?)'],
  ['a value', ['sync', '--policy', 'upsert'], 'upsert-only'],
  ['a setting of the config file', ['plan', '--config', 'typo.yaml'], 'sync.interval'],
  ['an output format', ['plan', '--output', 'yaml'], 'text, json, markdown'],
])('a typo in %s is answered with the nearest right one, on stderr', async (_, args, hint) => {
  const site = await openSite();
  site.write('../typo.yaml', 'sync:\n  intervall: 5s\n');
  const result = await site.run(...args);
  expect(result).toMatchObject({ code: 1, stdout: '' });
  expect(result.stderr).toContain(hint);
});

test('an unknown environment variable of ours is a warning, and its value is not printed', async () => {
  const site = await openSite({ files: { 'a.yaml': yaml('A') } });
  site.environment['DATABAR_SYNC_INTERVALL'] = 'canary-value';
  const result = await site.run('plan');
  expect(result.code).toBe(0);
  expect(result.stderr).toContain('DATABAR_SYNC_INTERVAL');
  expect(result.stderr).not.toContain('canary-value');
});

test('`schema` prints the JSON Schema of a definition', async () => {
  const site = await openSite();
  const result = await site.run('schema');
  expect(result.code).toBe(0);
  expect(JSON.parse(result.stdout)).toMatchObject({ required: ['name', 'method', 'url'], additionalProperties: false });
});

test('`sandbox` serves alone, with caps and faults, until it is stopped', async () => {
  const site = await openSite({ files: { 'a.yaml': yaml('A', 'rate_limit: 60\n') } });
  const sandbox = site.spawn(
    'sandbox',
    '--port',
    '0',
    '--max-rate-limit',
    '10',
    '--fault',
    'create:503',
    '--api-key',
    'k',
  );
  if (sandbox.stdout === null) throw new Error('no output');
  const lines = createInterface({ input: sandbox.stdout });
  const [first] = (await once(lines, 'line')) as [string];
  const url = /http:\/\/127\.0\.0\.1:\d+/u.exec(first)?.[0] ?? '';

  site.environment['DATABAR_BASE_URL'] = url;
  expect((await site.run('sync')).stderr).toContain('api.unauthorized');
  site.environment['DATABAR_API_KEY'] = 'k';
  site.environment['DATABAR_SYNC_TIMEOUT'] = '50ms';
  expect((await site.run('sync')).code).toBe(1);
  await expect.poll(async () => (await site.run('sync')).code, { timeout: 10_000 }).toBe(0);
  const answer = await fetch(`${url}/_sandbox/connectors`);
  expect(await answer.json()).toMatchObject([{ name: 'A', rate_limit: 10 }]);

  sandbox.kill('SIGTERM');
  expect(await once(sandbox, 'exit')).toEqual([0, null]);
});

test('`run --sandbox` needs neither key nor secrets, says what it is, and keeps nothing', async () => {
  const secret = 'headers:\n  - name: Authorization\n    value: ${env:CONNECTOR_TOKEN}\n';
  const site = await openSite({ files: { 'a.yaml': yaml('A', secret) } });
  delete site.environment['DATABAR_API_KEY'];
  delete site.environment['DATABAR_BASE_URL'];
  for (let start = 0; start < 2; start += 1) {
    const daemon = site.start('--sandbox', '--sandbox-port', '0');
    expect((await daemon.until('daemon.started')).msg).toContain('SANDBOX');
    await daemon.until('pass.completed', ({ created }) => created === 1);
    expect(await daemon.stop()).toBe(0);
  }
  expect(site.sandbox.requests).toHaveLength(0);
});

test('`run` that cannot listen ends at once, says why, and leaves nothing running', async () => {
  const site = await openSite();
  const taken = new URL(site.sandbox.url).host;
  for (const args of [
    ['--listen', taken],
    ['--listen', taken, '--sandbox', '--sandbox-port', '0'],
  ]) {
    const result = await site.run('run', ...args);
    expect(result.code).toBe(1);
    expect(result.stderr).toBe(
      `error: cannot listen on ${taken} (EADDRINUSE); set http.listen to another address, or to off\n`,
    );
  }
});
