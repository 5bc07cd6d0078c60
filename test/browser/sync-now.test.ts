/** Asking for a pass, in all its answers. */

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { eventually, expectGone, expectSeen } from '../support/dashboard/expect-seen.ts';
import { useBrowser } from '../support/dashboard/open-page.ts';
import { SCENES } from '../support/dashboard/scenes.ts';

const { show } = useBrowser();

const ask = async (page: Page): Promise<void> => page.locator('header .primary').click();

test('a wrong token is refused, the right one is taken and remembered, and stored nowhere', async () => {
  const { page, server } = await show(SCENES.healthy);
  await ask(page);
  const field = page.getByLabel('Trigger token');
  await field.fill('wrong');
  await page.keyboard.press('Enter');
  await expectSeen(page.getByRole('alert').filter({ hasText: 'That is not the token.' }));
  await field.fill('fixture-token');
  await page.keyboard.press('Enter');
  await expectSeen(page.getByRole('status').filter({ hasText: 'A pass was asked for.' }));
  await expectGone(page.getByRole('dialog'));
  expect(await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])')).toBe(
    '[{},{},""]',
  );
  expect(page.url()).toBe(server.url);

  await ask(page);
  await eventually(() => server.asked.filter((path) => path === 'api/sync').length).toBe(4);
  expect(await page.getByRole('dialog').count()).toBe(0);
});

test('a token that has been rotated is asked for again', async () => {
  const { page, server } = await show(SCENES.healthy);
  await ask(page);
  await page.getByLabel('Trigger token').fill('fixture-token');
  await page.keyboard.press('Enter');
  await expectSeen(page.getByRole('button', { name: 'Asked for' }));
  server.setToken('another');
  await ask(page);
  await expectSeen(page.getByRole('alert').filter({ hasText: 'The daemon refused it.' }));
});

test('a trigger that is off says how to turn it on, and asks for no token', async () => {
  const { page, server } = await show(SCENES.healthy);
  server.setToken(null);
  await ask(page);
  await expectSeen(page.getByRole('dialog', { name: 'The trigger is off' }).getByText('DATABAR_SYNC_TRIGGER_TOKEN'));
  await page.keyboard.press('Escape');
  await expectGone(page.getByRole('dialog'));
});

test('a daemon that does not answer says so', async () => {
  const { page, server } = await show(SCENES.healthy);
  server.breakWith(500);
  await ask(page);
  await expectSeen(page.getByRole('alert').filter({ hasText: 'No pass was asked for.' }));
});
