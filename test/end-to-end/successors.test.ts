/** A connector that was deleted and made anew is not made a second time. */

import { cpSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Site } from '../support/site.ts';
import { openSite, yaml } from '../support/site.ts';

const FILES = { 'a.yaml': yaml('A'), 'b.yaml': yaml('B') };

function idsByName({ sandbox }: Site): Readonly<Record<string, number>> {
  const connectors = sandbox.connectors();
  const ids = Object.fromEntries(connectors.map(({ id, name }) => [name, id]));
  // Of two of one name, one would be hidden.
  expect(Object.keys(ids)).toHaveLength(connectors.length);
  return ids;
}

test('made anew by hand, under the same name, it takes the place of the old one and becomes as its file says', async () => {
  const site = await openSite({ files: FILES });
  const daemon = site.start('--interval', '100ms');
  await daemon.until('pass.completed', ({ created }) => created === 2);
  const { A: old = 0, B } = idsByName(site);

  // At once, for between the two the old one would be missed.
  const { id } = site.sandbox.add({ name: 'A', method: 'patch', url: 'https://elsewhere.example.com/' });
  site.sandbox.remove(old);
  expect(await daemon.until('drift.detected')).toMatchObject({ cause: 'remote_deleted', connector: { key: 'a', id } });
  await daemon.until('drift.healed', ({ connector }) => connector?.key === 'a');

  expect(idsByName(site)).toEqual({ A: id, B });
  expect(site.sandbox.connectors().find((live) => live.id === id)).toMatchObject({ method: 'get' });
  expect(await daemon.stop()).toBe(0);
});

test('made anew by hand, it is only told of under drift: report', async () => {
  const site = await openSite({ files: FILES });
  expect(await site.run('sync')).toMatchObject({ code: 0 });
  site.sandbox.remove(idsByName(site)['A'] ?? 0);
  const made = site.sandbox.add({ name: 'A', method: 'patch', url: 'https://elsewhere.example.com/' });
  expect(await site.run('sync', '--drift', 'report')).toMatchObject({ code: 0 });
  expect(site.sandbox.connectors().find(({ id }) => id === made.id)).toEqual(made);
});

test('made anew before an old copy of the state was put in place, it is found by its name', async () => {
  const site = await openSite({ files: FILES });
  const [state, copy] = ['.databar-sync', 'copy'].map((name) => join(site.directory, name)) as [string, string];
  expect(await site.run('sync')).toMatchObject({ code: 0 });
  cpSync(state, copy, { recursive: true });
  for (const { id } of site.sandbox.connectors()) site.sandbox.remove(id);
  expect(await site.run('sync')).toMatchObject({ code: 0 });
  const made = idsByName(site);

  rmSync(state, { recursive: true });
  renameSync(copy, state);
  expect(await site.run('sync')).toMatchObject({ code: 0 });
  expect(idsByName(site)).toEqual(made);
  expect(await site.run('plan', '--detailed-exitcode')).toMatchObject({ code: 0 });
});
