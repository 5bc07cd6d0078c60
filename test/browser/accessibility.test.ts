/** Every state of the page, light on a desk and dark on a phone: nothing to be found, and nothing to complain about. */

import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { expectSeen } from '../support/dashboard/expect-seen.ts';
import { useBrowser } from '../support/dashboard/open-page.ts';
import type { SceneName } from '../support/dashboard/scenes.ts';
import { SCENES } from '../support/dashboard/scenes.ts';

const { show } = useBrowser();

const DESK = { width: 1440, height: 900 };
const PHONE = { width: 360, height: 740 };

describe.each(Object.keys(SCENES) as SceneName[])('the scene %s', (name) => {
  test('has nothing for axe, keeps to its own server and policy, and fits on a phone', async () => {
    const { page, complaints, strayed } = await show(SCENES[name], '', { viewport: DESK });
    await expectSeen(page.getByRole('heading', { name: 'Recent events' }));
    await expectSeen(page.getByText(/^[\d,]+ connectors?$/u));
    expect(await findings(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize(PHONE);
    expect(await findings(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    expect(complaints).toEqual([]);
    expect(strayed).toEqual([]);
  });
});

test.each([
  ['drifting', 'lead-score', 'light'],
  ['drifting', 'lead-score', 'dark'],
  ['failing', 'broken', 'light'],
  ['failing', 'broken', 'dark'],
] as const)('the details in the scene %s of %s, %s, are as good', async (name, key, colorScheme) => {
  const { page, complaints } = await show(SCENES[name], `?key=${key}`, { viewport: PHONE, colorScheme });
  await expectSeen(page.getByRole('dialog').getByRole('heading', { name: 'Last events' }));
  expect(await findings(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  expect(complaints).toEqual([]);
});

test('the dialog that asks for the token is as good', async () => {
  const { page } = await show(SCENES.healthy);
  await page.getByRole('button', { name: 'Sync now' }).click();
  await expectSeen(page.getByLabel('Trigger token'));
  expect(await findings(page)).toEqual([]);
});

test('a lost connection is as good', async () => {
  const { page, server } = await show(SCENES.failing);
  await server.stop();
  await expectSeen(page.locator('.lost'));
  expect(await findings(page)).toEqual([]);
  await server.restart();
});

/** Given to the browser by its own protocol, for the policy of the page admits no foreign script. */
async function findings(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as axe.AxeResults;
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** How far the page is wider than its window; pixels. */
async function overflow(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}
