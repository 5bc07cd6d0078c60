/** A plan that is reviewed before it is applied, and a part of the definitions: the released program against a real server. */

import { appendFileSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Ended, Site } from '../support/site.ts';
import { openSite, yaml } from '../support/site.ts';

const FILES = { 'a.yaml': yaml('A'), 'b.yaml': yaml('B'), 'team/c.yaml': yaml('C') };

const writes = ({ sandbox }: Site): number => sandbox.requests.filter(({ method }) => method !== 'GET').length;

/** Everything is in sync, then `a.yaml` changes and a plan of it is written to plan.json. */
async function openReviewed(...flags: readonly string[]): Promise<Site> {
  const site = await openSite({ files: FILES });
  expect((await site.run('sync')).code).toBe(0);
  site.write('a.yaml', yaml('A', 'rate_limit: 5\n'));
  const plan = await site.run('plan', '--out', 'plan.json', ...flags);
  expect(plan.code).toBe(0);
  expect(plan.stdout).toContain('/rate_limit: nothing → 5');
  expect(plan.stderr).toContain('databar-sync sync --plan plan.json');
  site.sandbox.clearRequests();
  return site;
}

const apply = async (site: Site, ...flags: readonly string[]): Promise<Ended> =>
  site.run('sync', '--plan', 'plan.json', '--log-level', 'error', ...flags);

describe('a plan that was reviewed', () => {
  test('is applied when nothing has moved, once', async () => {
    const site = await openReviewed();
    const done = await apply(site);
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(done.stdout).toBe(
      '~ updated  a  "A" (id 1)  file_changed\n      /rate_limit: nothing → 5\n1 applied, 2 unchanged\n',
    );
    expect(writes(site)).toBe(1);

    const again = await apply(site);
    expect(again.code).toBe(1);
    expect(again.stdout).toContain('a: connector 1 changed in the workspace');
    expect(writes(site)).toBe(1);
  });

  test.each<[string, (site: Site) => void, RegExp]>([
    [
      'its file changed again',
      (site) => site.write('a.yaml', yaml('A', 'rate_limit: 6\n')),
      /^ {2}a: its definition, or a secret in it, changed$/mu,
    ],
    ['another file changed', (site) => site.write('b.yaml', yaml('B', 'rate_limit: 6\n')), /^ {2}b: its definition/mu],
    [
      'a file was added',
      (site) => site.write('new.yaml', yaml('New')),
      /^ {2}new: was not part of the plan \(create, new\)$/mu,
    ],
    [
      'a file was renamed',
      (site) => site.rename('b.yaml', 'z.yaml'),
      /^ {2}b: is no longer there .*\n {2}z: was not part of the plan/mu,
    ],
    ['its file became invalid', (site) => site.write('a.yaml', 'name: A\n'), /^ {2}a: its definition/mu],
    [
      'somebody edited the connector',
      (site) => void site.sandbox.edit(1, { method: 'post' }),
      /^ {2}a: connector 1 changed in the workspace$/mu,
    ],
    [
      'somebody edited another',
      (site) => void site.sandbox.edit(2, { method: 'post' }),
      /^ {2}b: connector 2 changed in the workspace$/mu,
    ],
    [
      'somebody deleted the connector',
      (site) => site.sandbox.remove(1),
      /^ {2}a: connector 1 is gone from the workspace$/mu,
    ],
    [
      'the state is lost',
      ({ directory }) => rmSync(join(directory, '.databar-sync'), { recursive: true }),
      /the state remembers something else/u,
    ],
  ])('is refused, and nothing is written, when %s', async (_, happen, words) => {
    const site = await openReviewed();
    happen(site);
    const refused = await apply(site);
    expect(refused.code).toBe(1);
    expect(refused.stdout).toMatch(words);
    expect(refused.stdout).toMatch(/^The plan is not applied.*\n(?: {2}.*\n)+Nothing was written\./u);
    expect(writes(site)).toBe(0);
  });

  test('is refused when a secret of it was exchanged', async () => {
    const site = await openSite({
      files: { 'a.yaml': yaml('A', 'headers: [{name: X-Key, value: "${env:CONNECTOR_KEY}"}]\n') },
    });
    site.environment['CONNECTOR_KEY'] = 'first-value';
    expect((await site.run('plan', '--out', 'plan.json')).code).toBe(0);
    const file = readFileSync(join(site.directory, 'plan.json'), 'utf8');
    expect(file).not.toContain('first-value');
    site.environment['CONNECTOR_KEY'] = 'second-value';
    const refused = await apply(site, '--output', 'json');
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stdout)).toMatchObject({
      results: [],
      error: 'the plan is not applied, for something has moved since it was made',
      refused: [{ key: 'a', moved: 'definition' }],
    });
    site.environment['CONNECTOR_KEY'] = 'first-value';
    expect((await apply(site)).code).toBe(0);
  });

  test.each([
    ['policy', ['--policy', 'sync'], 'The setting sync.policy is sync; the plan was made with upsert-only.'],
    ['drift mode', ['--drift', 'report'], 'The setting sync.drift is report; the plan was made with heal.'],
    ['force', ['--force'], 'The setting sync.force is true; the plan was made with false.'],
  ])('is refused under another %s', async (_, flags, words) => {
    const site = await openReviewed();
    const refused = await apply(site, ...flags);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stdout).toContain(words);
    expect(writes(site)).toBe(0);
  });

  test('that deletes is applied, in the way it was planned', async () => {
    const site = await openSite({ files: FILES });
    await site.run('sync', '--policy', 'sync');
    site.remove('b.yaml');
    await site.run('plan', '--policy', 'sync', '--out', 'plan.json');
    expect((await apply(site, '--policy', 'sync')).stdout).toContain('- deleted  b');
    expect(site.sandbox.connectors()).toHaveLength(2);
  });

  test('works from one job to another that share no state, as long as both have none', async () => {
    const site = await openSite({ files: FILES });
    expect((await site.run('plan', '--out', 'plan.json', '--state-dir', 'one')).code).toBe(0);
    expect((await apply(site, '--state-dir', 'two')).code).toBe(0);
    expect(site.sandbox.connectors()).toHaveLength(3);
  });

  test('with the wrong state is refused in one sentence, not in one for each connector', async () => {
    const files = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`${at}.yaml`, yaml(`C${at}`)]));
    const site = await openSite({ files });
    await site.run('sync');
    await site.run('plan', '--out', 'plan.json', '--state-dir', 'empty');
    const refused = await apply(site);
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain('of 10 connectors: the plan was made with another state directory');
    expect(refused.stdout.split('\n')).toHaveLength(4);
  });

  test('is for its owner alone', async () => {
    const site = await openReviewed();
    expect(statSync(join(site.directory, 'plan.json')).mode & 0o777).toBe(0o600);
  });
});

describe('a file that is no such plan is refused, and says what it is', () => {
  const read = (site: Site): Record<string, unknown> =>
    JSON.parse(readFileSync(join(site.directory, 'plan.json'), 'utf8')) as Record<string, unknown>;
  const put = (site: Site, text: string): void => writeFileSync(join(site.directory, 'plan.json'), text);

  test.each<[string, (site: Site) => void, RegExp]>([
    ['nothing', (site) => rmSync(join(site.directory, 'plan.json')), /cannot be read \(ENOENT\)/u],
    [
      'cut short',
      (site) => put(site, readFileSync(join(site.directory, 'plan.json'), 'utf8').slice(0, 200)),
      /is no plan of databar-sync, or was cut short/u,
    ],
    ['something else', (site) => put(site, '{"changes": []}'), /is no plan of databar-sync: make the plan anew/u],
    ['no object', (site) => put(site, '[1]'), /is no plan of databar-sync/u],
    [
      'altered',
      (site) => put(site, JSON.stringify({ ...read(site), revision: 'another' })),
      /was altered, or cut short/u,
    ],
    [
      'of another release',
      (site) => put(site, JSON.stringify({ ...read(site), program: '0.0.1' })),
      /was made by databar-sync 0\.0\.1/u,
    ],
    [
      'made with another key',
      (site) => void (site.environment['DATABAR_API_KEY'] = 'another'),
      /made with another API key/u,
    ],
    [
      'a directory',
      (site) => {
        rmSync(join(site.directory, 'plan.json'));
        symlinkSync('connectors', join(site.directory, 'plan.json'));
      },
      /is no plan of databar-sync/u,
    ],
  ])('%s', async (_, spoil, words) => {
    const site = await openReviewed();
    spoil(site);
    const refused = await apply(site);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(words);
    expect(refused.stderr).toMatch(/^error: .*\n$/u);
    expect(site.sandbox.requests).toHaveLength(0);
  });

  test('one with a byte more after its end is the same plan', async () => {
    const site = await openReviewed();
    appendFileSync(join(site.directory, 'plan.json'), '\n');
    expect((await apply(site)).code).toBe(0);
  });
});

test('a plan is not written where it would be taken for a definition, nor when there is none', async () => {
  const site = await openSite({ files: FILES });
  const inside = await site.run('plan', '--out', 'connectors/plan.json');
  expect(inside).toMatchObject({ code: 1, stdout: '' });
  expect(inside.stderr).toContain('would be taken for a definition');
  site.sandbox.setApiKey('another');
  expect((await site.run('plan', '--out', 'plan.json')).code).toBe(1);
  expect(() => readFileSync(join(site.directory, 'plan.json'))).toThrow('ENOENT');
});

describe('`plan` and `sync` for some files', () => {
  test.each([
    ['a file', ['connectors/a.yaml'], ['A']],
    ['a directory', ['connectors/team'], ['C']],
    ['a glob in quotes', ['connectors/**/[bc].yaml'], ['B', 'C']],
    ['several', ['connectors/a.yaml', 'connectors/team/'], ['A', 'C']],
    ['the whole directory', ['connectors'], ['A', 'B', 'C']],
  ])('do what is to be done for %s', async (_, paths, names) => {
    const site = await openSite({ files: FILES });
    const plan = await site.run('plan', ...paths);
    expect(plan.stdout).toMatch(/^Limited to .*nothing is deleted\.\n/u);
    expect(plan.stdout).toContain(`\n${names.length} to create`);
    expect((await site.run('sync', ...paths)).code).toBe(0);
    expect(
      site.sandbox
        .connectors()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(names);
    expect((await site.run('sync')).code).toBe(0);
    expect(site.sandbox.connectors()).toHaveLength(3);
  });

  test('delete nothing, forget nothing, and leave drift elsewhere', async () => {
    const site = await openSite({ files: FILES });
    await site.run('sync', '--policy', 'sync');
    site.remove('b.yaml');
    site.sandbox.edit(3, { method: 'post' });
    site.write('a.yaml', yaml('A', 'rate_limit: 5\n'));
    const part = await site.run('sync', 'connectors/a.yaml', '--policy', 'sync', '--force');
    expect(part.code).toBe(0);
    expect(part.stdout).toContain('1 applied');
    expect(site.sandbox.connectors().map(({ name, method }) => [name, method])).toEqual([
      ['A', 'get'],
      ['B', 'get'],
      ['C', 'post'],
    ]);
    const rest = await site.run('plan', '--policy', 'sync', '--output', 'json');
    expect(JSON.parse(rest.stdout)).toMatchObject({ summary: { delete: 1, update: 1, create: 0 } });
  });

  test('see the whole set all the same: a name that another file has too is found', async () => {
    const site = await openSite({ files: { 'a.yaml': yaml('Same'), 'b.yaml': yaml('Same') } });
    const result = await site.run('sync', 'connectors/a.yaml');
    expect(result.code).toBe(1);
    expect(result.stdout).toContain('is also that of b.yaml');
    expect(site.sandbox.connectors()).toEqual([]);
  });

  test('are not concerned by what is invalid elsewhere', async () => {
    const site = await openSite({ files: { 'a.yaml': yaml('A'), 'bad.yaml': 'name: Bad\n' } });
    const result = await site.run('sync', 'connectors/a.yaml');
    expect(result.code).toBe(0);
    expect(result.stderr).not.toContain('bad');
    expect((await site.run('sync')).code).toBe(1);
  });

  test('keep the connectors of two files that have swapped their paths', async () => {
    const site = await openSite({ files: { 'a.yaml': yaml('A'), 'b.yaml': yaml('B') } });
    await site.run('sync');
    site.write('a.yaml', yaml('B'));
    site.write('b.yaml', yaml('A'));
    expect((await site.run('sync', 'connectors/a.yaml')).code).toBe(0);
    const plan = await site.run('plan', '--output', 'json');
    expect(JSON.parse(plan.stdout)).toMatchObject({
      changes: [
        { key: 'a', id: 2, action: 'none' },
        { key: 'b', id: 1, action: 'none' },
      ],
    });
  });

  test('can be reviewed, and stay limited', async () => {
    const site = await openSite({ files: FILES });
    await site.run('plan', 'connectors/a.yaml', '--out', 'plan.json');
    site.write('b.yaml', yaml('B', 'rate_limit: 9\n'));
    expect((await apply(site)).code).toBe(0);
    expect(site.sandbox.connectors().map(({ name }) => name)).toEqual(['A']);
    expect((await apply(site, 'connectors/b.yaml')).stderr).toContain('name no paths beside it');
  });

  test.each([
    ['a path where nothing is', 'connectors/none.yaml', 'does not exist'],
    ['a glob that finds nothing', 'connectors/*.yml', 'matches no definition file'],
    ['a file elsewhere', '../outside.yaml', 'is not in the source directory connectors'],
    ['a file that is no definition', 'connectors/README.md', 'is not a definition file'],
  ])('refuse %s', async (_, path, words) => {
    const site = await openSite({ files: { ...FILES, 'README.md': '# Hello' } });
    writeFileSync(join(site.directory, '..', 'outside.yaml'), yaml('Outside'));
    for (const command of ['plan', 'sync']) {
      const refused = await site.run(command, path);
      expect(refused).toMatchObject({ code: 1, stdout: '' });
      expect(refused.stderr).toContain(words);
    }
    rmSync(join(site.directory, '..', 'outside.yaml'), { force: true });
  });

  test('find a file behind the link that the source directory is', async () => {
    const site = await openSite({ files: FILES });
    symlinkSync('connectors', join(site.directory, 'current'));
    const plan = await site.run('plan', 'connectors/a.yaml', '--dir', 'current');
    expect(plan.stdout).toContain('1 to create');
  });
});

test('--quiet leaves the summary, and logs nothing but errors', async () => {
  const site = await openSite({ files: FILES });
  expect(await site.run('plan', '--quiet')).toMatchObject({ code: 0, stdout: '3 to create\n', stderr: '' });
  expect(await site.run('sync', '--quiet')).toMatchObject({ code: 0, stdout: '3 applied\n', stderr: '' });
});
