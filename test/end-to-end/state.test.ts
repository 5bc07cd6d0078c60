/** Whatever happens to the state directory, the workspace stays as the files say: no twin, no delete, no needless write. */

import { appendFileSync, cpSync, mkdirSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { LogLine } from '../support/daemon.ts';
import { isGranted, startLimited } from '../support/limited.ts';
import { inOrder } from '../support/passes.ts';
import { deletesTo, writesTo } from '../support/requests.ts';
import type { Ended, Site } from '../support/site.ts';
import { openSite, yaml } from '../support/site.ts';

/** One request at a time, so that ids come in the order of the files. */
const IN_ORDER = ['--concurrency', '1'];
const QUICK = ['--debounce', '20ms', ...IN_ORDER];
const NAMES = ['A', 'B', 'C', 'D', 'E', 'F'];
const FILES = Object.fromEntries(NAMES.map((name) => [`${name}.yaml`, yaml(name)]));

const stateOf = (site: Site): string => join(site.directory, '.databar-sync');
const setAside = (site: Site): readonly string[] =>
  readdirSync(stateOf(site)).filter((name) => /^state\.db\.(?:corrupt|superseded)-[^-]+$/u.test(name));
const liveNames = (site: Site): readonly string[] => site.sandbox.connectors().map(({ name }) => name);

interface SyncDocument {
  readonly results: readonly { readonly key: string; readonly action: string; readonly outcome: string }[];
  readonly summary: Readonly<Record<string, number>>;
}
const documentOf = ({ stdout }: Ended): SyncDocument => JSON.parse(stdout) as SyncDocument;
const eventsOf = ({ stderr }: Ended): readonly LogLine[] =>
  stderr.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as LogLine] : []));

/** A site whose six connectors are bound. */
async function openSynced(): Promise<Site> {
  const site = await openSite({ files: FILES });
  expect((await site.run('sync', ...IN_ORDER)).code).toBe(0);
  site.sandbox.clearRequests();
  return site;
}

describe('a state that is lost or damaged between two runs', () => {
  const DAMAGES: Readonly<Record<string, (site: Site) => void>> = {
    deleted: (site) => rmSync(stateOf(site), { recursive: true }),
    'emptied to nothing': (site) => truncateSync(join(stateOf(site), 'state.db'), 0),
    'cut off in the middle': (site) => {
      const file = join(stateOf(site), 'state.db');
      truncateSync(file, Math.floor(statSync(file).size / 2) + 100);
    },
    'overwritten with garbage': (site) =>
      writeFileSync(join(stateOf(site), 'state.db'), 'not a database. '.repeat(999)),
    'damaged in a few bytes': (site) => {
      const file = join(stateOf(site), 'state.db');
      const size = statSync(file).size;
      truncateSync(file, size - 3000);
      appendFileSync(file, Buffer.alloc(3000, 0x5a));
    },
  };

  test.each(Object.entries(DAMAGES))(
    '%s is rebuilt by adoption: nothing is written, nothing doubled, nothing deleted',
    async (how, damage) => {
      const site = await openSynced();
      damage(site);
      const options = ['--policy', 'sync', '--output', 'json'];
      const again = await site.run('sync', ...options);
      expect(again).toMatchObject({ code: 0 });
      expect(documentOf(again).summary).toMatchObject({ applied: 6, failed: 0 });
      expect(documentOf(again).results.map(({ action }) => action)).toEqual(NAMES.map(() => 'adopt'));
      const rebuilt = eventsOf(again).filter(({ event }) => event === 'state.rebuilt');
      // Without a directory there is nothing to set aside: it is the state of a first start.
      expect([rebuilt.length, setAside(site).length]).toEqual(how === 'deleted' ? [0, 0] : [1, 1]);
      expect(rebuilt.every(({ reason }) => String(reason).includes(stateOf(site)))).toBe(true);

      const third = await site.run('sync', ...options);
      expect(documentOf(third).summary).toMatchObject({ unchanged: 6 });
      expect(eventsOf(third).filter(({ event }) => event === 'state.rebuilt')).toEqual([]);
      expect(writesTo(site.sandbox)).toEqual([]);
      expect(liveNames(site)).toEqual(NAMES);
    },
  );

  test('does not take a file that is gone meanwhile for a delete: what is not bound is not ours', async () => {
    const site = await openSynced();
    rmSync(stateOf(site), { recursive: true });
    for (const name of ['A', 'B', 'C', 'D', 'E']) site.remove(`${name}.yaml`);
    const again = await site.run('sync', '--policy', 'sync', '--force', '--output', 'json');
    expect(documentOf(again).results).toMatchObject([{ key: 'F', action: 'adopt', outcome: 'applied' }]);
    expect(writesTo(site.sandbox)).toEqual([]);
  });
});

describe('a state that is lost or damaged under the running daemon', () => {
  const state = '.databar-sync/state.db';
  const DAMAGES: Readonly<Record<string, (site: Site) => void>> = {
    'its directory deleted': (site) => rmSync(stateOf(site), { recursive: true }),
    'its file cut off': (site) => truncateSync(join(site.directory, state), 0),
    'its file replaced by garbage': (site) => {
      rmSync(join(site.directory, state));
      writeFileSync(join(site.directory, state), 'not a database. '.repeat(999));
    },
  };

  test.each(Object.entries(DAMAGES))(
    '%s: it is said, written again from memory, and there for the next start',
    async (_, damage) => {
      const site = await openSite({ files: FILES });
      const daemon = site.start(...QUICK, '--policy', 'sync');
      await daemon.until('pass.completed', ({ created }) => created === 6);
      site.sandbox.clearRequests();
      damage(site);
      site.replace('A.yaml', yaml('A', 'rate_limit: 2\n'));
      await daemon.until('state.rebuilt');
      await daemon.until('pass.completed');
      daemon.signal('SIGHUP');
      expect(await daemon.until('pass.completed')).toMatchObject({ unchanged: 6 });
      expect(daemon.said('state.rebuilt')).toHaveLength(1);

      daemon.signal('SIGKILL');
      await daemon.exited;
      const next = await site.run('sync', '--output', 'json');
      expect(documentOf(next).summary).toMatchObject({ unchanged: 6 });
      expect(writesTo(site.sandbox).map(({ method, path }) => [method, path])).toEqual([['PUT', '/v1/connectors/1']]);
    },
  );
});

describe('a state directory that cannot be written', () => {
  test('because a file lies in its way: all goes on in memory, it is said once, and ends when the way is clear', async () => {
    const site = await openSite({ files: FILES });
    writeFileSync(join(site.directory, 'way'), 'a regular file');
    const daemon = site.start(...QUICK, '--state-dir', 'way/state', '--policy', 'sync');
    await daemon.until('pass.completed', ({ created }) => created === 6);
    daemon.signal('SIGHUP');
    expect(await daemon.until('pass.completed')).toMatchObject({ unchanged: 6 });
    const said = (words: RegExp): readonly LogLine[] => daemon.lines.filter(({ msg }) => words.test(msg));
    expect(said(/the state lives in memory only/u)).toMatchObject([{ level: 'warn' }]);

    rmSync(join(site.directory, 'way'));
    daemon.signal('SIGHUP');
    await daemon.until('pass.completed');
    expect(said(/the state is durable again/u)).toHaveLength(1);
    daemon.signal('SIGKILL');
    await daemon.exited;
    const next = await site.run('sync', '--state-dir', 'way/state', '--output', 'json');
    expect(documentOf(next).summary).toMatchObject({ unchanged: 6 });
    expect(writesTo(site.sandbox)).toHaveLength(6);
  });

  test('and a restart meanwhile: what was created is adopted, without a write', async () => {
    const site = await openSite({ files: FILES });
    writeFileSync(join(site.directory, 'way'), 'a regular file');
    for (const outcome of ['create', 'adopt', 'adopt']) {
      const run = await site.run(
        'sync',
        '--state-dir',
        'way/state',
        ...IN_ORDER,
        '--policy',
        'sync',
        '--output',
        'json',
      );
      expect(run).toMatchObject({ code: 0 });
      expect(new Set(documentOf(run).results.map(({ action }) => action))).toEqual(new Set([outcome]));
    }
    expect(writesTo(site.sandbox)).toHaveLength(6);
    expect(liveNames(site)).toEqual(NAMES);
  });

  test('because the disk is full: nothing stops, nothing doubles, and it is all there when there is room again', async ({
    skip,
  }) => {
    const site = await openSite({ files: { 'A.yaml': yaml('A') } });
    mkdirSync(join(site.directory, 'small'));
    const limits = {
      command: ['unshare', '--user', '--map-root-user', '--mount'],
      setUp: `mount -t tmpfs -o size=300k none '${join(site.directory, 'small')}'`,
    };
    if (!isGranted(limits)) skip('this system grants no mounts in a user namespace');
    const daemon = startLimited(site, limits, ...QUICK, '--state-dir', 'small/state');
    await daemon.until('pass.completed', ({ created }) => created === 1);

    // The mount is seen by the daemon alone, and through it.
    const small = join(`/proc/${daemon.pid}/root`, site.directory, 'small');
    fillUp(join(small, 'filler'));
    for (const name of NAMES) site.write(`more/${name}.yaml`, yaml(`More ${name}`));
    await daemon.until('pass.completed', inOrder(7));
    daemon.signal('SIGHUP');
    expect(await daemon.until('pass.completed')).toMatchObject({ unchanged: 7 });
    expect(daemon.lines.filter(({ msg }) => /in memory only: .*disk is full/u.test(msg))).toHaveLength(1);

    rmSync(join(small, 'filler'));
    daemon.signal('SIGHUP');
    await daemon.until('pass.completed');
    expect(daemon.lines.filter(({ msg }) => /the state is durable again/u.test(msg))).toHaveLength(1);
    cpSync(join(small, 'state'), stateOf(site), { recursive: true });
    daemon.signal('SIGKILL');
    await daemon.exited;
    const next = await site.run('sync', '--output', 'json');
    expect(documentOf(next).summary).toMatchObject({ unchanged: 7 });
    expect(writesTo(site.sandbox)).toHaveLength(7);
  });
});

describe('a second process on one state directory', () => {
  test('is refused in one sentence that names the directory, and the first goes on', async () => {
    const site = await openSite({ files: { 'A.yaml': yaml('A') } });
    const daemon = site.start(...QUICK);
    await daemon.until('pass.completed', ({ created }) => created === 1);
    for (const command of ['run', 'sync']) {
      const second = await site.run(command);
      expect(second.code).toBe(1);
      expect(second.stderr).toContain(stateOf(site));
      expect(second.stderr.trim().split('\n')).toHaveLength(1);
    }
    site.replace('A.yaml', yaml('A', 'rate_limit: 2\n'));
    await daemon.until('connector.updated');
    expect(daemon.said('state.rebuilt')).toEqual([]);
  });

  test('may start at once when the first was killed', async () => {
    const site = await openSite({ files: { 'A.yaml': yaml('A') } });
    for (let round = 0; round < 3; round += 1) {
      const daemon = site.start(...QUICK);
      await daemon.until('pass.completed', ({ created, unchanged }) => Number(created) + Number(unchanged) === 1);
      daemon.signal('SIGKILL');
      await daemon.exited;
    }
    expect(writesTo(site.sandbox)).toHaveLength(1);
    expect(deletesTo(site.sandbox)).toEqual([]);
  });
});

/** Write until nothing fits any more. */
function fillUp(file: string): void {
  for (const size of [65_536, 4_096, 512]) {
    try {
      for (;;) appendFileSync(file, Buffer.alloc(size));
    } catch {
      // This size no longer fits; a smaller one may.
    }
  }
}
