/** `databar-sync status` against a running daemon. */

import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { StatusReport } from '../../src/report/status-report.ts';
import type { Site } from '../support/site.ts';
import { openSite, yaml } from '../support/site.ts';

async function start(files: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const site = await openSite({ files });
  const daemon = site.start('--listen', '127.0.0.1:0', '--interval', '1h', ...args);
  const url = String((await daemon.until('daemon.started'))['listen']);
  await daemon.until('pass.completed');
  return { site, daemon, url };
}

const BAD = 'name: Bad\nmethod: fetch\nurl: https://api.example.com\n';

test('a healthy daemon is told with its connectors, and the command ends with 0', async () => {
  const { site, url } = await start({ 'a.yaml': yaml('A'), 'team/b.yaml': yaml('B') });
  const { code, stdout, stderr } = await site.run('status', '--url', `${url}/`);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(
    /^databar-sync \S+: waiting, upsert-only, drift heal\nlast pass .* ago took .*; API ok\n\nKEY/u,
  );
  expect(stdout).toMatch(/^team\/b {2}\d {3}B {5}in_sync {2}\d+s$/mu);
  expect(stdout).toMatch(/^healthy: /mu);
});

test('one that is not well is told with what is wrong, and the command ends with 1', async () => {
  const { site, url } = await start({ 'a.yaml': yaml('A'), 'bad.yaml': BAD });
  // Where it listens comes from the settings, as the daemon has them.
  site.environment['DATABAR_SYNC_LISTEN'] = new URL(url).host;
  const { code, stdout } = await site.run('status');
  expect(code).toBe(1);
  expect(stdout).toMatch(/^bad +- +Bad +invalid +\d+s +bad\.yaml:2 /mu);
  expect(stdout).toMatch(/^not healthy: 1 invalid$/mu);

  const filtered = await site.run('status', '--state', 'invalid,failing', '--output', 'json');
  const report = JSON.parse(filtered.stdout) as StatusReport;
  expect([filtered.code, report.healthy, report.reason]).toEqual([1, false, '1 invalid']);
  expect(report.connectors.map(({ key }) => key)).toEqual(['bad']);
  expect(report.status.connectors).toMatchObject({ invalid: 1, in_sync: 1 });
});

test('more connectors than a page has are all listed', async () => {
  const files = Object.fromEntries(Array.from({ length: 501 }, (_, at) => [`c${at}.yaml`, yaml(`C${at}`)]));
  const { site, url } = await start(files);
  const { stdout } = await site.run('status', '--url', url, '--output', 'json');
  expect(new Set((JSON.parse(stdout) as StatusReport).connectors.map(({ key }) => key)).size).toBe(501);
});

describe('when nobody answers as a daemon does', () => {
  const fail = async (site: Site, ...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await site.run('status', ...args);
    expect([code, stdout]).toEqual([1, '']);
    return stderr;
  };

  test('the message says where it was asked for, and what to do', async () => {
    const site = await openSite();
    expect(await fail(site, '--listen', '127.0.0.1:1')).toBe(
      'error: nobody answers at http://127.0.0.1:1 (ECONNREFUSED); is databar-sync running? ' +
        '--listen or --url say where to ask\n',
    );
    expect(await fail(site)).toContain('http.listen is off');
    expect(await fail(site, '--listen', '127.0.0.1:0')).toContain('--url says where to ask');
    expect(await fail(site, '--url', 'http://user:pass@127.0.0.1:1')).not.toContain('pass@');
    const json = await site.run('status', '--listen', '127.0.0.1:1', '--output', 'json');
    expect([json.code, JSON.parse(json.stdout)]).toEqual([
      1,
      { error: expect.stringContaining('nobody answers') as string },
    ]);
  });

  test('another program is told from a daemon', async () => {
    const server = createServer((_, response) => response.end('<h1>welcome</h1>')).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await fail(await openSite(), '--url', url)).toContain(`what answers at ${url} is no databar-sync`);
  });

  test('a state that does not exist is refused, with the nearest one', async () => {
    expect(await fail(await openSite(), '--listen', '127.0.0.1:1', '--state', 'drifed')).toBe(
      'error: --state: "drifed" is no state; did you mean drifted?\n',
    );
  });
});

test('--watch prints it again when something changes, says when the daemon is gone, and ends with a signal', async () => {
  const { site, daemon, url } = await start({ 'a.yaml': yaml('A') });
  const watcher = site.spawn('status', '--url', url, '--watch', '--output', 'json');
  let text = '';
  watcher.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const said = async (matches: (document: StatusReport & { error?: string }) => boolean): Promise<void> => {
    const documents = (): readonly (StatusReport & { error?: string })[] =>
      text
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as StatusReport & { error?: string });
    await expect.poll(() => documents().some(matches), { timeout: 15_000 }).toBe(true);
  };
  await said(({ healthy }) => healthy);
  site.write('bad.yaml', BAD);
  await said(({ reason }) => reason === '1 invalid');
  await daemon.stop();
  await said(({ error }) => error?.includes('nobody answers') === true);
  watcher.kill('SIGINT');
  const [code] = (await once(watcher, 'close')) as [number];
  expect(code).toBe(1);
});

test.each([
  ['was healthy', { 'a.yaml': yaml('A') }, 0],
  ['was not', { 'a.yaml': yaml('A'), 'bad.yaml': BAD }, 1],
])(
  '--watch ends quietly when its reader has gone, and its code says that the daemon %s',
  async (_, files, expected) => {
    const { site, url } = await start(files);
    const watcher = site.spawn('status', '--url', url, '--watch', '--output', 'json');
    const { stdout, stderr } = watcher;
    if (stdout === null || stderr === null) throw new Error('the command has no output');
    let complaints = '';
    stderr.setEncoding('utf8').on('data', (chunk: string) => {
      complaints += chunk;
    });
    await once(stdout, 'data');
    stdout.destroy();
    const closed = once(watcher, 'close') as Promise<[number | null]>;
    // Something to tell, to nobody.
    site.write('b.yaml', yaml('B'));
    const [code] = await closed;
    expect([code, complaints]).toEqual([expected, '']);
  },
);
