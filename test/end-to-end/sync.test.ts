/** `sync` and `plan` as people and pipelines run them. */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { SandboxConnector } from '../../src/sandbox/sandbox-connector.ts';
import { startPrismProxy } from '../support/prism.ts';
import { openSite, yaml } from '../support/site.ts';
import { mixedDefinitions } from '../support/mixed-definitions.ts';

const writes = (requests: readonly { readonly method: string }[]): number =>
  requests.filter(({ method }) => method !== 'GET').length;

const json = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;

function withoutServerFields({
  id,
  created_at: createdAt,
  ...config
}: SandboxConnector): Omit<SandboxConnector, 'id' | 'created_at'> {
  expect(id).toBeGreaterThan(0);
  expect(createdAt).not.toBeNull();
  return config;
}

describe('200 mixed definitions', () => {
  test('arrive exactly as the files say, judged by an independent party, and stay without a further write', async () => {
    const { files, expected } = mixedDefinitions(200);
    const site = await openSite({ files, caps: { rate_limit: 40 } });
    const judge = await startPrismProxy(site.sandbox.url);
    site.environment['DATABAR_BASE_URL'] = judge.url;
    try {
      const first = await site.run('sync', '--output', 'json', '--concurrency', '8');
      expect(first.code).toBe(0);
      expect(json(first.stdout)['summary']).toMatchObject({ applied: 200, failed: 0, blocked: 0 });
      const live = site.sandbox.connectors().map(withoutServerFields);
      const capped = expected.map((config) => ({
        ...config,
        rate_limit: config.rate_limit === null ? null : Math.min(40, config.rate_limit),
      }));
      const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);
      expect(live.sort(byName)).toEqual([...capped].sort(byName));

      site.sandbox.clearRequests();
      const second = await site.run('sync', '--output', 'json');
      expect(json(second.stdout)['summary']).toMatchObject({ unchanged: 200, applied: 0 });
      expect(writes(site.sandbox.requests)).toBe(0);
      expect(judge.violations()).toEqual([]);
    } finally {
      await judge.close();
    }
  });

  test('a lost state writes nothing and duplicates nothing', async () => {
    const { files } = mixedDefinitions(200);
    const site = await openSite({ files });
    expect((await site.run('sync')).code).toBe(0);
    site.sandbox.clearRequests();
    rmSync(join(site.directory, '.databar-sync'), { recursive: true });

    const again = await site.run('sync', '--output', 'json');
    expect(again.code).toBe(0);
    expect(json(again.stdout)['summary']).toMatchObject({ applied: 200 });
    expect(writes(site.sandbox.requests)).toBe(0);
    expect(site.sandbox.connectors()).toHaveLength(200);
  });
});

describe('plan', () => {
  test('says what sync would do, in text, JSON and Markdown, and sends only GET', async () => {
    const site = await openSite({ files: { 'a.yaml': yaml('A'), 'b.yaml': yaml('B') } });
    site.sandbox.add({ name: 'B', method: 'post', url: 'https://api.example.com/B' });
    site.sandbox.add({ name: 'Elsewhere', method: 'get', url: 'https://api.example.com/' });

    const text = await site.run('plan');
    expect(text.code).toBe(0);
    expect(text.stdout).toBe(
      '+ create  a  "A"  new\n' +
        '= adopt   b  "B" (id 1)  adopted: the only unbound live connector of this name\n' +
        '      /method: "post" → "get"\n' +
        '1 to create, 1 to adopt and update; 1 unmanaged\n',
    );

    const document = await site.run('plan', '--output', 'json', '--detailed-exitcode');
    expect(document.code).toBe(2);
    expect(json(document.stdout)).toMatchObject({
      changes: [
        { key: 'a', file: 'connectors/a.yaml', id: null, name: 'A', action: 'create', cause: 'new', fields: [] },
        {
          key: 'b',
          file: 'connectors/b.yaml',
          id: 1,
          action: 'adopt',
          fields: [{ path: '/method', live: 'post', desired: 'get' }],
        },
      ],
      summary: { create: 1, adopt: 1, update: 0, delete: 0, none: 0, blocked: 0, held: 0 },
    });

    const markdown = await site.run('plan', '--output', 'markdown');
    expect(markdown.stdout).toContain('| create | `a` |');
    expect(writes(site.sandbox.requests)).toBe(0);
  });

  test('is empty after a sync, and leaves no state of its own', async () => {
    const site = await openSite({ files: { 'a.yaml': yaml('A', 'rate_limit: 60\n') }, caps: { rate_limit: 10 } });
    expect((await site.run('sync')).code).toBe(0);
    const plan = await site.run('plan', '--detailed-exitcode', '--output', 'json');
    expect(plan.code).toBe(0);
    expect(json(plan.stdout)['summary']).toMatchObject({ none: 1, update: 0 });
  });

  test('may run beside the daemon, which holds the lock', async () => {
    const site = await openSite({ files: { 'a.yaml': yaml('A') } });
    const daemon = site.start();
    await daemon.until('pass.completed', ({ created }) => created === 1);
    const plan = await site.run('plan', '--output', 'json');
    expect(json(plan.stdout)['summary']).toMatchObject({ none: 1, create: 0 });
    const second = await site.run('sync');
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/^error: .*\.databar-sync.*\n$/u);
  });
});

describe('exit codes and outputs', () => {
  test('an invalid definition fails the command, and the rest is synced', async () => {
    const site = await openSite({ files: { 'good.yaml': yaml('Good'), 'bad.yaml': 'name: Bad\nmethod: get\n' } });
    const result = await site.run('sync', '--output', 'json');
    expect(result.code).toBe(1);
    expect(json(result.stdout)).toMatchObject({
      results: [
        { key: 'bad', action: 'held', outcome: 'held' },
        { key: 'good', action: 'create', outcome: 'applied', id: 1 },
      ],
      summary: { applied: 1, held: 1 },
    });
  });

  test('--dry-run sends nothing but GET, and says what it left out', async () => {
    const site = await openSite({ files: { 'a.yaml': yaml('A') } });
    const result = await site.run('sync', '--dry-run', '--output', 'json');
    expect(result.code).toBe(0);
    expect(json(result.stdout)).toMatchObject({ results: [{ action: 'create', outcome: 'skipped' }] });
    expect(writes(site.sandbox.requests)).toBe(0);
  });

  test.each([
    ['an unknown flag', ['sync', '--polcy', 'sync']],
    ['a bad value', ['sync', '--policy', 'everything']],
    ['a wrong key', ['sync', '--base-url', 'http://127.0.0.1:1']],
    ['a missing source', ['sync', '--dir', 'nowhere']],
    ['a plain-http base URL', ['plan', '--base-url', 'http://databar.example']],
    ['a missing path to validate', ['validate', 'nowhere']],
  ])('stdout stays one JSON document after %s', async (_, args) => {
    const site = await openSite({ files: { 'a.yaml': yaml('A') } });
    site.environment['DATABAR_SYNC_RETRY_MAX_ATTEMPTS'] = '2';
    const result = await site.run(...args, '--output', 'json');
    expect(result.code).toBe(1);
    expect(json(result.stdout)['error']).toEqual(expect.stringMatching(/.+/u));
  });

  test('without a key there is an error that says how to give one, never a silent sandbox', async () => {
    const site = await openSite();
    delete site.environment['DATABAR_API_KEY'];
    for (const command of ['run', 'sync', 'plan']) {
      const result = await site.run(command);
      expect(result.code).toBe(1);
      expect(result.stderr).toContain('DATABAR_API_KEY_FILE');
    }
    expect(site.sandbox.requests).toHaveLength(0);
  });

  test('deletes of `sync` need no second pass, but the other brakes hold', async () => {
    const names = ['A', 'B', 'C', 'D', 'E', 'F'];
    const site = await openSite({ files: Object.fromEntries(names.map((name) => [`${name}.yaml`, yaml(name)])) });
    expect((await site.run('sync')).code).toBe(0);
    site.remove('A.yaml');
    expect((await site.run('sync', '--policy', 'sync')).code).toBe(0);
    expect(site.sandbox.connectors()).toHaveLength(5);

    site.remove('B.yaml');
    site.remove('C.yaml');
    const braked = await site.run('sync', '--policy', 'sync');
    expect(braked.code).toBe(1);
    expect(braked.stdout).toContain('2 of 5 bound connectors would be deleted');
    expect(site.sandbox.connectors()).toHaveLength(5);

    expect((await site.run('sync', '--policy', 'sync', '--force')).code).toBe(0);
    expect(site.sandbox.connectors()).toHaveLength(3);

    for (const name of ['D', 'E', 'F']) site.remove(`${name}.yaml`);
    expect((await site.run('sync', '--policy', 'sync', '--force')).code).toBe(1);
    expect(site.sandbox.connectors()).toHaveLength(3);
  });
});
