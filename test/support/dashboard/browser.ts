/** A real browser without a window, from npm alone. */

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';

/**
 * Another Chromium can be put to the test through `TEST_CHROMIUM`; machines for which the package has none need that.
 *
 * The package brings the shared libraries that a bare machine lacks (NSS among them). Without a sandbox, because that
 * needs rights that root does not use and containers do not give; all pages are our own.
 */
export async function launchBrowser(): Promise<Browser> {
  const own = process.env['TEST_CHROMIUM'];
  if (own !== undefined) return chromium.launch({ executablePath: own, args: ['--no-sandbox'] });
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('there is no packed Chromium for this machine: set TEST_CHROMIUM to the path of one');
  }
  const home = await unpack();
  return chromium.launch({
    executablePath: join(home, 'chromium'),
    args: ['--no-sandbox'],
    env: {
      HOME: home,
      PATH: process.env['PATH'],
      TMPDIR: process.env['TMPDIR'],
      LD_LIBRARY_PATH: join(home, 'al2023', 'lib'),
      FONTCONFIG_FILE: join(home, 'fonts.conf'),
    },
  });
}

/** Once for each version and user; two at a time do no harm, for the last step is one rename. */
async function unpack(): Promise<string> {
  const manifest = await readFile(new URL('../package.json', import.meta.resolve('@sparticuz/chromium')), 'utf8');
  const { version } = JSON.parse(manifest) as { readonly version: string };
  const home = join(tmpdir(), `databar-sync-chromium-${version}-${process.getuid?.() ?? 0}`);
  if (existsSync(home)) return home;
  const fresh = await mkdtemp(`${home}-`);
  const script = fileURLToPath(new URL('unpack-chromium.ts', import.meta.url));
  await promisify(execFile)(process.execPath, [script], { env: { ...process.env, TMPDIR: fresh } });
  await writeFile(join(fresh, 'fonts.conf'), fontConfiguration(home));
  try {
    await rename(fresh, home);
  } catch (error) {
    if (!existsSync(home)) throw error;
    await rm(fresh, { recursive: true });
  }
  return home;
}

/** The package's own one knows the paths of AWS Lambda only, and without any font Chromium crashes at the first input field. */
function fontConfiguration(home: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${home}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${home}/fonts-cache</cachedir>
</fontconfig>
`;
}
