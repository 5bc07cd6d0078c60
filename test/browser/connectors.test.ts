/** Finding connectors: search, filter, pages, and the address that leads there again. */

import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { eventually, expectSeen } from '../support/dashboard/expect-seen.ts';
import { useBrowser } from '../support/dashboard/open-page.ts';
import { SCENES } from '../support/dashboard/scenes.ts';

const { show } = useBrowser();

const search = (page: Page): string => new URL(page.url()).search;
const names = async (page: Page): Promise<readonly string[]> => page.locator('.row-link').allTextContents();
const found = async (page: Page, text: string): Promise<void> =>
  expectSeen(page.getByText(text, { exact: true }).first());

describe('the search', () => {
  test('finds by name, key, file and id, and is one step of the history however much is typed', async () => {
    const { page } = await show(SCENES.healthy);
    const box = page.getByRole('searchbox');
    await box.pressSequentially('company', { delay: 200 });
    await found(page, '3 connectors match');
    expect(search(page)).toBe('?q=company');
    await box.fill('registry.yaml');
    await found(page, '2 connectors match');
    await page.goBack();
    await found(page, '8 connectors');
    expect(search(page)).toBe('');
    await eventually(async () => box.inputValue()).toBe('');
    await page.goForward();
    await found(page, '2 connectors match');
    await eventually(async () => box.inputValue()).toBe('registry.yaml');
  });

  test('is reached by the key /, and says when nothing matches', async () => {
    const { page } = await show(SCENES.healthy);
    await expectSeen(page.getByText('8 connectors', { exact: true }));
    await page.keyboard.press('/');
    await page.keyboard.type('nothing of that name');
    await expectSeen(page.getByText('No connector matches.'));
    await page.getByRole('button', { name: 'Show all' }).click();
    await found(page, '8 connectors');
    expect(search(page)).toBe('');
  });
});

describe('the filter', () => {
  test('takes one state or several, in the address, and back undoes it', async () => {
    const { page } = await show(SCENES.failing);
    await page.getByRole('button', { name: 'Failing 1' }).click();
    await found(page, '1 connector matches');
    await page.getByRole('button', { name: 'Invalid 1' }).click();
    await found(page, '2 connectors match');
    expect(search(page)).toBe('?state=invalid,failing');
    expect(await page.getByRole('button', { name: 'Invalid 1' }).getAttribute('aria-pressed')).toBe('true');
    expect(await names(page)).toEqual(['Broken', 'CRM contact upsert']);
    await page.goBack();
    await found(page, '1 connector matches');
    expect(search(page)).toBe('?state=failing');
    await page.getByRole('button', { name: /^All/u }).click();
    await found(page, '10 connectors');
    expect(search(page)).toBe('');
  });

  test('is set by the verdict', async () => {
    const { page } = await show(SCENES.failing);
    await page.getByRole('link', { name: 'Show them' }).click();
    await found(page, '4 connectors match');
    expect(search(page)).toBe('?state=invalid,failing,blocked,drifted');
  });

  test('holds for who opens the address, together with a search', async () => {
    const { page } = await show(SCENES.failing, '?q=o&state=failing,in_sync');
    await found(page, '4 connectors match');
    await eventually(async () => page.getByRole('searchbox').inputValue()).toBe('o');
  });
});

describe('with 10,000 connectors', () => {
  test('the page stays small, and the daemon turns the pages', async () => {
    const { page, server } = await show(SCENES.tenThousand);
    await found(page, 'Page 1 of 100');
    expect(await names(page)).toHaveLength(100);
    expect(await page.evaluate('document.querySelectorAll("*").length')).toBeLessThan(6_000);
    await page.getByRole('button', { name: 'Next' }).click();
    await found(page, 'Page 2 of 100');
    expect(search(page)).toBe('?page=2');
    await found(page, '101 to 200 of 10,000');
    expect(await names(page)).toHaveLength(100);
    expect(server.asked).toContain('api/connectors?page=2&size=100');
    await page.goBack();
    await found(page, 'Page 1 of 100');
    expect(await page.getByRole('button', { name: 'Previous' }).isDisabled()).toBe(true);
  });

  test('search and filter ask the daemon, and begin at the first page', async () => {
    const { page, server } = await show(SCENES.tenThousand, '?page=7');
    await found(page, 'Page 7 of 100');
    await page.getByRole('searchbox').fill('connector-0123');
    await found(page, '10 connectors match');
    expect(search(page)).toBe('?q=connector-0123');
    expect(server.asked).toContain('api/connectors?q=connector-0123&page=1&size=100');
    await page.getByRole('button', { name: /^In sync/u }).click();
    await eventually(() => server.asked).toContain('api/connectors?q=connector-0123&state=in_sync&page=1&size=100');
  });

  test('a page that is no more gives way to the last one', async () => {
    const { page } = await show(SCENES.tenThousand, '?page=900');
    await found(page, 'Page 100 of 100');
    expect(search(page)).toBe('?page=100');
  });
});
