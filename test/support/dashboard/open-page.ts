/** The page in a real browser, with what the browser had to complain about. */

import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { dashboard } from '#dashboard';
import { launchBrowser } from './browser.ts';
import type { FixtureServer } from './fixture-server.ts';
import { startFixtureServer } from './fixture-server.ts';
import type { Scene } from './scene.ts';

export interface OpenedPage {
  readonly page: Page;
  /** Errors of the console, a breach of the content security policy among them, and of scripts. */
  readonly complaints: readonly string[];
  /** Requests that went elsewhere. */
  readonly strayed: readonly string[];
}

export interface OpenedFixture extends OpenedPage {
  readonly server: FixtureServer;
}

export interface OpenOptions extends BrowserContextOptions {
  /** True for a clock that `page.clock` can push on. */
  readonly hasClock?: boolean;
}

export interface Opener {
  /** Open any page of the daemon; it is closed when the test ends. */
  readonly open: (url: string, options?: OpenOptions) => Promise<OpenedPage>;
  /** Serve a scene and open the page, or what lies at `path` beside it. */
  readonly show: (
    scene: Scene,
    path?: string,
    options?: OpenOptions & { readonly prefix?: string },
  ) => Promise<OpenedFixture>;
}

/** One browser for all tests of a file. */
export function useBrowser(): Opener {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
  });

  const opener: Opener = {
    async open(url, { hasClock = false, ...options } = {}) {
      const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
      onTestFinished(async () => context.close());
      context.setDefaultTimeout(20_000);
      if (hasClock) await context.clock.install();
      const page = await context.newPage();
      const complaints: string[] = [];
      const strayed: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('request', (request) => {
        if (!request.url().startsWith('data:') && !request.url().startsWith(new URL(url).origin))
          strayed.push(request.url());
      });
      await page.goto(url);
      return { page, complaints, strayed };
    },
    async show(scene, path = '', { prefix = '/', ...options } = {}) {
      const server = await startFixtureServer(dashboard, scene, prefix);
      onTestFinished(async () => server.stop());
      const opened = await opener.open(server.url + path, options);
      await opened.page.getByText('Live', { exact: true }).waitFor();
      return { ...opened, server };
    },
  };
  return opener;
}
