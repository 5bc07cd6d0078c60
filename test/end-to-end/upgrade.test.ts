/** An upgrade keeps what was agreed, from every version of the state; a downgrade says what to do. */

import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { SCHEMA_VERSION } from '../../src/state/migrations.ts';
import { writesTo } from '../support/requests.ts';
import type { Site } from '../support/site.ts';
import { openSite } from '../support/site.ts';
import { openStore } from '../support/state-fixtures.ts';
import { keptFiles, STATE_FIXTURES } from '../support/state-of-version.ts';

const VERSIONS = Array.from({ length: SCHEMA_VERSION }, (_, index) => index + 1);

/** A workspace with the connectors of the fixtures, the files that they come from, and no state yet. */
async function openKeptSite(): Promise<Site> {
  const site = await openSite({ files: keptFiles() });
  expect((await site.run('sync', '--state-dir', 'first')).code).toBe(0);
  expect(site.sandbox.connectors().map(({ id, name }) => [id, name])).toEqual([
    [1, 'A'],
    [2, 'B'],
  ]);
  site.sandbox.clearRequests();
  return site;
}

function placeState(site: Site, version: number): string {
  const directory = join(site.directory, '.databar-sync');
  mkdirSync(directory);
  copyFileSync(join(STATE_FIXTURES, `v${version}.db`), join(directory, 'state.db'));
  return directory;
}

describe.each(VERSIONS)('a state of version %i', (version) => {
  test('is kept as a fixture', () => {
    expect(existsSync(join(STATE_FIXTURES, `v${version}.db`))).toBe(true);
  });

  test('is gone on with: nothing is written, adopted or told', async () => {
    const site = await openKeptSite();
    const directory = placeState(site, version);
    const { code, stdout, stderr } = await site.run('sync', '--output', 'json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringMatching(/warn|error/u) as string });
    const { results } = JSON.parse(stdout) as { readonly results: readonly Record<string, unknown>[] };
    expect(results.map(({ key, id, cause, outcome }) => ({ key, id, cause, outcome }))).toEqual([
      { key: 'a', id: 1, cause: 'in_sync', outcome: 'unchanged' },
      { key: 'people/b', id: 2, cause: 'in_sync', outcome: 'unchanged' },
    ]);
    expect(writesTo(site.sandbox)).toEqual([]);
    const database = new DatabaseSync(join(directory, 'state.db'));
    expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: SCHEMA_VERSION });
    database.close();
  });

  test('holds all that was remembered', async () => {
    const directory = placeState(await openSite(), version);
    const { store, told } = openStore(directory);
    expect(told.rebuilt).toEqual([]);
    expect(store.bindings()).toMatchObject([
      { key: 'a', id: 1, name: 'A', file: 'a.yaml', protect: true },
      { key: 'people/b', id: 2, name: 'B', file: 'people/b.yaml', protect: false },
    ]);
    expect(store.intents()).toMatchObject([{ key: 'unanswered', name: 'Unanswered' }]);
    expect(store.failures()).toMatchObject([{ key: 'refused', kind: 'transient', status: 503, attempts: 3 }]);
    expect([...store.driftRewrites(0).keys()]).toEqual(['people/b']);
    expect(store.passes(10)).toMatchObject([{ pass: 1, result: 'ok' }]);
  });
});

describe('a state of a later release', () => {
  test.each(['sync', 'plan', 'run'])('is refused by `%s` in one clear line, and left as it is', async (command) => {
    const site = await openKeptSite();
    const file = join(placeState(site, SCHEMA_VERSION), 'state.db');
    const database = new DatabaseSync(file);
    database.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
    database.close();
    const before = readFileSync(file);
    const { code, stderr } = await site.run(command);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        `error: The state file ${file} has schema version ${SCHEMA_VERSION + 1}, and this databar-sync knows ` +
        `versions up to ${SCHEMA_VERSION}. It was written by a later release: run that release, or give this one a ` +
        'directory of its own with --state-dir.\n',
    });
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(writesTo(site.sandbox)).toEqual([]);
  });
});
