/** The page keeps up with the daemon, and says so when it cannot. */

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { eventually, expectGone, expectSeen } from '../support/dashboard/expect-seen.ts';
import { useBrowser } from '../support/dashboard/open-page.ts';
import { connector, lastPass, scene } from '../support/dashboard/scene.ts';
import { SCENES } from '../support/dashboard/scenes.ts';

const { show, open } = useBrowser();

test('a change shows by itself: verdict, table, filter, title and the word for readers', async () => {
  const { page, server } = await show(scene([connector('a'), connector('b')]));
  await expectSeen(page.getByRole('heading', { name: 'All 2 connectors are in sync' }));
  server.show(
    scene([
      connector('a'),
      connector('b', { state: 'drifted', cause: 'remote_changed', message: 'Changed outside of git: /url.' }),
    ]),
  );
  await expectSeen(page.getByRole('heading', { name: '1 connector needs attention' }));
  await expectSeen(
    page.getByRole('row', { name: /Drifted b .*Changed outside git.*Changed outside of git: \/url\./u }),
  );
  await expectSeen(page.getByRole('button', { name: 'Drifted 1' }));
  await expectSeen(page.getByRole('status').filter({ hasText: '1 connector needs attention' }));
  await eventually(async () => page.title()).toBe('1 connector needs attention · databar-sync');
});

test('open details change with their connector', async () => {
  const { page, server } = await show(SCENES.drifting, '?key=lead-score');
  const panel = page.getByRole('dialog');
  await expectSeen(panel.getByText('Drifted'));
  server.show(SCENES.healthy);
  await expectSeen(panel.getByText('In sync', { exact: true }));
  server.show(scene([]));
  await expectSeen(panel.getByText('There is no connector of that key any more.'));
});

test('an answer that was asked for earlier never undoes what the stream has told since', async () => {
  const { page, server } = await show(SCENES.healthy);
  await expectSeen(page.getByRole('heading', { name: 'All 8 connectors are in sync' }));
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
  await page.route('**/api/status', async (route) => {
    const old = await route.fetch();
    await held;
    await route.fulfill({ response: old });
  });
  // Another stream, and with it a question.
  await hide(page, true);
  const asked = page.waitForRequest('**/api/status');
  await hide(page, false);
  await asked;
  await eventually(() => server.streams()).toBe(1);
  await eventually(() => server.asked.filter((path) => path === 'api/status').length).toBe(3);
  server.show(SCENES.drifting);
  await expectSeen(page.getByRole('heading', { name: '2 connectors need attention' }));
  const answered = page.waitForResponse('**/api/status');
  letGo();
  await answered;
  await expectSeen(page.getByRole('heading', { name: '2 connectors need attention' }));
  await page.evaluate('new Promise((resolve) => setTimeout(resolve))');
  await expectSeen(page.getByRole('heading', { name: '2 connectors need attention' }));
});

test('the progress of a pass shows, unless it has nothing to write', async () => {
  const { page, server } = await show(SCENES.healthy);
  server.show(scene([], { mode: 'syncing', progress: { done: 3, total: 12 } }));
  await expectSeen(page.getByRole('progressbar', { name: 'Writes of this pass' }));
  await expectSeen(page.getByText('3 of 12 written'));
  server.show(scene([], { mode: 'syncing', progress: { done: 0, total: 0 } }));
  await expectGone(page.getByRole('progressbar'));
});

test('a lost connection is said plainly, and ends by itself when the daemon is back', async () => {
  const { page, server } = await show(SCENES.healthy);
  await expectSeen(page.getByRole('heading', { name: 'All 8 connectors are in sync' }));
  await server.stop();
  await expectSeen(page.locator('.lost').filter({ hasText: /Connection lost, trying again\. What you see was told/u }));
  await expectSeen(page.getByRole('status').filter({ hasText: 'Connection lost, trying again.' }));
  await eventually(async () => page.title()).toBe('Connection lost · databar-sync');
  await expectSeen(page.getByRole('heading', { name: 'All 8 connectors are in sync' }));

  server.show(SCENES.drifting);
  await server.restart();
  await expectSeen(page.getByRole('heading', { name: '2 connectors need attention' }));
  await expectGone(page.locator('.lost'));
  await expectSeen(page.getByText('Live', { exact: true }));
});

test('a connection that fell silent without an end is said plainly, and made anew', async () => {
  const { page, server } = await show(SCENES.healthy, '', { hasClock: true });
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
  // Nothing comes through any more; of the stream, which is open, nobody hears that.
  await page.route('**/api/status', async (route) => route.abort('timedout'));
  await page.route('**/api/stream', async (route) => {
    await held;
    await route.continue();
  });
  await page.clock.fastForward(30_000);
  await expectSeen(page.locator('.lost').filter({ hasText: 'Connection lost, trying again. What you see was told' }));
  await expectSeen(page.getByText('Trying again', { exact: true }));
  await eventually(async () => page.title()).toBe('Connection lost · databar-sync');

  await eventually(() => server.streams()).toBe(0);
  server.show(SCENES.drifting);
  await page.unroute('**/api/status');
  letGo();
  await expectSeen(page.getByRole('heading', { name: '2 connectors need attention' }));
  await expectSeen(page.getByText('Live', { exact: true }));
  await expectGone(page.locator('.lost'));
});

test('an answer of a proxy in between does not end the tries', async () => {
  const { page, server } = await show(SCENES.healthy);
  await server.stop();
  server.breakWith(502);
  await server.restart();
  await expectSeen(page.locator('.lost'));
  await eventually(() => server.asked.filter((path) => path === 'api/stream').length).toBeGreaterThan(1);
  server.breakWith(null);
  await expectSeen(page.getByText('Live', { exact: true }));
  await expectGone(page.locator('.lost'));
});

test('a daemon that never answered shows as such', async () => {
  const { server } = await show(SCENES.healthy);
  server.breakWith(500);
  const { page } = await open(server.url);
  await expectSeen(page.locator('.lost').filter({ hasText: 'The daemon does not answer.' }));
});

test('a broken Databar API shows as such, and so does its end', async () => {
  const { page, server } = await show(SCENES.healthy);
  server.show(SCENES.unreachable);
  await expectSeen(page.getByRole('heading', { name: 'The Databar API cannot be reached' }));
  await expectSeen(page.getByText('GET /v1/custom-connector answered with 503 after 5 attempts.'));
  await expectSeen(page.getByText('Unreachable', { exact: true }));
  server.show(SCENES.unauthorized);
  await expectSeen(page.getByRole('heading', { name: 'Databar refuses the API key' }));
  server.show(SCENES.sourceMissing);
  await expectSeen(page.getByRole('heading', { name: 'The source directory is missing' }));
  server.show(SCENES.healthy);
  await expectSeen(page.getByText('Reachable', { exact: true }));
});

test('the next pass is counted down', async () => {
  const { page } = await show(scene([], { lastPass: lastPass() }));
  const countdown = page.locator('.fact', { hasText: 'Next pass' }).locator('dd').first();
  const first = await countdown.textContent();
  expect(first).toMatch(/^in \d+ s$/u);
  await eventually(async () => countdown.textContent()).not.toBe(first);
});

test('a page that nobody looks at holds no connection', async () => {
  const { page, server } = await show(SCENES.healthy);
  await hide(page, true);
  await eventually(() => server.streams()).toBe(0);
  server.show(SCENES.drifting);
  await hide(page, false);
  await expectSeen(page.getByRole('heading', { name: '2 connectors need attention' }));
});

test('a page in the background asks now and then, so that its title stays true', async () => {
  const { page, server } = await show(SCENES.healthy, '', { hasClock: true });
  await hide(page, true);
  await eventually(() => server.streams()).toBe(0);
  server.show(SCENES.drifting);
  await page.clock.fastForward(30_000);
  await eventually(async () => page.title()).toBe('2 connectors need attention · databar-sync');
  server.breakWith(500);
  await page.clock.fastForward(30_000);
  await eventually(async () => page.title()).toBe('Connection lost · databar-sync');
});

/** As if another tab were in front, or no more. */
async function hide(page: Page, hidden: boolean): Promise<void> {
  await page.evaluate(
    `Object.defineProperty(document, 'hidden', { configurable: true, value: ${hidden} }); document.dispatchEvent(new Event('visibilitychange'))`,
  );
}
