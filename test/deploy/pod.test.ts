/**
 * The pod of the overlay with git-sync, as far as it goes without a cluster: the image in a clean root, with the
 * environment, the words and the mounts of the manifest, volumes as the kubelet lays them out, and git-sync played
 * beside it with the real git.
 */

import { chmodSync, mkdtempSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { watchDaemon } from '../support/daemon.ts';
import type { Deployment } from '../support/deployments.ts';
import { readDeployments } from '../support/deployments.ts';
import { REPOSITORY_ROOT } from '../support/generated-files.ts';
import { hasGit } from '../support/git-repository.ts';
import { createUpstream, startGitSync } from '../support/git-sync.ts';
import type { ImageRoot } from '../support/image-root.ts';
import { buildImage, firstProcess, whyNoContainers } from '../support/image-root.ts';
import { readDockerfile } from '../support/read-dockerfile.ts';
import { openSite, yaml } from '../support/site.ts';
import { publishConfigMap } from '../support/source-directory.ts';

const USER = { uid: 1_000_690_000, gid: 1_000_690_000 };
const TOKEN = '0123456789abcdef';
/** On an address of its own within the loopback range, since the port is the manifest's. */
const ADDRESS = `127.98.${(process.pid >> 8) & 255}.${process.pid & 255 || 1}`;

const directory = mkdtempSync(join(tmpdir(), 'databar-sync-pod-'));
const isPossible = whyNoContainers() === null && hasGit();
let image: ImageRoot | null = null;
beforeAll(() => {
  chmodSync(directory, 0o755);
  const dockerfile = readDockerfile(readFileSync(join(REPOSITORY_ROOT, 'Dockerfile'), 'utf8'));
  if (isPossible) image = buildImage(dockerfile, directory, 'abcdef0');
});
afterAll(() => rmSync(directory, { recursive: true }));

async function readPod(): Promise<Deployment> {
  const pod = (await readDeployments()).find(({ name }) => name === 'overlays/git-sync');
  if (pod === undefined) throw new Error('there is no such overlay');
  return pod;
}

describe.skipIf(!isPossible)('the pod of the overlay with git-sync', () => {
  test('starts from what the manifest gives it, passes its probes, follows commits, and takes a new key', async () => {
    if (image === null) throw new Error('there is no image here');
    const pod = await readPod();
    const site = await openSite({ apiKey: 'first-key' });
    const volume = (name: string): string => join(site.directory, name);
    const secret = (name: string, round: number, entries: Readonly<Record<string, string>>): void =>
      publishConfigMap(volume(name), `2026_11_26_03_00_0${round}.1`, entries);
    secret('own-secrets', 1, { 'api-key': 'first-key\n', 'trigger-token': `${TOKEN}\n` });
    secret('connector-secrets', 1, { 'acme-token': 'a-secret\n' });
    mkdirSync(volume('state'));
    chmodSync(volume('state'), 0o777);
    const upstream = createUpstream(volume('upstream'));
    const gitSync = startGitSync(volume('definitions'), upstream);
    const definition = (limit: number): string =>
      yaml('A', `headers: [{name: Authorization, value: '\${secret:acme-token}'}]\nrate_limit: ${limit}\n`);
    upstream.commit({ 'connectors/a.yaml': definition(1) });
    gitSync.sync();

    const places: Readonly<Record<string, string>> = {
      '/definitions': 'definitions',
      '/var/lib/databar-sync': 'state',
      '/secrets/databar-sync': 'own-secrets',
      '/secrets/connectors': 'connector-secrets',
    };
    const mounts = [...(pod.mounts ?? [])].map(
      ([place, access]) => [place, { from: volume(places[place] ?? place), writable: access === 'write' }] as const,
    );
    const listen = `${ADDRESS}:${pod.environment['DATABAR_SYNC_LISTEN']?.split(':')[1]}`;
    const child = image.start([...image.entrypoint, ...pod.words], {
      user: USER,
      mounts: Object.fromEntries(mounts),
      environment: { ...pod.environment, DATABAR_BASE_URL: site.sandbox.url, DATABAR_SYNC_LISTEN: listen },
    });
    const daemon = watchDaemon(child);
    onTestFinished(async () => {
      if (child.exitCode === null) process.kill(firstProcess(child), 'SIGTERM');
      expect(await daemon.exited).toBe(0);
    });
    await daemon.until('connector.created');
    await daemon.until('pass.completed');
    expect(site.sandbox.connectors()).toMatchObject([{ name: 'A', headers: [{ value: 'a-secret' }] }]);
    for (const { method, path } of pod.requests) {
      expect({ path, status: (await fetch(`http://${listen}${path}`, { method })).status }).toEqual({
        path,
        status: 200,
      });
    }

    const hash = upstream.commit({ 'connectors/a.yaml': definition(2) });
    gitSync.sync();
    gitSync.removeStale();
    const webhook = pod.gitSync?.['GITSYNC_WEBHOOK_URL']
      ?.replace('$(TRIGGER_TOKEN)', TOKEN)
      .replace('127.0.0.1', ADDRESS);
    expect(await gitSync.callWebhook(webhook ?? '')).toBe(200);
    await daemon.until('connector.updated', ({ revision }) => revision === hash);

    // As docs/operations.md has it: a new key in the Secret, then the old one goes.
    site.sandbox.setApiKey('second-key');
    secret('own-secrets', 2, { 'api-key': 'second-key\n', 'trigger-token': `${TOKEN}\n` });
    const third = upstream.commit({ 'connectors/a.yaml': definition(3) });
    gitSync.sync();
    expect(await gitSync.callWebhook(webhook ?? '')).toBe(200);
    await daemon.until('connector.updated', ({ revision }) => revision === third);
    // A pass that was under way may have met the server between two keys.
    const loud = daemon.lines.filter(
      ({ level, event }) => ['warn', 'error'].includes(level) && event !== 'api.unauthorized',
    );
    expect(loud).toEqual([]);
  });
});
