/** What delivers the files in a cluster, played to the letter: git-sync with its webhook, and the volume of a ConfigMap. */

import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Daemon } from '../support/daemon.ts';
import { hasGit } from '../support/git-repository.ts';
import type { GitSync, Upstream } from '../support/git-sync.ts';
import { createUpstream, startGitSync } from '../support/git-sync.ts';
import { writesTo } from '../support/requests.ts';
import type { Site } from '../support/site.ts';
import { openSite, yaml } from '../support/site.ts';
import { publishConfigMap } from '../support/source-directory.ts';

const TOKEN = 'open-sesame';
const limited = (name: string, limit: number): string => yaml(name, `rate_limit: ${limit}\n`);
const limitOf = (site: Site, name: string): unknown =>
  site.sandbox.connectors().find((each) => each.name === name)?.rate_limit;

interface Beside {
  readonly site: Site;
  readonly upstream: Upstream;
  readonly gitSync: GitSync;
  /** Start the daemon; gives where its webhook is, as it stands in git-sync's configuration. */
  readonly start: (...args: readonly string[]) => Promise<{
    readonly daemon: Daemon;
    readonly webhook: string;
    readonly url: string;
  }>;
}

async function openBeside(files: Readonly<Record<string, string>>): Promise<Beside> {
  const site = await openSite();
  const upstream = createUpstream(join(site.directory, 'upstream'));
  const gitSync = startGitSync(join(site.directory, 'git'), upstream);
  upstream.commit(files);
  site.environment['DATABAR_SYNC_LISTEN'] = '127.0.0.1:0';
  site.environment['DATABAR_SYNC_TRIGGER_TOKEN'] = TOKEN;
  site.environment['DATABAR_SYNC_DIR'] = join(site.directory, 'git', 'current', 'connectors');
  return {
    site,
    upstream,
    gitSync,
    start: async (...args) => {
      const daemon = site.start('--interval', '1h', ...args);
      const { listen } = await daemon.until('daemon.started');
      const url = String(listen);
      return { daemon, url, webhook: `${url.replace('//', `//git-sync:${TOKEN}@`)}/api/sync` };
    },
  };
}

async function revisionOf(url: string): Promise<unknown> {
  return ((await (await fetch(`${url}/api/status`)).json()) as { readonly revision: unknown }).revision;
}

describe.skipIf(!hasGit())('beside git-sync', () => {
  test.each(['kept', 'deleted'])(
    'three commits in a row arrive, each under its hash, stale worktrees %s',
    async (stale) => {
      const { site, upstream, gitSync, start } = await openBeside({ 'connectors/a.yaml': limited('A', 1) });
      const first = gitSync.sync();
      const { daemon, webhook, url } = await start();
      await daemon.until('connector.created', ({ revision }) => revision === first);
      await daemon.until('pass.completed');
      expect(await gitSync.callWebhook(webhook)).toBe(200);

      for (const limit of [2, 3, 4]) {
        const hash = upstream.commit({ 'connectors/a.yaml': limited('A', limit) });
        expect(gitSync.sync()).toBe(hash);
        if (stale === 'deleted') gitSync.removeStale();
        expect(await gitSync.callWebhook(webhook)).toBe(200);
        await daemon.until('connector.updated', ({ revision }) => revision === hash);
        await daemon.until('pass.completed', ({ revision }) => revision === hash);
        expect(limitOf(site, 'A')).toBe(limit);
        expect(await revisionOf(url)).toBe(hash);
      }
      expect(daemon.lines.filter(({ level }) => level === 'warn')).toEqual([]);
      expect(await daemon.stop()).toBe(0);
    },
  );

  test('a webhook asks for a pass, and without news nothing is written', async () => {
    const { site, gitSync, start } = await openBeside({ 'connectors/a.yaml': limited('A', 1) });
    const hash = gitSync.sync();
    const { daemon, webhook } = await start();
    await daemon.until('pass.completed');
    site.sandbox.clearRequests();
    for (let call = 0; call < 3; call += 1) {
      expect(await gitSync.callWebhook(webhook)).toBe(200);
      expect(await daemon.until('pass.completed')).toMatchObject({ revision: hash, unchanged: 1 });
    }
    expect(writesTo(site.sandbox)).toEqual([]);
  });

  test('a delete is not confirmed by webhooks, however many come: that takes files at rest', async () => {
    const files = { 'connectors/a.yaml': yaml('A'), 'connectors/b.yaml': yaml('B') };
    const { site, upstream, gitSync, start } = await openBeside(files);
    gitSync.sync();
    const { daemon, webhook } = await start('--policy', 'sync');
    await daemon.until('pass.completed', ({ created }) => created === 2);
    upstream.commit({ 'connectors/b.yaml': null });
    gitSync.sync();
    for (let call = 0; call < 3; call += 1) {
      expect(await gitSync.callWebhook(webhook)).toBe(200);
      await daemon.until('pass.completed');
    }
    expect(site.sandbox.connectors().map(({ name }) => name)).toEqual(['A', 'B']);
  });

  test('a commit that is announced and is not what is read is told, once', async () => {
    const { site, gitSync, start } = await openBeside({ 'connectors/a.yaml': yaml('A') });
    const hash = gitSync.sync();
    // A checkout of its own, which nobody moves.
    site.write('a.yaml', yaml('A'));
    site.environment['DATABAR_SYNC_DIR'] = join(site.directory, 'connectors');
    const { daemon, webhook } = await start();
    await daemon.until('pass.completed');
    for (let call = 0; call < 4; call += 1) {
      expect(await gitSync.callWebhook(webhook)).toBe(200);
      await daemon.until('pass.completed');
    }
    expect(daemon.lines.filter(({ level }) => level === 'warn').map(({ msg }) => msg)).toEqual([
      `git-sync announced commit ${hash}, but the files are of no commit that can be told: ` +
        'does source.dir lead through the link that git-sync moves?',
    ]);
  });

  test.each([
    ['without a token', ({ url }: { readonly url: string }) => `${url}/api/sync`, 401],
    [
      'with another token',
      ({ url }: { readonly url: string }) => `${url.replace('//', '//git-sync:x@')}/api/sync`,
      401,
    ],
  ])('a webhook %s is refused', async (_, addressOf, status) => {
    const { gitSync, start } = await openBeside({ 'connectors/a.yaml': yaml('A') });
    gitSync.sync();
    const { url } = await start();
    expect(await gitSync.callWebhook(addressOf({ url }))).toBe(status);
  });
});

describe('beside a ConfigMap', () => {
  test.each(['kept', 'deleted'])(
    'three updates in a row arrive, the old data %s; the webhook is answered',
    async (stale) => {
      const site = await openSite();
      const volume = join(site.directory, 'connectors');
      site.environment['DATABAR_SYNC_LISTEN'] = '127.0.0.1:0';
      site.environment['DATABAR_SYNC_TRIGGER_TOKEN'] = TOKEN;
      const publish = (round: number): void =>
        publishConfigMap(
          volume,
          `2026_11_26_02_00_0${round}.123456789`,
          { 'a.yaml': limited('A', round), 'b.yaml': yaml('B') },
          { keepOld: stale === 'kept' },
        );
      publish(1);
      const daemon = site.start('--interval', '1h');
      const { listen } = await daemon.until('daemon.started');
      await daemon.until('pass.completed', ({ created }) => created === 2);
      for (const round of [2, 3, 4]) {
        publish(round);
        await daemon.until('connector.updated');
        await daemon.until('pass.completed');
        expect(limitOf(site, 'A')).toBe(round);
      }
      const headers = { authorization: `Bearer ${TOKEN}` };
      expect((await fetch(`${String(listen)}/api/sync`, { method: 'POST', headers })).status).toBe(202);
      await daemon.until('pass.completed');
      expect(site.sandbox.connectors()).toHaveLength(2);
      expect(daemon.lines.filter(({ level }) => level === 'warn')).toEqual([]);
    },
  );
});
