/** The details of a connector, by keyboard alone. */

import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { expectGone, expectSeen } from '../support/dashboard/expect-seen.ts';
import { useBrowser } from '../support/dashboard/open-page.ts';
import { SCENES } from '../support/dashboard/scenes.ts';

const { show } = useBrowser();

const focused = async (page: Page): Promise<string> => page.evaluate('document.activeElement.textContent');
const press = async (page: Page, ...keys: readonly string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
};

describe('by keyboard', () => {
  test('the table is walked, the details open and close, and the focus comes back', async () => {
    const { page } = await show(SCENES.drifting);
    const first = page.getByRole('link', { name: 'Acme lead score' });
    await expectSeen(first);
    for (let tabs = 0; tabs < 30 && (await focused(page)) !== 'Acme lead score'; tabs += 1) await press(page, 'Tab');
    await press(page, 'ArrowDown');
    expect(await focused(page)).toBe('Profile lookup');
    await press(page, 'End');
    expect(await focused(page)).toBe('Mailproof email verifier');
    await press(page, 'Home', 'ArrowUp');
    expect(await focused(page)).toBe('Acme lead score');

    await press(page, 'Enter');
    const panel = page.getByRole('dialog', { name: 'Acme lead score' });
    await expectSeen(panel);
    expect(new URL(page.url()).search).toBe('?key=lead-score');
    for (let tabs = 0; tabs < 10; tabs += 1) {
      await press(page, 'Tab');
      expect(await page.evaluate('document.querySelector("main").contains(document.activeElement)')).toBe(false);
    }
    await press(page, 'Escape');
    await expectGone(panel);
    expect(new URL(page.url()).search).toBe('');
    expect(await focused(page)).toBe('Acme lead score');
  });

  test('every place that the focus comes to shows it', async () => {
    const { page } = await show(SCENES.healthy);
    await expectSeen(page.getByRole('link', { name: 'Chat alert' }));
    for (let tabs = 0; tabs < 12; tabs += 1) {
      await press(page, 'Tab');
      expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    }
  });
});

describe('the details', () => {
  test('show differences, with secrets as fingerprints, and what happened', async () => {
    const { page } = await show(SCENES.drifting, '?key=lead-score');
    const panel = page.getByRole('dialog');
    await expectSeen(panel.getByText('Changed outside git remote_changed'));
    const differences = panel.locator('.differences > li');
    expect(await differences.count()).toBe(5);
    expect(await differences.nth(0).innerText()).toMatch(
      /\/url\s+− Databar\s+https:\/\/example\.com\/hijacked\/score\s+\+ Git\s+https:\/\/api\.acme/u,
    );
    expect(await differences.nth(2).innerText()).toMatch(/hidden\s+hmac:9f1c03aa[^]*hidden\s+hmac:3b7e21d4/u);
    expect(await differences.nth(3).innerText()).toContain('nothing');
    await expectSeen(panel.getByText('connector.created'));
  });

  test('show problems with the place and the line', async () => {
    const { page } = await show(SCENES.failing, '?key=broken');
    const problems = page.getByRole('dialog').locator('.problems > li');
    await expectSeen(problems.first());
    expect(await problems.count()).toBe(2);
    expect(await problems.nth(1).innerText()).toMatch(
      /The definition has no field "rate-limit"\. Did you mean "rate_limit"\?[^]*4 \| rate-limit: 3[^]*\^{10}[^]*broken\.yaml:4:1 · unknown_field/u,
    );
  });

  test('say when a failing connector is tried again', async () => {
    const { page } = await show(SCENES.failing, '?key=exporters/crm-contact');
    await expectSeen(page.getByRole('dialog').getByText(/^in 2 min \d+ s$|^in 3 min$/u));
  });

  test('open on a click anywhere in the row, and from an event; back closes them', async () => {
    const { page } = await show(SCENES.drifting);
    await page
      .getByRole('row', { name: /Profile lookup/u })
      .getByText('Deleted outside git')
      .click();
    await expectSeen(page.getByRole('dialog', { name: 'Profile lookup' }));
    await page.goBack();
    await expectGone(page.getByRole('dialog'));
    await page.locator('.events').getByRole('link', { name: 'lead-score' }).click();
    await expectSeen(page.getByRole('dialog', { name: 'Acme lead score' }));
    await page.getByRole('button', { name: 'Close' }).click();
    await expectGone(page.getByRole('dialog'));
  });

  test('of a key that does not exist say so', async () => {
    const { page } = await show(SCENES.healthy, '?key=never/was');
    await expectSeen(page.getByRole('dialog').getByText('There is no connector of that key any more.'));
  });
});
