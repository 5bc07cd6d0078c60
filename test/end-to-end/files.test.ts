/** Whatever the files do, nothing is lost, duplicated or deleted by mistake. */

import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { hasGit, initRepository } from '../support/git-repository.ts';
import { isGranted, limitOpenFiles, startLimited } from '../support/limited.ts';
import { inOrder, passes } from '../support/passes.ts';
import { deletesTo, putsOf, writesTo } from '../support/requests.ts';
import type { Site } from '../support/site.ts';
import { openSite, yaml } from '../support/site.ts';
import { publishConfigMap, publishWorktree } from '../support/source-directory.ts';

/** One request at a time, so that ids come in the order of the files. */
const QUICK = ['--debounce', '20ms', '--concurrency', '1'];
/** Longer than any debounce here: what is written before and after is seen by different passes. */
const A_WHILE_MS = 300;
/** Thousands of files on a busy machine, and waits that last for seconds. */
const SLOW_MS = 90_000;

const limited = (name: string, limit: number): string => yaml(name, `rate_limit: ${limit}\n`);
const named = (...names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [`${name}.yaml`, yaml(name)]));
const liveNames = (site: Site): readonly string[] => site.sandbox.connectors().map(({ name }) => name);

describe('files that are being written', () => {
  test('in two halves are held as they were in between, and the whole is pushed once', async () => {
    const site = await openSite({ files: { 'a.yaml': limited('A', 1), 'b.yaml': yaml('B') } });
    const daemon = site.start(...QUICK, '--policy', 'sync', '--interval', '1s');
    await daemon.until('pass.completed', ({ created }) => created === 2);
    site.sandbox.clearRequests();

    const file = openSync(join(site.directory, 'connectors/a.yaml'), 'w');
    writeSync(file, 'name: A\nmethod: get\n');
    await daemon.until('connector.invalid', ({ connector }) => connector?.key === 'a');
    await passes(daemon, 2);
    expect(writesTo(site.sandbox)).toEqual([]);

    writeSync(file, 'url: https://api.example.com/A\nrate_limit: 2\n');
    closeSync(file);
    await daemon.until('connector.updated');
    expect(putsOf(site.sandbox, 1, 'rate_limit')).toEqual([2]);
    expect(deletesTo(site.sandbox)).toEqual([]);
    expect(liveNames(site)).toEqual(['A', 'B']);
  });

  test('document by document lose none, though each part is a valid file of its own', async () => {
    const first = `${limited('First', 1)}sync: {ref: first}\n`;
    const second = `${limited('Second', 1)}sync: {ref: second}\n`;
    const site = await openSite({ files: { 'all.yaml': `${first}---\n${second}` } });
    const daemon = site.start(...QUICK, '--policy', 'sync', '--max-delete-percent', '100');
    await daemon.until('pass.completed', ({ created }) => created === 2);
    const before = site.sandbox.connectors();
    site.sandbox.clearRequests();

    const file = openSync(join(site.directory, 'connectors/all.yaml'), 'w');
    writeSync(file, first);
    await daemon.until('brake.engaged', ({ code }) => code === 'unconfirmed_delete');
    for (const comment of ['# one\n', '# two\n', '# three\n']) {
      writeSync(file, comment);
      await daemon.until('pass.completed');
    }
    writeSync(file, `---\n${second}`);
    closeSync(file);
    await daemon.until('brake.released');
    await daemon.until('pass.completed', ({ unchanged }) => unchanged === 2);
    expect(writesTo(site.sandbox)).toEqual([]);
    expect(site.sandbox.connectors()).toEqual(before);
  });

  test('by rename, faster than the server answers: the newest arrives, and nothing old after it', async () => {
    const site = await openSite({ files: { 'a.yaml': limited('A', 1) }, latencyMs: 40 });
    const daemon = site.start(...QUICK);
    await daemon.until('pass.completed', ({ created }) => created === 1);
    for (let limit = 2; limit <= 40; limit += 1) {
      site.replace('a.yaml', limited('A', limit));
      await delay(limit % 5 === 0 ? 60 : 10);
    }
    await daemon.until('connector.updated', ({ fields }) => JSON.stringify(fields).includes('"desired":40'));
    daemon.signal('SIGHUP');
    await daemon.until('pass.completed', ({ unchanged }) => unchanged === 1);
    const puts = putsOf(site.sandbox, 1, 'rate_limit') as number[];
    expect(puts).toEqual([...puts].sort((a, b) => a - b));
    expect(puts.at(-1)).toBe(40);
    expect(site.sandbox.connectors()).toHaveLength(1);
  });

  test('without end do not keep the others from being synced', async () => {
    const files = { ...named('A', 'B', 'C'), 'busy.yaml': limited('Busy', 1) };
    const site = await openSite({ files, latencyMs: 100 });
    const busy = setInterval(() => site.replace('busy.yaml', limited('Busy', 1)), 30);
    try {
      const daemon = site.start(...QUICK, '--debounce', '1ms');
      await daemon.until('pass.completed', ({ unchanged }) => unchanged === 4);
      expect(liveNames(site).toSorted()).toEqual(['A', 'B', 'Busy', 'C']);
    } finally {
      clearInterval(busy);
    }
  });
});

describe('files and directories that come and go', () => {
  test('in a hurry end as the files say, without a twin', async () => {
    const site = await openSite({ files: named('A', 'B', 'C') });
    const options = ['--policy', 'sync', '--interval', '200ms', '--max-delete-percent', '100'];
    const daemon = site.start(...QUICK, ...options);
    await daemon.until('pass.completed', ({ created }) => created === 3);

    for (let round = 0; round < 60; round += 1) {
      site.write(`team-${round % 3}/x${round % 7}.yaml`, yaml(`X${round % 7}`));
      if (round % 2 === 0)
        rmSync(join(site.directory, `connectors/team-${(round + 1) % 3}`), { recursive: true, force: true });
      if (round % 5 === 0) site.rename('A.yaml', 'moved/A.yaml');
      await delay(10);
      if (round % 5 === 0) site.rename('moved/A.yaml', 'A.yaml');
    }
    for (const team of [0, 1, 2])
      rmSync(join(site.directory, `connectors/team-${team}`), { recursive: true, force: true });
    site.write('last/D.yaml', yaml('D'));
    await daemon.until('connector.created', ({ connector }) => connector?.key === 'last/D');
    await daemon.until('pass.completed', inOrder(4));
    expect(liveNames(site)).toEqual(expect.arrayContaining(['A', 'B', 'C', 'D']));
    expect(liveNames(site)).toHaveLength(4);
    expect(
      site.sandbox
        .connectors()
        .slice(0, 3)
        .map(({ id }) => id),
    ).toEqual([1, 2, 3]);
  });

  test('directory and all: a new one is filled into the workspace, a moved one moves nothing there', async () => {
    const site = await openSite({ files: named('A') });
    const daemon = site.start(...QUICK, '--policy', 'sync');
    await daemon.until('pass.completed', ({ created }) => created === 1);
    mkdirSync(join(site.directory, 'new/deep'), { recursive: true });
    for (const name of ['B', 'C']) writeFileSync(join(site.directory, `new/deep/${name}.yaml`), yaml(name));
    renameSync(join(site.directory, 'new'), join(site.directory, 'connectors/new'));
    await daemon.until('pass.completed', inOrder(3));

    const before = writesTo(site.sandbox).length;
    site.rename('new', 'renamed');
    daemon.signal('SIGHUP');
    await passes(daemon, 1);
    writeFileSync(join(site.directory, 'connectors/renamed/deep/B.yaml'), limited('B', 3));
    await daemon.until('connector.updated', ({ connector }) => connector?.key === 'renamed/deep/B');
    expect(writesTo(site.sandbox)).toHaveLength(before + 1);
  });
});

describe('a source that is not there', () => {
  test('while it is unmounted changes nothing, and is told once each way', async () => {
    const site = await openSite({ files: named('A', 'B', 'C', 'D', 'E', 'F') });
    const daemon = site.start(...QUICK, '--policy', 'sync', '--interval', '100ms', '--force');
    await daemon.until('pass.completed', ({ created }) => created === 6);
    site.sandbox.clearRequests();

    const [mounted, away] = [join(site.directory, 'connectors'), join(site.directory, 'away')];
    renameSync(mounted, away);
    expect(await daemon.until('source.unavailable')).toMatchObject({ level: 'error' });
    expect(await daemon.until('pass.completed')).toMatchObject({ blocked: 6, deleted: 0 });
    await passes(daemon, 4);
    renameSync(away, mounted);
    await daemon.until('source.recovered');
    expect(await daemon.until('pass.completed')).toMatchObject({ unchanged: 6 });
    await passes(daemon, 2);
    expect(writesTo(site.sandbox)).toEqual([]);
    expect(daemon.said('source.unavailable')).toHaveLength(1);
    expect(daemon.said('source.recovered')).toHaveLength(1);
    expect(daemon.said('brake.engaged').map(({ code }) => code)).toEqual(['source_unavailable']);

    site.replace('A.yaml', limited('A', 2));
    await daemon.until('connector.updated', ({ connector }) => connector?.key === 'A');
  });

  test('but an empty mount point in its place: nothing is deleted either, and files that come back are in sync', async () => {
    const site = await openSite({ files: named('A', 'B') });
    const daemon = site.start(...QUICK, '--policy', 'sync', '--interval', '100ms', '--force');
    await daemon.until('pass.completed', ({ created }) => created === 2);
    site.sandbox.clearRequests();

    const [mounted, away] = [join(site.directory, 'connectors'), join(site.directory, 'away')];
    renameSync(mounted, away);
    mkdirSync(mounted);
    expect(await daemon.until('brake.engaged', ({ code }) => code === 'source_empty')).toMatchObject({
      blocked: 2,
      keys: ['A', 'B'],
    });
    await passes(daemon, 4);
    renameSync(away, mounted);
    await daemon.until('brake.released', ({ code }) => code === 'source_empty');
    await daemon.until('pass.completed', ({ unchanged }) => unchanged === 2);
    expect(writesTo(site.sandbox)).toEqual([]);
  });

  test('for some seconds lets nothing be forgotten: what was deleted in the web app is still only reported', async () => {
    const site = await openSite({ files: named('A', 'B') });
    const daemon = site.start(...QUICK, '--drift', 'report', '--interval', '100ms');
    await daemon.until('pass.completed', ({ created }) => created === 2);
    site.sandbox.clearRequests();
    site.sandbox.remove(1);
    await daemon.until('drift.detected', ({ connector }) => connector?.key === 'A');

    const [mounted, away] = [join(site.directory, 'connectors'), join(site.directory, 'away')];
    renameSync(mounted, away);
    mkdirSync(mounted);
    await daemon.until('brake.engaged', ({ code }) => code === 'source_empty');
    await passes(daemon, 3);
    renameSync(away, mounted);
    await daemon.until('brake.released', ({ code }) => code === 'source_empty');
    await passes(daemon, 2);
    expect(writesTo(site.sandbox)).toEqual([]);
    expect(liveNames(site)).toEqual(['B']);
  });

  test('at the start is waited for', async () => {
    const site = await openSite();
    rmSync(join(site.directory, 'connectors'), { recursive: true });
    const daemon = site.start(...QUICK);
    await daemon.until('source.unavailable');
    site.write('A.yaml', yaml('A'));
    await daemon.until('source.recovered');
    await daemon.until('pass.completed', ({ unchanged, created }) => Number(unchanged) + Number(created) === 1);
    expect(liveNames(site)).toEqual(['A']);
    expect(daemon.said('source.unavailable')).toHaveLength(1);
  });

  test('for want of file descriptors is no empty source, and is well again with them', async (context) => {
    if (!isGranted({ command: ['prlimit', '--nofile=64:'], setUp: 'true' })) context.skip('prlimit is not installed');
    const site = await openSite({ files: named('A', 'B', 'C', 'D', 'E', 'F') });
    const daemon = site.start(...QUICK, '--policy', 'sync', '--interval', '100ms', '--force');
    await daemon.until('pass.completed', ({ created }) => created === 6);
    site.sandbox.clearRequests();
    limitOpenFiles(daemon.pid, 5);
    await daemon.until('source.unavailable');
    await passes(daemon, 3);
    limitOpenFiles(daemon.pid, 1024);
    await daemon.until('source.recovered');
    await daemon.until('pass.completed', ({ unchanged }) => unchanged === 6);
    expect(writesTo(site.sandbox)).toEqual([]);
    expect(daemon.said('source.unavailable')).toHaveLength(1);
  });
});

describe('three publications in a row, each with the size and times of the one before', () => {
  const mtime = new Date('2020-01-01T00:00:00Z');
  const HASHES = ['a', 'b', 'c', 'd'].map((digit) => digit.repeat(40));

  describe.each([
    ['deleted', false],
    ['kept', true],
  ])('with the old tree %s', (_, keepOld) => {
    test('of a ConfigMap all reach the workspace', async () => {
      const site = await openSite();
      const volume = join(site.directory, 'volume');
      mkdirSync(volume);
      const publish = (limit: number): void =>
        publishConfigMap(
          volume,
          `2020_${limit}`,
          { 'a.yaml': limited('A', limit), 'b.yaml': yaml('B') },
          { keepOld, mtime },
        );
      publish(1);
      const daemon = site.start(...QUICK, '--dir', 'volume', '--policy', 'sync');
      await daemon.until('pass.completed', ({ created }) => created === 2);
      for (const limit of [2, 3, 4]) {
        publish(limit);
        await daemon.until('connector.updated');
        expect(putsOf(site.sandbox, 1, 'rate_limit').at(-1)).toBe(limit);
      }
      expect(putsOf(site.sandbox, 1, 'rate_limit')).toEqual([2, 3, 4]);
      for (const limit of [5, 6, 7]) publish(limit);
      await daemon.until('connector.updated', ({ fields }) => JSON.stringify(fields).includes('"desired":7'));
      expect(deletesTo(site.sandbox)).toEqual([]);
      expect(liveNames(site)).toEqual(['A', 'B']);
    });

    test('of git-sync all reach the workspace, each under its commit', async () => {
      const site = await openSite();
      const root = join(site.directory, 'git');
      const publish = (limit: number): void => {
        const files = { 'connectors/a.yaml': limited('A', limit), 'connectors/b.yaml': yaml('B') };
        publishWorktree(root, HASHES[limit - 1] ?? '', files, { keepOld, mtime });
      };
      publish(1);
      const daemon = site.start(...QUICK, '--dir', 'git/current/connectors', '--policy', 'sync');
      await daemon.until('pass.completed', ({ created }) => created === 2);
      for (const limit of [2, 3, 4]) {
        publish(limit);
        expect(await daemon.until('connector.updated')).toMatchObject({ revision: HASHES[limit - 1] });
      }
      expect(putsOf(site.sandbox, 1, 'rate_limit')).toEqual([2, 3, 4]);
      expect(deletesTo(site.sandbox)).toEqual([]);
      expect(daemon.said('source.unavailable')).toEqual([]);
    });
  });
});

describe.concurrent('a git checkout', { timeout: SLOW_MS }, () => {
  test('of 5,000 changed files is pushed whole, each once, and every line names the commit', async (context) => {
    if (!hasGit()) context.skip('git is not installed');
    const count = 5_000;
    const names = Array.from({ length: count }, (_, index) => `c${index}`);
    const site = await openSite({
      onOpened: context.onTestFinished,
      connectors: names.map((name) => ({ name, method: 'get', url: `https://api.example.com/${name}`, rate_limit: 1 })),
    });
    const tree = (limit: number): Record<string, string> =>
      Object.fromEntries(names.map((name, at) => [`connectors/${at % 50}/${name}.yaml`, limited(name, limit)]));
    const { repository, commits } = initRepository(site.directory, [tree(1), tree(2)]);
    const [before = '', after = ''] = commits;
    repository.checkout(before);
    const daemon = site.start('--concurrency', '16');
    expect(await daemon.until('pass.completed')).toMatchObject({ adopted: count, updated: 0, revision: before });

    const startedAt = Date.now();
    repository.checkout(after);
    const checkedOutAt = Date.now();
    await daemon.until('pass.completed', ({ unchanged, updated }) => Number(unchanged) + Number(updated) === count);
    await context.annotate(
      `checkout ${checkedOutAt - startedAt} ms, synced ${Date.now() - startedAt} ms after its start`,
    );
    expect(site.sandbox.connectors().every(({ rate_limit }) => rate_limit === 2)).toBe(true);
    const writes = writesTo(site.sandbox);
    expect(writes).toHaveLength(count);
    expect(new Set(writes.map(({ path }) => path)).size).toBe(count);
    expect(
      writes.every(({ method, body }) => method === 'PUT' && (body as { rate_limit: number }).rate_limit === 2),
    ).toBe(true);
    expect(new Set(daemon.said('connector.updated').map(({ revision }) => revision))).toEqual(new Set([after]));
    expect(daemon.said('connector.invalid')).toEqual([]);
  });

  test('in progress is waited for: what lies there before its end is never sent', async ({ onTestFinished }) => {
    const site = await openSite({ onOpened: onTestFinished, files: { 'a.yaml': limited('A', 1) } });
    mkdirSync(join(site.directory, '.git'));
    const daemon = site.start(...QUICK);
    await daemon.until('pass.completed', ({ created }) => created === 1);
    const lock = join(site.directory, '.git/index.lock');
    writeFileSync(lock, '');
    for (const limit of [2, 3, 4]) {
      site.replace('a.yaml', limited('A', limit));
      await delay(A_WHILE_MS);
    }
    rmSync(lock);
    await daemon.until('connector.updated');
    expect(putsOf(site.sandbox, 1, 'rate_limit')).toEqual([4]);
  });

  test('that was killed leaves a lock that is waited for once, told once, and then passed over', async ({
    onTestFinished,
  }) => {
    const site = await openSite({ onOpened: onTestFinished, files: { 'a.yaml': limited('A', 1) } });
    mkdirSync(join(site.directory, '.git'));
    writeFileSync(join(site.directory, '.git/index.lock'), '');
    const daemon = site.start(...QUICK, '--interval', '100ms');
    await daemon.until('pass.completed', ({ created }) => created === 1);
    for (const limit of [2, 3]) {
      site.replace('a.yaml', limited('A', limit));
      await daemon.until('connector.updated');
    }
    expect(putsOf(site.sandbox, 1, 'rate_limit')).toEqual([2, 3]);
    expect(daemon.lines.filter(({ level, msg }) => level === 'warn' && msg.includes('index.lock'))).toHaveLength(1);
  });
});

describe.concurrent('when the system has nothing left to watch with', { timeout: SLOW_MS }, () => {
  const cases = [
    ['inotify instances', 'max_inotify_instances', /max_user_instances/u],
    ['inotify watches', 'max_inotify_watches', /max_user_watches/u],
  ] as const;

  for (const [what, limit, reason] of cases) {
    test(`such as ${what}, it is told once, and every change is found by polling`, async ({ skip, onTestFinished }) => {
      const limits = {
        command: ['unshare', '--user', '--map-root-user'],
        setUp: `echo 0 > /proc/sys/user/${limit}`,
        onStarted: onTestFinished,
      };
      if (!isGranted(limits)) skip('this system grants no user namespace with limits of its own');
      const site = await openSite({ onOpened: onTestFinished, files: { 'a.yaml': limited('A', 1) } });
      const daemon = startLimited(site, limits, ...QUICK, '--interval', '1h');
      expect((await daemon.until('watch.degraded'))['reason']).toMatch(reason);
      await daemon.until('pass.completed', ({ created }) => created === 1);
      site.replace('a.yaml', limited('A', 2));
      await daemon.until('connector.updated');
      expect(daemon.said('watch.degraded')).toHaveLength(1);
      expect(await daemon.stop()).toBe(0);
    });
  }
});
