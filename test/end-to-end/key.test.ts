/** A key that is refused: said once, no storm, nothing written, healed by itself, and never seen in any output. */

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { expect, test } from 'vitest';
import type { Daemon } from '../support/daemon.ts';
import { writesTo } from '../support/requests.ts';
import type { Short } from '../support/settle.ts';
import { settle } from '../support/settle.ts';
import type { Site } from '../support/site.ts';
import { openSite, yaml } from '../support/site.ts';
import { waitUntil } from '../support/wait-until.ts';

const GOOD = 'good-key-nobody-may-see';
const OTHER = 'other-key-nobody-may-see';
const FLAGS = ['--interval', '100ms', '--debounce', '10ms'];

async function passes(daemon: Daemon, count: number): Promise<void> {
  for (let pass = 0; pass < count; pass += 1) await daemon.until('pass.completed');
}

/** The trouble was told once, its end too, and no key anywhere. */
async function expectOneEpisode(daemon: Daemon): Promise<void> {
  expect(daemon.said('api.unauthorized')).toHaveLength(1);
  expect(daemon.said('api.recovered')).toHaveLength(1);
  expect(await daemon.stop()).toBe(0);
  const output = JSON.stringify(daemon.lines) + daemon.stderr();
  for (const key of [GOOD, OTHER]) expect(output).not.toContain(key);
}

function giveKeyFile(site: Site, key: string): string {
  const file = join(site.directory, 'key');
  writeFileSync(file, `${key}\n`);
  delete site.environment['DATABAR_API_KEY'];
  site.environment['DATABAR_API_KEY_FILE'] = file;
  return file;
}

test.concurrent(
  'a key that is wrong from the start costs one request a pass until it is right',
  async ({ onTestFinished: onOpened }) => {
    const site = await openSite({ onOpened, files: { 'a.yaml': yaml('A') }, apiKey: OTHER });
    site.environment['DATABAR_API_KEY'] = GOOD;
    const daemon = site.start(...FLAGS);
    await daemon.until('api.unauthorized', ({ status, level }) => status === 403 && level === 'error');
    await passes(daemon, 5);
    expect(writesTo(site.sandbox)).toEqual([]);
    expect(site.sandbox.requests.length).toBeLessThanOrEqual(daemon.said('pass.completed').length + 1);

    site.sandbox.setApiKey(GOOD);
    await settle(site.sandbox, daemon, [['A', null]]);
    await expectOneEpisode(daemon);
  },
);

test.concurrent(
  'a key that is revoked in the middle of a hundred creates ends them, and later they go on',
  async ({ onTestFinished: onOpened }) => {
    const names = Array.from({ length: 100 }, (_, index) => `C${String(index).padStart(3, '0')}`);
    const files = Object.fromEntries(names.map((name) => [`${name}.yaml`, yaml(name)]));
    const site = await openSite({ onOpened, files, apiKey: GOOD, latencyMs: 5 });
    site.environment['DATABAR_API_KEY'] = GOOD;
    const daemon = site.start(...FLAGS);
    await waitUntil(() => site.sandbox.connectors().length >= 40);
    site.sandbox.setApiKey(OTHER);
    const [made, from] = [site.sandbox.connectors().length, site.sandbox.requests.length];
    await daemon.until('api.unauthorized');
    await passes(daemon, 5);
    const asked = site.sandbox.requests.slice(from);
    // At most what was under way at once, and whatever came between the two lines above and the first refusal.
    expect(asked.filter(({ method }) => method !== 'GET').length).toBeLessThanOrEqual(12);
    expect(asked.length).toBeLessThanOrEqual(12 + daemon.said('pass.completed').length);
    expect(site.sandbox.connectors()).toHaveLength(made);

    site.sandbox.setApiKey(GOOD);
    await settle(
      site.sandbox,
      daemon,
      names.map((name): Short => [name, null]),
    );
    await expectOneEpisode(daemon);
  },
);

test.concurrent(
  'a key that is rotated on the server is taken up when its file has the new one',
  async ({ onTestFinished: onOpened }) => {
    const site = await openSite({ onOpened, files: { 'a.yaml': yaml('A') }, apiKey: GOOD });
    const file = giveKeyFile(site, GOOD);
    const daemon = site.start(...FLAGS);
    await settle(site.sandbox, daemon, [['A', null]]);

    site.sandbox.setApiKey(OTHER);
    await daemon.until('api.unauthorized');
    site.replace('a.yaml', yaml('A', 'rate_limit: 5\n'));
    await passes(daemon, 3);
    expect(writesTo(site.sandbox)).toHaveLength(1);

    writeFileSync(file, `${OTHER}\n`);
    await settle(site.sandbox, daemon, [['A', 5]]);
    await expectOneEpisode(daemon);
  },
);

test.concurrent(
  'a key file that is deleted stops every request until it is back',
  async ({ onTestFinished: onOpened }) => {
    const site = await openSite({ onOpened, files: { 'a.yaml': yaml('A') }, apiKey: GOOD });
    const file = giveKeyFile(site, GOOD);
    const daemon = site.start(...FLAGS);
    await settle(site.sandbox, daemon, [['A', null]]);

    rmSync(file);
    await daemon.until('api.unauthorized');
    const asked = site.sandbox.requests.length;
    site.replace('a.yaml', yaml('A', 'rate_limit: 5\n'));
    await passes(daemon, 5);
    expect(site.sandbox.requests).toHaveLength(asked);

    writeFileSync(file, GOOD);
    await settle(site.sandbox, daemon, [['A', 5]]);
    await expectOneEpisode(daemon);
  },
);

test.concurrent(
  'a key that may read and not write is tried once an interval, not once a second',
  async ({ onTestFinished: onOpened }) => {
    const names = Array.from({ length: 20 }, (_, index) => `C${String(index).padStart(2, '0')}`);
    const site = await openSite({
      onOpened,
      files: Object.fromEntries(names.map((name) => [`${name}.yaml`, yaml(name)])),
    });
    site.environment['DATABAR_API_KEY'] = GOOD;
    site.sandbox.inject({ on: 'create', kind: 'status', status: 403, times: Number.POSITIVE_INFINITY });
    const daemon = site.start('--interval', '10m', '--debounce', '10ms');
    const pass = await daemon.until('pass.completed');
    expect(pass['nextInMs']).toBeGreaterThanOrEqual(9 * 60_000);
    // Four are under way at once, and each may have let another one in before the first refusal was looked at.
    expect(writesTo(site.sandbox).length).toBeLessThanOrEqual(8);
    expect(daemon.said('connector.failed')).toEqual([]);

    site.sandbox.clearFaults();
    daemon.signal('SIGHUP');
    await daemon.until('pass.completed', ({ created }) => created === 20);
    await expectOneEpisode(daemon);
  },
);

test.concurrent.for(['list', 'text'] as const)(
  'a server that repeats the key in a 422 (%s) does not get it shown',
  async (shape, { onTestFinished: onOpened }: Pick<TestContext, 'onTestFinished'>) => {
    const site = await openSite({ onOpened, files: { 'a.yaml': yaml('A') } });
    site.environment['DATABAR_API_KEY'] = GOOD;
    site.sandbox.inject({ on: 'create', kind: 'echo-422', shape, times: 2 });
    for (const output of ['json', 'text']) {
      const { stdout, stderr, code } = await site.run('sync', '--output', output, '--log-level', 'debug');
      expect(code).toBe(1);
      expect(stdout + stderr).toContain('422');
      expect(stdout + stderr).not.toContain(GOOD);
    }
  },
);
