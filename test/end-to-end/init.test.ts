/** `init`: a folder to begin with, which works as it is. */

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadSettings } from '../../src/config/load-settings.ts';
import { REPOSITORY_ROOT } from '../support/generated-files.ts';
import { openSite } from '../support/site.ts';

const filesBelow = (directory: string): readonly string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort();

test('what it writes is valid, complete, and runs in the sandbox', async () => {
  const site = await openSite();
  const { code, stdout, stderr } = await site.run('init', 'mine');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.trimEnd().split('\n')).toHaveLength(6);
  const mine = join(site.directory, 'mine');
  expect(filesBelow(mine)).toEqual([
    '.env.example',
    '.github/workflows/connectors.yaml',
    '.gitignore',
    '.pre-commit-config.yaml',
    'config/connector.schema.json',
    'connectors/company/headcount.json',
    'connectors/company/registry.yaml',
    'connectors/exporters/chat-alert.yaml',
    'connectors/exporters/crm-contact.yaml',
    'connectors/lead-score.yaml',
    'connectors/people/email-verifier.yaml',
    'connectors/people/profile-lookup.yaml',
    'databar-sync.yaml',
  ]);

  // The samples are those of the repository, with the line that leads editors to the schema.
  for (const path of filesBelow(join(mine, 'connectors'))) {
    const text = readFileSync(join(mine, 'connectors', path), 'utf8');
    expect(text).toBe(readFileSync(join(REPOSITORY_ROOT, 'connectors', path), 'utf8'));
    const schema = /\$schema=(\S+)/u.exec(text)?.[1];
    if (schema === undefined) continue;
    const location = join(mine, 'connectors', path, '..', schema);
    expect(JSON.parse(readFileSync(location, 'utf8'))).toHaveProperty('properties.name');
  }
  expect((await site.run('validate', 'mine/connectors')).stdout).toContain('8 definitions: 8 valid');

  const daemon = site.start('--sandbox', '--sandbox-port', '0', '--dir', 'mine/connectors');
  await daemon.until('pass.completed', ({ created }) => created === 8);
  expect(await daemon.stop()).toBe(0);

  const read = (path: string): string => readFileSync(join(mine, path), 'utf8');
  expect(read('.env.example')).toContain('\n#CONNECTOR_ACME_TOKEN=\n');
  expect(parse(read('.pre-commit-config.yaml'))).toMatchObject({
    repos: [{ hooks: [{ entry: 'databar-sync validate connectors' }] }],
  });
  expect(parse(read('.github/workflows/connectors.yaml'))).toMatchObject({
    jobs: { validate: { steps: [{}, {}, {}, {}] } },
  });
});

test('its settings are the defaults, as it is and with every line switched on', async () => {
  const site = await openSite();
  await site.run('init', 'mine');
  const file = join(site.directory, 'mine', 'databar-sync.yaml');
  const text = readFileSync(file, 'utf8');
  const load = (configFile: string | null): unknown =>
    loadSettings({ flags: {}, environment: {}, configFile, isTerminal: false });
  expect(load(file)).toEqual(load(null));
  expect(Object.keys(parse(text) as object)).toEqual(['source', 'sync']);
  const switchedOn = text.replaceAll(/^( *)#(?=[a-zA-Z])/gmu, '$1');
  writeFileSync(file, switchedOn);
  expect(load(file)).toEqual(load(null));
  expect(Object.keys(parse(switchedOn) as object)).toEqual(
    Object.keys(parse(readFileSync(join(REPOSITORY_ROOT, 'config', 'default.yaml'), 'utf8')) as object),
  );
});

test('a directory may hold what git keeps there, and nothing else', async () => {
  const site = await openSite();
  const mine = join(site.directory, 'mine');
  mkdirSync(join(mine, '.git'), { recursive: true });
  expect((await site.run('init', 'mine')).code).toBe(0);

  const again = await site.run('init', 'mine');
  expect(again).toMatchObject({ code: 1, stdout: '' });
  expect(again.stderr).toMatch(/^error: mine is not empty: \.env\.example, \.github, \.gitignore and 4 more; /u);

  // The site itself holds connectors/.
  const here = await site.run('init');
  expect(here.code).toBe(1);
  expect(here.stderr).toContain('. is not empty: connectors');
  writeFileSync(join(site.directory, 'file'), '');
  expect((await site.run('init', 'file')).stderr).toContain('file cannot be used as a directory (ENOTDIR)');
});

test('a hidden file of its own is never overwritten', async () => {
  const site = await openSite();
  const mine = join(site.directory, 'mine');
  mkdirSync(mine);
  writeFileSync(join(mine, '.gitignore'), 'mine\n');
  expect((await site.run('init', 'mine')).stderr).toContain('mine is not empty: .gitignore');
  expect(readdirSync(mine)).toEqual(['.gitignore']);
  expect(readFileSync(join(mine, '.gitignore'), 'utf8')).toBe('mine\n');
});
