/** A workspace that exists is adopted: live connectors to files in one command, and nothing has changed. */

import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { ImportDocument } from '../support/run-import.ts';
import { filesOf, importJson, read } from '../support/run-import.ts';
import type { Site } from '../support/site.ts';
import { openSite, yaml } from '../support/site.ts';
import { CANARY, VARIED_CONNECTORS } from '../support/varied-connectors.ts';

/** What a person does who knows the secrets: look them up where they were issued. */
function supplySecrets(site: Site, { placeholders }: ImportDocument): void {
  for (const { variable, id, path } of placeholders) {
    const live = JSON.stringify(site.sandbox.connectors().find((connector) => connector.id === id));
    const values = [...new Set(live.match(new RegExp(`${CANARY}\\w+=?`, 'gu')))];
    const wanted = path === '/headers/2/value' ? values[1] : values[0];
    site.environment[variable] = path === '/url' && variable.endsWith('_USER') ? `me:${wanted ?? ''}` : (wanted ?? '');
  }
}

test('a workspace of thirty connectors: import, validate, plan, edit, sync', async () => {
  const site = await openSite();
  for (const connector of VARIED_CONNECTORS) site.sandbox.add(connector);
  const before = site.sandbox.connectors();

  const imported = await importJson(site);
  expect(imported).toMatchObject({ problems: [], left: [], summary: { imported: 30, failed: 0, placeholders: 10 } });
  expect(filesOf(site)).toHaveLength(32);
  const ajv = new Ajv2020({ strict: false });
  const isFineToEditors = ajv.compile(JSON.parse(read(site, 'connectors/.connector.schema.json')) as object);
  for (const file of filesOf(site)) {
    const text = read(site, `connectors/${file}`);
    expect(text).not.toContain(CANARY);
    if (file.endsWith('.yaml')) expect(isFineToEditors(parse(text))).toBe(true);
  }
  expect(read(site, 'connectors/acme-lead-score.yaml').replace(/:\d{4,5},/u, ':8701,')).toMatchInlineSnapshot(`
    "# yaml-language-server: $schema=./.connector.schema.json
    # Imported from 127.0.0.1:8701, connector 1.
    name: Acme lead score
    type: enrichment
    method: post
    url: https://api.example.com/Acme%20lead%20score
    headers:
      - name: Authorization
        value: Bearer \${env:CONNECTOR_ACME_LEAD_SCORE_AUTHORIZATION}
      - name: Content-Type
        value: application/json; charset=utf-8
      - name: X-Trace
        value: \${env:CONNECTOR_ACME_LEAD_SCORE_X_TRACE}
    body:
      - name: email
        value: '{{ email }}'
      - name: empty
        value: ''
    rate_limit: 60
    max_concurrency: 4
    id: 1
    "
  `);
  expect((await site.run('validate')).code).toBe(0);

  // Without the secrets, a plan says which are missing, and holds what needs them.
  const unset = await site.run('plan', '--detailed-exitcode');
  expect(unset.code).toBe(1);
  for (const { variable } of imported.placeholders) expect(unset.stderr).toContain(variable);

  supplySecrets(site, imported);
  const plan = await site.run('plan', '--detailed-exitcode');
  expect(plan).toMatchObject({ code: 0 });
  expect(plan.stdout).toContain('30 to adopt as they are');

  const again = await site.run('import');
  expect(again.stdout).toBe(
    'nothing to import: files in connectors define all of it\n\nleft alone: 30 connectors that files in connectors speak of\n',
  );
  expect(filesOf(site)).toHaveLength(32);

  site.replace('template.yaml', read(site, 'connectors/template.yaml').replace('method: put', 'method: patch'));
  expect((await site.run('plan', '--detailed-exitcode')).code).toBe(2);
  site.sandbox.clearRequests();
  expect((await site.run('sync')).code).toBe(0);
  expect(site.sandbox.requests.filter(({ method }) => method !== 'GET')).toHaveLength(1);
  expect(site.sandbox.connectors()).toEqual(
    before.map((connector) => (connector.name === 'Template' ? { ...connector, method: 'patch' } : connector)),
  );
  // Bound by the state now, and still left alone.
  expect((await importJson(site)).summary).toMatchObject({ imported: 0, left: 30 });
});

test('sends nothing but one GET, and takes no lock', async () => {
  const site = await openSite({ files: { 'a.yaml': yaml('A') } });
  site.sandbox.add({ name: 'B', method: 'get', url: 'https://b.example' });
  const daemon = site.start('--interval', '1h');
  await daemon.until('pass.completed');
  site.sandbox.clearRequests();
  expect((await importJson(site)).imported).toMatchObject([{ name: 'B', file: 'connectors/b.yaml' }]);
  expect(site.sandbox.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  // The daemon takes up the new file at once, and writes nothing for it.
  await daemon.until('connector.adopted', ({ file }) => file === 'b.yaml');
  expect(await daemon.stop()).toBe(0);
});

describe('what the server masks', () => {
  test('becomes a placeholder that is told apart, never the mask', async () => {
    const site = await openSite({ maskHeaders: true });
    site.sandbox.add({
      name: 'A',
      method: 'get',
      url: 'https://a.example',
      headers: [{ name: 'Authorization', value: 'Bearer real' }],
    });
    const { stdout, code } = await site.run('import');
    expect(code).toBe(0);
    expect(stdout).toContain('CONNECTOR_A_AUTHORIZATION  connectors/a.yaml: Authorization (masked)');
    expect(stdout).toContain('the next sync would wipe the credentials');
    expect(read(site, 'connectors/a.yaml')).not.toContain('**');
    site.environment['CONNECTOR_A_AUTHORIZATION'] = 'Bearer real';
    // Nobody can see that it is the same, so the first sync writes it, and from then on the mask is known.
    expect((await site.run('plan', '--detailed-exitcode')).stdout).toContain('/headers/0/value');
    expect((await site.run('sync')).code).toBe(0);
    expect(await site.run('plan', '--detailed-exitcode')).toMatchObject({ code: 0 });
    expect(site.sandbox.connectors()[0]?.headers).toEqual([{ name: 'Authorization', value: 'Bearer real' }]);
  });
});

describe('files that are there', () => {
  test('keep their connectors: by id, by name, and also when they are invalid', async () => {
    const site = await openSite({
      files: {
        'by-id.yaml': yaml('Another name', 'id: 1\n'),
        'by-name.yaml': yaml('Two'),
        'broken.yaml': 'name: Three\nmethod: fetch\nurl: https://x.example\n',
        'either.yaml': yaml('Twin'),
      },
    });
    for (const name of ['One', 'Two', 'Three', 'Twin', 'Twin', 'Six']) {
      site.sandbox.add({ name, method: 'get', url: 'https://a.example' });
    }
    const { imported, left } = await importJson(site);
    expect(imported.map(({ file }) => file)).toEqual(['connectors/six.yaml']);
    expect(left.map(({ id, file }) => `${id} ${file}`)).toEqual([
      '1 connectors/by-id.yaml',
      '2 connectors/by-name.yaml',
      '3 connectors/broken.yaml',
      '4 connectors/either.yaml',
      '5 connectors/either.yaml',
    ]);
  });

  test('are never written over, whatever their extension or case', async () => {
    const site = await openSite({ files: { 'lead.json': '{}', 'Other.yaml': yaml('Else') } });
    site.sandbox.add({ name: 'Lead', method: 'get', url: 'https://a.example' });
    site.sandbox.add({ name: 'other', method: 'get', url: 'https://a.example' });
    expect((await importJson(site)).imported.map(({ file }) => file)).toEqual([
      'connectors/lead-2.yaml',
      'connectors/other-2.yaml',
    ]);
  });

  test('are written anew with --overwrite, and keep what is theirs alone', async () => {
    const own = 'headers:\n  - name: X\n    value: ${secret:mine}\nid: 1\nsync:\n  protect: true\n';
    const site = await openSite({ files: { 'mine/a.yaml': yaml('A', own) } });
    site.sandbox.add({ name: 'A', method: 'post', url: 'https://a.example', headers: [{ name: 'X', value: 'x' }] });
    expect((await importJson(site)).summary).toMatchObject({ imported: 0, left: 1 });
    const { imported } = await importJson(site, '--overwrite');
    expect(imported).toMatchObject([{ file: 'connectors/mine/a.yaml', outcome: 'overwritten' }]);
    const text = read(site, 'connectors/mine/a.yaml');
    expect(text).toContain('method: post');
    expect(text).toContain(own);
    expect(text).toContain('$schema=../.connector.schema.json');
  });
});

test('--overwrite takes over what was edited in the web app, and leaves every other file as it is', async () => {
  const token = 'headers:\n  - name: Authorization\n    value: Bearer ${env:CONNECTOR_MINE} # from the vault\n';
  const files = { 'a.yaml': `# mine\n${yaml('A', token)}`, 'b.yaml': `# mine\n${yaml('B', token)}` };
  const site = await openSite({ files });
  site.environment['CONNECTOR_MINE'] = 'secret';
  expect((await site.run('sync')).code).toBe(0);
  site.sandbox.edit(2, { method: 'post' });
  // The values of placeholders are not needed for it.
  delete site.environment['CONNECTOR_MINE'];
  const { imported, left } = await importJson(site, '--overwrite');
  expect(imported).toMatchObject([{ file: 'connectors/b.yaml', outcome: 'overwritten' }]);
  expect(left).toMatchObject([{ file: 'connectors/a.yaml', reason: 'the file says the same' }]);
  expect(read(site, 'connectors/a.yaml')).toBe(files['a.yaml']);
  expect(read(site, 'connectors/b.yaml')).toContain('method: post');
  expect(read(site, 'connectors/b.yaml')).toContain('value: Bearer ${env:CONNECTOR_MINE}\n');

  site.environment['CONNECTOR_MINE'] = 'secret';
  site.sandbox.clearRequests();
  expect((await site.run('sync', '--drift', 'report')).code).toBe(0);
  expect(site.sandbox.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  expect((await importJson(site, '--overwrite')).imported).toEqual([]);
});

test('--overwrite keeps what stands in clear in a file while it is live, and hides what was put in its place', async () => {
  const own = `headers:
  - name: X-Api-Version # of their own
    value: "2026-04-01"
parameters:
  - name: api_key
    value: demo
`;
  const files = { 'a.yaml': yaml('A', own), 'b.yaml': yaml('B', own), 'c.yaml': yaml('C', own) };
  const site = await openSite({ files });
  expect((await site.run('sync')).code).toBe(0);
  site.sandbox.edit(2, { method: 'post' });
  site.sandbox.edit(3, { headers: [{ name: 'X-Api-Version', value: '2026-05-01' }] });
  const { imported, placeholders } = await importJson(site, '--overwrite');
  expect(imported.map(({ file }) => file)).toEqual(['connectors/b.yaml', 'connectors/c.yaml']);
  expect(read(site, 'connectors/a.yaml')).toBe(files['a.yaml']);
  expect(read(site, 'connectors/b.yaml')).toContain('method: post');
  expect(read(site, 'connectors/b.yaml')).toContain("value: '2026-04-01'\n");
  expect(read(site, 'connectors/c.yaml')).not.toContain('2026-05-01');
  expect(placeholders).toMatchObject([{ variable: 'CONNECTOR_C_X_API_VERSION', file: 'connectors/c.yaml' }]);

  site.environment['CONNECTOR_C_X_API_VERSION'] = '2026-05-01';
  expect(await site.run('plan', '--detailed-exitcode')).toMatchObject({ code: 0 });
});

test('--only and --exclude choose by name', async () => {
  const site = await openSite();
  for (const name of ['CRM contact', 'CRM test', 'Other']) {
    site.sandbox.add({ name, method: 'get', url: 'https://a.example' });
  }
  const { stdout } = await site.run('import', '--only', 'crm *', '--exclude', '*TEST');
  expect(stdout).toContain('imported 1 connector from 127.0.0.1');
  expect(stdout).toContain('(2 not asked for)');
  expect(filesOf(site)).toEqual(['.connector.schema.json', 'crm-contact.yaml']);
  expect((await site.run('import', '--only', 'nothing')).stdout).toBe(
    'nothing to import: no connector has such a name (3 not asked for)\n',
  );
});

test('--dry-run writes nothing', async () => {
  const site = await openSite();
  site.sandbox.add({ name: 'A', method: 'get', url: 'https://a.example' });
  const { stdout } = await site.run('import', '--dry-run', '--dir', 'new');
  expect(stdout).toContain('would import 1 connector');
  expect(readdirSync(site.directory)).not.toContain('new');
});

test('--quiet is silent when all is well', async () => {
  const site = await openSite();
  site.sandbox.add({ name: 'A', method: 'get', url: 'https://a.example' });
  expect(await site.run('import', '--quiet')).toEqual({ code: 0, stdout: '', stderr: '' });
});

test('the schema and the names of variables are found beside the directory', async () => {
  const site = await openSite();
  mkdirSync(join(site.directory, 'config'));
  writeFileSync(join(site.directory, 'config', 'connector.schema.json'), '{}');
  writeFileSync(join(site.directory, '.env.example'), 'MINE=\n');
  site.sandbox.add({ name: 'A', method: 'get', url: 'https://a.example', headers: [{ name: 'X', value: 'x' }] });
  expect((await importJson(site)).otherFiles).toEqual([{ file: '.env.example', error: null }]);
  expect(filesOf(site)).toEqual(['a.yaml']);
  expect(read(site, 'connectors/a.yaml')).toContain('$schema=../config/connector.schema.json\n');
  expect(read(site, '.env.example')).toBe('MINE=\n#CONNECTOR_A_X=\n');
});

test('a live connector that is no valid definition is written, and told with its line', async () => {
  const site = await openSite();
  site.sandbox.add({ name: 'A', method: 'get', url: 'relative/path', headers: [{ name: 'Bad name', value: 'x' }] });
  const { code, stdout } = await site.run('import');
  expect(code).toBe(1);
  expect(stdout).toContain('connectors/a.yaml:6:6: invalid_url: The URL is not absolute');
  expect(stdout).toContain('connectors/a.yaml:8:11: invalid_header_name:');
});

describe('refused is', () => {
  test('a link that leads out of the directory', async () => {
    const site = await openSite();
    mkdirSync(join(site.directory, 'elsewhere'));
    writeFileSync(join(site.directory, 'elsewhere', '.env.example'), 'X=\n');
    symlinkSync('../elsewhere/.env.example', join(site.directory, 'connectors', '.env.example'));
    site.sandbox.add({ name: 'A', method: 'get', url: 'https://a.example', headers: [{ name: 'X', value: 'x' }] });
    const { code, stdout } = await site.run('import');
    expect(code).toBe(1);
    expect(stdout).toContain('! connectors/.env.example: it is a link');
    expect(stdout).toContain('CONNECTOR_A_X  connectors/a.yaml: X');
    expect(read(site, 'elsewhere/.env.example')).toBe('X=\n');
  });

  test('to keep a header that holds a credential', async () => {
    const site = await openSite();
    const { code, stderr } = await site.run('import', '--keep-header', 'Authorization');
    expect(code).toBe(1);
    expect(stderr).toContain('--keep-header Authorization: a header of this name holds a credential');
  });

  test('a list that cannot be had: nothing is written, and JSON is JSON all the same', async () => {
    const site = await openSite({ apiKey: 'another' });
    const { code, stdout, stderr } = await site.run('import', '--output', 'json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ error: expect.stringContaining('cannot be listed') as string });
    expect(stderr).toContain('403');
    expect(filesOf(site)).toEqual([]);
  });
});
