/** `node test/support/dashboard/take-pictures.ts <directory>`: the page in each scene, light, dark and on a phone, to be looked at. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { dashboard } from '#dashboard';
import { launchBrowser } from './browser.ts';
import { startFixtureServer } from './fixture-server.ts';
import { SCENES } from './scenes.ts';

const LOOKS: Readonly<Record<string, BrowserContextOptions>> = {
  light: { viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
  dark: { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' },
  phone: { viewport: { width: 360, height: 740 }, colorScheme: 'light', deviceScaleFactor: 2 },
};
const DETAILS = { drifting: 'lead-score', failing: 'broken' } as const;

const directory = process.argv[2] ?? 'pictures';
const only = process.argv.slice(3);
mkdirSync(directory, { recursive: true });
const browser = await launchBrowser();
for (const [name, scene] of Object.entries(SCENES)) {
  if (only.length > 0 && !only.includes(name)) continue;
  const server = await startFixtureServer(dashboard, scene);
  for (const [look, options] of Object.entries(LOOKS)) {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const take = async (suffix: string): Promise<void> => {
      await page.screenshot({
        path: join(directory, `${name}${suffix}-${look}.png`),
        fullPage: look === 'phone' && suffix === '',
      });
    };
    await settle(page, server.url);
    await take('');
    if (name === 'healthy') {
      await page.getByRole('button', { name: 'Sync now' }).click();
      await page.getByLabel('Trigger token').waitFor();
      await take('-token');
      await page.keyboard.press('Escape');
      await server.stop();
      await page.locator('.lost').waitFor();
      await take('-lost');
      await server.restart();
    }
    const key = Object.entries(DETAILS).find(([scene]) => scene === name)?.[1];
    if (key !== undefined) {
      await settle(page, `${server.url}?key=${key}`);
      await page.getByRole('dialog').getByText('Last events').waitFor();
      await take('-detail');
    }
    await context.close();
  }
  await server.stop();
}
await browser.close();

async function settle(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByText('Live', { exact: true }).waitFor();
  await page.getByRole('heading', { name: 'Recent events', includeHidden: true }).waitFor({ state: 'attached' });
  await page.waitForTimeout(600);
}
