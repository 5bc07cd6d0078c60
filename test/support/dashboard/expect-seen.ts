/** What the page should come to show: waited for, as a person would. */

import type { Locator } from 'playwright-core';
import { expect } from 'vitest';

/** @throws Error when it is not seen within the page's patience */
export async function expectSeen(what: Locator): Promise<void> {
  await what.waitFor();
}

/** @throws Error when it is still there after the page's patience */
export async function expectGone(what: Locator): Promise<void> {
  await what.waitFor({ state: 'detached' });
}

/** An assertion about what is not on the page, or cannot be located: tried again until it holds, for as long. */
export function eventually<T>(read: () => T): ReturnType<typeof expect.poll<T>> {
  return expect.poll(read, { timeout: 20_000 });
}
