/** Whatever people do to their files, and others to the workspace, nothing is lost, doubled or deleted by mistake. */

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Daemon } from '../support/daemon.ts';
import { inOrder, passes } from '../support/passes.ts';
import { deletesTo, putsOf, writesTo } from '../support/requests.ts';
import type { Ended, Site } from '../support/site.ts';
import { openSite, yaml } from '../support/site.ts';

const QUICK = ['--debounce', '20ms', '--policy', 'sync'];
const OFTEN = [...QUICK, '--interval', '100ms'];
const NAMES = ['A', 'B', 'C', 'D', 'E', 'F'];

const named = (...names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [`${name}.yaml`, yaml(name)]));
const limited = (name: string, limit: number): string => yaml(name, `rate_limit: ${limit}\n`);
const pinned = (name: string, id: number): string => yaml(name, `id: ${id}\n`);
const document = (name: string, extra = ''): string => yaml(name, `sync: {ref: ${name.toLowerCase()}}\n${extra}`);
const identities = (site: Site): readonly (readonly [number, string])[] =>
  site.sandbox.connectors().map(({ id, name }) => [id, name]);

interface PlanDocument {
  readonly changes: readonly { readonly key: string; readonly action: string; readonly reason: string | null }[];
}
const planOf = ({ stdout }: Ended): PlanDocument => JSON.parse(stdout) as PlanDocument;

/** Change many files as git does: nobody reads them before the last one is in place. */
function atOnce(site: Site, change: () => void): void {
  mkdirSync(join(site.directory, '.git'), { recursive: true });
  writeFileSync(join(site.directory, '.git/index.lock'), '');
  change();
  rmSync(join(site.directory, '.git/index.lock'));
}

/** Start a daemon on files that it has brought into the workspace; what it wrote so far is forgotten. */
async function settle(files: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<[Site, Daemon]> {
  const site = await openSite({ files });
  // One after the other, so that ids come in the order of the files.
  site.environment['DATABAR_SYNC_CONCURRENCY'] = '1';
  const daemon = site.start(...args);
  await daemon.until('pass.completed', ({ created }) => Number(created) > 0);
  site.sandbox.clearRequests();
  return [site, daemon];
}

describe('a mass delete', () => {
  test('is held with numbers and a way out, in the log and in the plan, and restoring the files ends it', async () => {
    const [site, daemon] = await settle(named(...NAMES), ...OFTEN);
    atOnce(site, () => {
      for (const name of ['A', 'B']) site.remove(`${name}.yaml`);
    });
    const reason = '2 of 6 bound connectors would be deleted, more than 30 %; use --force if that is meant';
    expect(await daemon.until('brake.engaged', ({ code }) => code === 'mass_delete')).toMatchObject({
      level: 'warn',
      blocked: 2,
      keys: ['A', 'B'],
      reason,
    });
    await passes(daemon, 4);
    const plan = planOf(await site.run('plan', '--policy', 'sync', '--output', 'json'));
    expect(plan.changes.filter(({ action }) => action !== 'none')).toMatchObject([
      { key: 'A', action: 'blocked', reason },
      { key: 'B', action: 'blocked', reason },
    ]);

    for (const name of ['A', 'B']) site.write(`${name}.yaml`, yaml(name));
    await daemon.until('brake.released', ({ code }) => code === 'mass_delete');
    await daemon.until('pass.completed', ({ unchanged }) => unchanged === 6);
    expect(writesTo(site.sandbox)).toEqual([]);
    expect(daemon.said('brake.engaged').filter(({ code }) => code === 'mass_delete')).toHaveLength(1);
  });

  test('that is meant goes through with --force, and takes nothing else along', async () => {
    const [site, daemon] = await settle(named(...NAMES), ...QUICK);
    site.sandbox.add({ name: 'Unmanaged', method: 'get', url: 'https://api.example.com/' });
    await daemon.stop();
    for (const name of ['A', 'B', 'C']) site.remove(`${name}.yaml`);
    expect((await site.run('sync', '--policy', 'sync')).code).toBe(1);
    expect((await site.run('sync', '--policy', 'sync', '--force')).code).toBe(0);
    expect(identities(site).map(([, name]) => name)).toEqual(['D', 'E', 'F', 'Unmanaged']);
  });

  test('of everything is an empty repository, which even --force does not believe', async () => {
    const [site, daemon] = await settle(named('A', 'B'), ...OFTEN, '--force');
    atOnce(site, () => {
      for (const name of ['A', 'B']) site.remove(`${name}.yaml`);
    });
    await daemon.until('brake.engaged', ({ code }) => code === 'source_empty');
    await passes(daemon, 3);
    const plan = planOf(await site.run('plan', '--policy', 'sync', '--force', '--output', 'json'));
    expect(plan.changes.map(({ action, reason }) => [action, reason])).toEqual(
      ['A', 'B'].map(() => ['blocked', 'the source holds no definition at all; everything stays as it is']),
    );
    expect(writesTo(site.sandbox)).toEqual([]);
  });
});

describe('two definitions for one connector', () => {
  test('by name are both held until one is renamed, and the others go on', async () => {
    const [site, daemon] = await settle(named('Other'), ...QUICK);
    atOnce(site, () => {
      site.write('one.yaml', limited('Twin', 1));
      site.write('two.yaml', limited('Twin', 2));
    });
    for (const key of ['one', 'two']) {
      const line = await daemon.until('connector.invalid', ({ connector }) => connector?.key === key);
      expect(line['problems']).toMatchObject([{ code: 'duplicate_name', line: 1, column: 7 }]);
    }
    site.replace('Other.yaml', limited('Other', 3));
    await daemon.until('connector.updated', ({ connector }) => connector?.key === 'Other');
    site.replace('two.yaml', limited('Twin the second', 2));
    await daemon.until('pass.completed', inOrder(3));
    expect(identities(site)).toEqual([
      [1, 'Other'],
      [2, 'Twin'],
      [3, 'Twin the second'],
    ]);
    expect(deletesTo(site.sandbox)).toEqual([]);
  });

  test('by id are both held', async () => {
    const [site, daemon] = await settle(named('A'), ...QUICK);
    atOnce(site, () => {
      site.write('one.yaml', pinned('One', 1));
      site.write('two.yaml', pinned('Two', 1));
    });
    const line = await daemon.until('connector.invalid', ({ connector }) => connector?.key === 'two');
    expect(line['problems']).toMatchObject([{ code: 'duplicate_id' }]);
    await daemon.until('pass.completed');
    expect(writesTo(site.sandbox)).toEqual([]);
  });

  test('one pinned and one bound: the pinned one has it, the other waits, and removing either deletes nothing', async () => {
    const [site, daemon] = await settle({ 'bound.yaml': yaml('Bound') }, ...OFTEN);
    site.write('pinned.yaml', pinned('Pinned', 1));
    expect(await daemon.until('connector.blocked')).toMatchObject({
      code: 'id_claimed',
      connector: { key: 'bound', id: 1 },
      reason: expect.stringContaining('pinned') as string,
    });
    await daemon.until('connector.updated', ({ connector }) => connector?.key === 'pinned');
    expect(identities(site)).toEqual([[1, 'Pinned']]);

    site.remove('pinned.yaml');
    await daemon.until('connector.updated', ({ connector }) => connector?.key === 'bound');
    expect(identities(site)).toEqual([[1, 'Bound']]);

    site.write('pinned.yaml', pinned('Pinned', 1));
    await daemon.until('connector.updated', ({ connector }) => connector?.key === 'pinned');
    site.remove('bound.yaml');
    await daemon.until('pass.completed', ({ blocked, unchanged }) => blocked === 0 && unchanged === 1);
    site.replace('pinned.yaml', yaml('Pinned'));
    await passes(daemon, 4);
    expect(identities(site)).toEqual([[1, 'Pinned']]);
    expect(writesTo(site.sandbox).every(({ method }) => method === 'PUT')).toBe(true);
  });

  test('of which the pin is removed while both are there: one keeps it and the two never take turns', async () => {
    const [site, daemon] = await settle({ 'bound.yaml': yaml('Bound') }, ...OFTEN);
    site.write('pinned.yaml', pinned('Pinned', 1));
    await daemon.until('connector.updated', ({ connector }) => connector?.key === 'pinned');
    site.replace('pinned.yaml', yaml('Pinned'));
    await passes(daemon, 5);
    expect(putsOf(site.sandbox, 1, 'name')).toEqual(['Pinned']);
    expect(identities(site)).toEqual([[1, 'Pinned']]);
  });

  test('a pinned definition that moves leaves its path free for another one', async () => {
    const [site, daemon] = await settle({ 'a.yaml': yaml('A') }, ...OFTEN);
    site.replace('a.yaml', pinned('A', 1));
    await passes(daemon, 2);
    atOnce(site, () => {
      site.rename('a.yaml', 'b.yaml');
      site.write('a.yaml', yaml('Newcomer'));
    });
    await daemon.until('connector.created');
    site.replace('b.yaml', yaml('A'));
    await passes(daemon, 4);
    expect(identities(site)).toEqual([
      [1, 'A'],
      [2, 'Newcomer'],
    ]);
    expect(writesTo(site.sandbox)).toHaveLength(1);
  });
});

describe('someone else’s automation', () => {
  test('that fights over one connector is left alone after 5 rewrites; the others go on; new content ends it', async () => {
    const [site, daemon] = await settle(named('A', 'B'), ...OFTEN);
    for (let round = 1; round <= 5; round += 1) {
      site.sandbox.edit(1, { rate_limit: round });
      await daemon.until('drift.healed', ({ connector }) => connector?.key === 'A');
    }
    site.sandbox.edit(1, { rate_limit: 6 });
    expect(await daemon.until('brake.engaged')).toMatchObject({ code: 'fight', blocked: 1, keys: ['A'] });
    site.sandbox.edit(2, { rate_limit: 1 });
    await daemon.until('drift.healed', ({ connector }) => connector?.key === 'B');
    site.replace('B.yaml', limited('B', 2));
    await daemon.until(
      'connector.updated',
      ({ connector, cause }) => connector?.key === 'B' && cause === 'file_changed',
    );
    await passes(daemon, 3);
    expect(putsOf(site.sandbox, 1, 'rate_limit')).toEqual([null, null, null, null, null]);
    expect(daemon.said('connector.blocked')).toMatchObject([{ code: 'fight', connector: { key: 'A' } }]);

    site.replace('A.yaml', limited('A', 7));
    await daemon.until('brake.released', ({ code }) => code === 'fight');
    await daemon.until('connector.updated', ({ connector }) => connector?.key === 'A');
    site.sandbox.edit(1, { rate_limit: 8 });
    await daemon.until('drift.healed', ({ cause }) => cause === 'remote_changed');
    expect(putsOf(site.sandbox, 1, 'rate_limit').slice(5)).toEqual([7, 7]);
  });
});

describe('an invalid file', () => {
  test('that hides a rename keeps the connector: nothing is deleted, and the mended file has it again', async () => {
    const [site, daemon] = await settle(named(...NAMES), ...OFTEN);
    atOnce(site, () => {
      site.remove('A.yaml');
      site.write('renamed.yaml', `${yaml('A')}unknown: field\n`);
    });
    await daemon.until('brake.engaged', ({ code }) => code === 'invalid_definitions');
    await passes(daemon, 4);
    site.replace('renamed.yaml', yaml('A'));
    await daemon.until('brake.released', ({ code }) => code === 'invalid_definitions');
    await daemon.until('pass.completed', ({ unchanged }) => unchanged === 6);
    expect(writesTo(site.sandbox)).toEqual([]);
  });

  test.each([
    ['cannot be parsed', '{{ nonsense'],
    ['is empty', ''],
    ['is binary', '\u0000\u0001'],
  ])('that %s holds what it defined, also all of its documents, under --force too', async (_, text) => {
    const files = { ...named('Other'), 'all.yaml': `${document('One')}---\n${document('Two')}` };
    const [site, daemon] = await settle(files, ...OFTEN, '--force');
    site.replace('all.yaml', text);
    await daemon.until('pass.completed', ({ held }) => Number(held) >= 2);
    await passes(daemon, 3);
    site.replace('all.yaml', files['all.yaml']);
    await daemon.until('pass.completed', ({ unchanged }) => unchanged === 3);
    expect(writesTo(site.sandbox)).toEqual([]);
  });
});

describe('what a definition says about itself', () => {
  test('`suspend` leaves the connector alone, whoever changes what, until it is gone', async () => {
    const [site, daemon] = await settle(named('A'), ...OFTEN);
    site.replace('A.yaml', `${limited('A', 5)}sync: {suspend: true}\n`);
    await passes(daemon, 2);
    site.sandbox.edit(1, { method: 'post' });
    await passes(daemon, 3);
    site.sandbox.remove(1);
    await passes(daemon, 3);
    expect(writesTo(site.sandbox)).toEqual([]);
    const plan = planOf(await site.run('plan', '--output', 'json'));
    expect(plan.changes).toMatchObject([{ key: 'A', action: 'none', reason: '`sync.suspend` is set' }]);
    site.replace('A.yaml', limited('A', 5));
    await daemon.until('connector.created');
    expect(site.sandbox.connectors()).toMatchObject([{ name: 'A', method: 'get', rate_limit: 5 }]);
  });

  test('`protect` outlives its file, a restart and --force', async () => {
    const [site, daemon] = await settle(
      { ...named('A', 'B'), 'p.yaml': `${yaml('P')}sync: {protect: true}\n` },
      ...OFTEN,
    );
    site.rename('p.yaml', 'moved/p.yaml');
    await passes(daemon, 2);
    site.remove('moved/p.yaml');
    await daemon.until('pass.completed', ({ unchanged }) => unchanged === 2);
    await passes(daemon, 3);
    await daemon.stop();
    const forced = await site.run('sync', '--policy', 'sync', '--force', '--output', 'json');
    expect(forced.code).toBe(0);
    const plan = planOf(await site.run('plan', '--policy', 'sync', '--force', '--output', 'json'));
    expect(plan.changes.at(-1)).toMatchObject({ key: 'moved/p', reason: expect.stringContaining('protect') as string });
    expect(writesTo(site.sandbox)).toEqual([]);
  });

  test.each([
    ['the server refuses', [], ''],
    ['is suspended', [], ', suspend: true'],
    ['policy does not write', ['--policy', 'create-only'], ''],
  ])('`protect` holds also when it came with content that %s', async (why, policy, suspend) => {
    const [site, daemon] = await settle(named('A', 'B'), ...OFTEN, ...policy);
    if (why === 'the server refuses') site.sandbox.inject({ on: 'update', kind: 'status', status: 422 });
    site.replace('A.yaml', `${limited('A', 5)}sync: {protect: true${suspend}}\n`);
    await passes(daemon, 3);
    await daemon.stop();
    site.remove('A.yaml');
    await site.run('sync', '--policy', 'sync', '--force');
    expect(deletesTo(site.sandbox)).toEqual([]);
    expect(identities(site)).toHaveLength(2);
  });

  test('`protect` holds also when it came and went with its file while the API did not answer', async () => {
    const [site, daemon] = await settle(named('A', 'B', 'C', 'D'), ...OFTEN);
    site.sandbox.setApiKey('revoked-for-a-while');
    await daemon.until('api.unauthorized');
    site.replace('A.yaml', `${yaml('A')}sync: {protect: true}\n`);
    await passes(daemon, 3);
    site.remove('A.yaml');
    await passes(daemon, 3);
    await daemon.stop();
    site.sandbox.setApiKey(null);
    await site.run('sync', '--policy', 'sync', '--force');
    expect(deletesTo(site.sandbox)).toEqual([]);
    expect(identities(site)).toHaveLength(4);
  });

  test('`ignore` leaves a value to others, and carries it along', async () => {
    const ignoring = (url: string): string =>
      `name: A\nmethod: get\nurl: ${url}\nrate_limit: 1\nsync: {ignore: [/rate_limit]}\n`;
    const [site, daemon] = await settle({ 'A.yaml': ignoring('https://api.example.com/1') }, ...OFTEN);
    site.sandbox.edit(1, { rate_limit: 42 });
    await passes(daemon, 3);
    expect(writesTo(site.sandbox)).toEqual([]);
    site.replace('A.yaml', ignoring('https://api.example.com/2'));
    await daemon.until('connector.updated');
    expect(site.sandbox.connectors()).toMatchObject([{ url: 'https://api.example.com/2', rate_limit: 42 }]);
    expect(daemon.said('drift.detected')).toEqual([]);
  });
});

describe('files that are moved about', () => {
  test('renamed and edited at once: the connector stays and is updated', async () => {
    const [site, daemon] = await settle(named(...NAMES), ...OFTEN);
    atOnce(site, () => {
      for (const name of NAMES) {
        site.write(`team/${name.toLowerCase()}.yml`, limited(name, 9));
        site.remove(`${name}.yaml`);
      }
    });
    await passes(daemon, 4);
    expect(identities(site)).toEqual(NAMES.map((name, index) => [index + 1, name]));
    expect(writesTo(site.sandbox).every(({ method }) => method === 'PUT')).toBe(true);
    expect(site.sandbox.connectors().every(({ rate_limit }) => rate_limit === 9)).toBe(true);
  });

  test('two that swap their names, and three in a circle, with an edit: each follows its connector', async () => {
    const [site, daemon] = await settle(named('A', 'B', 'C', 'D', 'E'), ...QUICK);
    atOnce(site, () => {
      site.rename('A.yaml', 'swap');
      site.rename('B.yaml', 'A.yaml');
      site.rename('swap', 'B.yaml');
      site.replace('C.yaml', yaml('D'));
      site.replace('D.yaml', limited('E', 4));
      site.replace('E.yaml', yaml('C'));
    });
    await daemon.until('connector.updated', ({ connector }) => connector?.key === 'D');
    daemon.signal('SIGHUP');
    await daemon.until('pass.completed', ({ unchanged }) => unchanged === 5);
    expect(identities(site)).toEqual(['A', 'B', 'C', 'D', 'E'].map((name, index) => [index + 1, name]));
    expect(writesTo(site.sandbox).map(({ path }) => path)).toEqual(['/v1/connectors/5']);
  });

  test('a file that gains and loses documents, and is one definition before and after', async () => {
    const [site, daemon] = await settle({ ...named('X', 'Y', 'Z'), 'all.yaml': yaml('One') }, ...OFTEN);
    const expectLive = (...names: readonly string[]): void => {
      expect(identities(site).map(([, name]) => name)).toEqual(['X', 'Y', 'Z', 'One', ...names]);
    };
    const id = site.sandbox.connectors().find(({ name }) => name === 'One')?.id ?? 0;

    site.replace('all.yaml', `${document('One')}---\n${document('Two')}---\n${document('Three')}`);
    await daemon.until('pass.completed', inOrder(6));
    expectLive('Three', 'Two');
    expect(writesTo(site.sandbox).map(({ method }) => method)).toEqual(['POST', 'POST']);

    site.replace('all.yaml', `${document('Three', 'rate_limit: 3\n')}---\n${document('One')}`);
    await daemon.until('connector.deleted', ({ connector }) => connector?.key === 'all#two');
    expectLive('Three');

    site.replace('all.yaml', document('One'));
    await daemon.until('connector.deleted', ({ connector }) => connector?.key === 'all#three');
    await daemon.until('pass.completed', ({ unchanged }) => unchanged === 4);
    expectLive();
    expect(site.sandbox.connectors().find(({ name }) => name === 'One')?.id).toBe(id);
    expect(writesTo(site.sandbox).filter(({ path }) => path.endsWith(`/${id}`))).toEqual([]);
  });

  test('a copy whose original is edited later is a connector of its own once it has a name of its own', async () => {
    const [site, daemon] = await settle(named('A', 'B'), ...OFTEN);
    site.write('copy.yaml', limited('A, copied', 2));
    site.replace('A.yaml', limited('A', 3));
    await daemon.until('connector.created');
    await daemon.until('pass.completed', ({ unchanged }) => unchanged === 3);
    expect(site.sandbox.connectors()).toMatchObject([
      { id: 1, name: 'A', rate_limit: 3 },
      { id: 2 },
      { id: 3, rate_limit: 2 },
    ]);
    expect(deletesTo(site.sandbox)).toEqual([]);
  });
});
