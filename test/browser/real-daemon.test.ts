/** The page as the released program serves it, while things happen to the workspace and the files. */

import { expect, test } from 'vitest';
import { expectGone, expectSeen } from '../support/dashboard/expect-seen.ts';
import { useBrowser } from '../support/dashboard/open-page.ts';
import { openSite, yaml } from '../support/site.ts';

const { open } = useBrowser();

const DAEMON = ['--listen', '127.0.0.1:0', '--interval', '1h'] as const;

test('drift in the workspace, a mistake in a file and the end of both show on the page as they happen', async () => {
  const site = await openSite({ files: { 'lead-score.yaml': yaml('Lead score'), 'other.yaml': yaml('Other') } });
  site.environment['DATABAR_SYNC_TRIGGER_TOKEN'] = 'a-token-of-the-test';
  const daemon = site.start(...DAEMON, '--drift', 'report');
  const { listen } = await daemon.until('daemon.started');
  await daemon.until('pass.completed');

  const { page, complaints, strayed } = await open(`${String(listen)}/`);
  await expectSeen(page.getByRole('heading', { name: 'All 2 connectors are in sync' }));
  await expectSeen(page.getByText('Reachable', { exact: true }));

  const { id } = site.sandbox.connectors().find(({ name }) => name === 'Lead score') ?? { id: 0 };
  site.sandbox.edit(id, { url: 'https://example.com/hijacked' });
  daemon.signal('SIGHUP');
  await expectSeen(page.getByRole('heading', { name: '1 connector needs attention' }));
  await page.getByRole('row', { name: /Drifted Lead score/u }).click();
  const panel = page.getByRole('dialog', { name: 'Lead score' });
  await expectSeen(panel.getByText('https://example.com/hijacked'));
  await expectSeen(panel.getByText('drift.detected'));
  await page.keyboard.press('Escape');
  await expectGone(panel);

  site.replace('other.yaml', 'name: Other\nmethod: fetch\nurl: https://api.example.com/x\n');
  await page.getByRole('row', { name: /Invalid Other.*other\.yaml:2/u }).click();
  await expectSeen(page.getByRole('dialog').getByText('2 | method: fetch'));
  await page.keyboard.press('Escape');
  expect(complaints).toEqual([]);

  site.replace('other.yaml', yaml('Other'));
  await expectSeen(page.getByRole('heading', { name: '1 connector needs attention' }));
  site.sandbox.edit(id, { url: 'https://api.example.com/Lead%20score' });
  await page.getByRole('button', { name: 'Sync now' }).click();
  await page.getByLabel('Trigger token').fill('a-token-of-the-test');
  await page.keyboard.press('Enter');
  await expectSeen(page.getByRole('heading', { name: 'All 2 connectors are in sync' }));
  await expectSeen(page.locator('.events').getByText('drift.cleared'));
  expect(strayed).toEqual([]);
});

test('a workspace that is out of reach shows as such, and so does a daemon that is gone', async () => {
  const site = await openSite({ files: { 'a.yaml': yaml('A') } });
  const daemon = site.start(...DAEMON, '--retry-max-attempts', '1');
  const { listen } = await daemon.until('daemon.started');
  await daemon.until('pass.completed');
  const { page } = await open(`${String(listen)}/`);
  await expectSeen(page.getByRole('heading', { name: 'The connector is in sync' }));

  site.sandbox.inject({ on: 'list', kind: 'status', status: 503 });
  daemon.signal('SIGHUP');
  await expectSeen(page.getByRole('heading', { name: 'The Databar API cannot be reached' }));
  await expectSeen(page.getByText('Unreachable', { exact: true }));
  site.sandbox.clearFaults();
  daemon.signal('SIGHUP');
  await expectSeen(page.getByText('Reachable', { exact: true }));

  expect(await daemon.stop()).toBe(0);
  await expectSeen(page.locator('.lost').filter({ hasText: 'Connection lost, trying again.' }));
});
