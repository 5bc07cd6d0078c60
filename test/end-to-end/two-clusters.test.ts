/** Two installations that keep one workspace, by mistake: what docs/operations.md says of it. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Daemon } from '../support/daemon.ts';
import { passes } from '../support/passes.ts';
import { writesTo } from '../support/requests.ts';
import type { Site } from '../support/site.ts';
import { openSite, yaml } from '../support/site.ts';

const QUICK = ['--interval', '200ms', '--debounce', '20ms'];

/** A second installation beside the first: files and state of its own. */
function startOther(site: Site, files: Readonly<Record<string, string>>): Daemon {
  const directory = join(site.directory, 'other');
  mkdirSync(directory);
  for (const [path, text] of Object.entries(files)) writeFileSync(join(directory, path), text);
  return site.start(...QUICK, '--dir', directory, '--state-dir', join(site.directory, 'other-state'));
}

test('with the same files, one after the other, they agree: the second adopts and nobody writes again', async () => {
  const site = await openSite({ files: { 'a.yaml': yaml('A') } });
  const one = site.start(...QUICK);
  await one.until('pass.completed', ({ created }) => created === 1);
  const other = startOther(site, { 'a.yaml': yaml('A') });
  await other.until('pass.completed', ({ adopted }) => adopted === 1);
  site.sandbox.clearRequests();
  await passes(one, 3);
  await passes(other, 3);
  expect(writesTo(site.sandbox)).toEqual([]);
  expect(site.sandbox.connectors()).toHaveLength(1);
});

test('with different files they fight over a connector, until one of them lays down its arms', async () => {
  const site = await openSite({ files: { 'a.yaml': yaml('A', 'rate_limit: 1\n') } });
  const one = site.start(...QUICK);
  await one.until('pass.completed', ({ created }) => created === 1);
  const other = startOther(site, { 'a.yaml': yaml('A', 'rate_limit: 2\n'), 'b.yaml': yaml('B') });
  const quarantined = await Promise.race([
    one.until('brake.engaged', ({ code }) => code === 'fight').then(() => one),
    other.until('brake.engaged', ({ code }) => code === 'fight').then(() => other),
  ]);
  // Whoever is left has won: nobody writes against it any more.
  const winner = quarantined === one ? other : one;
  await passes(winner, 3);
  site.sandbox.clearRequests();
  await passes(one, 3);
  await passes(other, 3);
  expect(writesTo(site.sandbox)).toEqual([]);
  const healed = [...one.said('drift.healed'), ...other.said('drift.healed')];
  expect(healed.length).toBeGreaterThanOrEqual(5);
  expect(healed.length).toBeLessThanOrEqual(10);
  // What only one of them defines is in peace.
  expect(site.sandbox.connectors().map(({ name }) => name)).toEqual(['A', 'B']);
});
