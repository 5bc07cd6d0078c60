/** The probes of the running program tell apart: it is stuck, the upstream fails, the files are bad. */

import { createHmac } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Daemon } from '../support/daemon.ts';
import type { Answer } from '../support/probe.ts';
import { probe, probeUntil } from '../support/probe.ts';
import type { Site } from '../support/site.ts';
import { openSite, yaml } from '../support/site.ts';

const WELL = { status: 200 };
const FAILING = { status: 503 };

/** Start a daemon that can be asked, and wait until it can. */
async function startListening(site: Site, ...args: readonly string[]): Promise<[Daemon, string]> {
  const daemon = site.start('--listen', '127.0.0.1:0', '--debounce', '20ms', ...args);
  const { listen } = await daemon.until('daemon.started');
  return [daemon, String(listen)];
}

const isWell = (answer: Answer | null): boolean => answer?.status === 200;
const isFailingWith =
  (reason: RegExp) =>
  (answer: Answer | null): boolean =>
    answer?.status === 503 && reason.test(answer.reason);

describe('probes', () => {
  test('before the first pass is done: alive, but neither started nor ready', async () => {
    const site = await openSite({ files: { 'a.yaml': yaml('A') } });
    site.sandbox.inject({ on: 'list', kind: 'hang', times: Number.POSITIVE_INFINITY });
    const [, url] = await startListening(site, '--timeout', '1s', '--retry-max-attempts', '10');
    expect(await probe(`${url}/healthz`)).toMatchObject(WELL);
    expect(await probe(`${url}/startupz`)).toEqual({ status: 503, reason: 'the first pass is not done yet' });
    expect(await probe(`${url}/readyz`)).toEqual({ status: 503, reason: 'no pass has succeeded yet' });
    site.sandbox.clearFaults();
    await probeUntil(`${url}/startupz`, isWell);
    expect(await probe(`${url}/readyz`)).toMatchObject(WELL);
  });

  test('when the API is down: alive and started, not ready, and the reason is the upstream; then well again', async () => {
    const site = await openSite({ files: { 'a.yaml': yaml('A') } });
    const fault = { on: 'list', kind: 'status', status: 500, times: Number.POSITIVE_INFINITY } as const;
    site.sandbox.inject(fault);
    const [daemon, url] = await startListening(site, '--interval', '100ms');
    await daemon.until('pass.completed');
    expect(await probe(`${url}/startupz`)).toMatchObject(WELL);
    expect(await probe(`${url}/readyz`)).toMatchObject({
      ...FAILING,
      reason: expect.stringMatching(/^upstream is failing/u) as string,
    });

    site.sandbox.clearFaults();
    await probeUntil(`${url}/readyz`, isWell);
    site.sandbox.inject(fault);
    await probeUntil(`${url}/readyz`, isFailingWith(/^last success \d+ s ago: upstream is failing/u));
    expect(await probe(`${url}/healthz`)).toMatchObject(WELL);
    expect(await probe(`${url}/startupz`)).toMatchObject(WELL);
    site.sandbox.clearFaults();
    await probeUntil(`${url}/readyz`, isWell);
  });

  test('when the key is refused: not ready, and the reason is the key', async () => {
    const site = await openSite({ files: { 'a.yaml': yaml('A') }, apiKey: 'another' });
    const [daemon, url] = await startListening(site, '--interval', '100ms');
    await daemon.until('pass.completed');
    expect(await probe(`${url}/readyz`)).toMatchObject({
      ...FAILING,
      reason: expect.stringMatching(/^not authorised/u) as string,
    });
    expect(await probe(`${url}/healthz`)).toMatchObject(WELL);
  });

  test('when one file is bad, or one connector fails: ready all the same, and the reason says so', async () => {
    const site = await openSite({ files: { 'a.yaml': yaml('A') } });
    const [daemon, url] = await startListening(site);
    await daemon.until('pass.completed');
    site.write('bad.yaml', 'name: Bad\n');
    await daemon.until('pass.completed', ({ invalid }) => invalid === 1);
    expect(await probe(`${url}/readyz`)).toEqual({ status: 200, reason: '1 definition is invalid' });
    expect(await probe(`${url}/healthz`)).toMatchObject(WELL);

    site.sandbox.inject({ on: 'create', kind: 'status', status: 422 });
    site.replace('bad.yaml', yaml('Refused'));
    await daemon.until('pass.completed', ({ failed }) => failed === 1);
    expect(await probe(`${url}/readyz`)).toEqual({ status: 200, reason: '1 connector is failing' });
  });

  test('when the source is gone: alive, not ready, and the reason is the source', async () => {
    const site = await openSite({ files: { 'a.yaml': yaml('A') } });
    const [daemon, url] = await startListening(site, '--interval', '100ms');
    await daemon.until('pass.completed');
    renameSync(join(site.directory, 'connectors'), join(site.directory, 'away'));
    await probeUntil(`${url}/readyz`, isFailingWith(/: source missing: /u));
    expect(await probe(`${url}/healthz`)).toMatchObject(WELL);
    renameSync(join(site.directory, 'away'), join(site.directory, 'connectors'));
    await probeUntil(`${url}/readyz`, isWell);
  });

  test('when the process stands still: no answer at all, which fails liveness; when it moves again, all is well', async () => {
    const site = await openSite({ files: { 'a.yaml': yaml('A') } });
    const [daemon, url] = await startListening(site, '--interval', '100ms');
    await daemon.until('pass.completed');
    daemon.signal('SIGSTOP');
    expect(await probe(`${url}/healthz`, 500)).toBeNull();
    daemon.signal('SIGCONT');
    await probeUntil(`${url}/healthz`, isWell);
    await probeUntil(`${url}/readyz`, isWell);
    site.replace('a.yaml', yaml('A', 'rate_limit: 2\n'));
    await daemon.until('connector.updated');
    expect(await daemon.stop()).toBe(0);
  });
});

describe('the trigger', () => {
  const BODY = '{"ref":"refs/heads/main"}';
  const sign = (token: string): string => `sha256=${createHmac('sha256', token).update(BODY).digest('hex')}`;
  const trigger = async (url: string, headers: Record<string, string>, body = BODY): Promise<number> => {
    const response = await fetch(`${url}/api/sync`, { method: 'POST', headers, body });
    await response.arrayBuffer();
    return response.status;
  };

  test('makes a pass at once for a bearer or a signature that is right, and for nothing else', async () => {
    const site = await openSite({ files: { 'a.yaml': yaml('A') } });
    const tokenFile = join(site.directory, 'token');
    writeFileSync(tokenFile, 'first-token\n');
    const [daemon, url] = await startListening(site, '--interval', '1h', '--trigger-token-file', tokenFile);
    await daemon.until('pass.completed');
    const healsAfter = async (headers: Record<string, string>): Promise<void> => {
      site.sandbox.edit(1, { method: 'post' });
      expect(await trigger(url, headers)).toBe(202);
      await daemon.until('drift.healed');
      await daemon.until('pass.completed');
    };
    await healsAfter({ authorization: 'Bearer first-token' });
    await healsAfter({ 'x-signature': sign('first-token') });

    const passes = daemon.said('pass.completed').length;
    expect(await trigger(url, {})).toBe(401);
    expect(await trigger(url, { authorization: 'Bearer other' })).toBe(401);
    expect(await trigger(url, { 'x-signature': sign('other') })).toBe(401);
    expect(await trigger(url, { 'x-signature': sign('first-token') }, `${BODY} `)).toBe(401);
    expect(await trigger(url, { authorization: 'Bearer first-token' }, 'x'.repeat(70_000))).toBe(413);
    expect((await fetch(`${url}/api/sync`)).status).toBe(404);

    writeFileSync(tokenFile, 'second-token\n');
    expect(await trigger(url, { authorization: 'Bearer first-token' })).toBe(401);
    await healsAfter({ authorization: 'Bearer second-token' });
    expect(daemon.said('pass.completed').length - passes).toBe(1);
    expect(JSON.stringify(daemon.lines)).not.toMatch(/first-token|second-token/u);
  });

  test('is off without a token', async () => {
    const site = await openSite({ files: { 'a.yaml': yaml('A') } });
    const [daemon, url] = await startListening(site, '--interval', '1h');
    await daemon.until('pass.completed');
    expect(await trigger(url, { authorization: 'Bearer ' })).toBe(404);
    expect(await trigger(url, { 'x-signature': sign('') })).toBe(404);
    expect(daemon.said('pass.completed')).toHaveLength(1);
  });
});
