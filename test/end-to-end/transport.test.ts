/** The way of the key to the server: encrypted, verified, through the proxy that was named, and nowhere else. */

import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Authority, KeyPair } from '../support/certificates.ts';
import { createAuthority } from '../support/certificates.ts';
import type { Ended, Site } from '../support/site.ts';
import { openSite, yaml } from '../support/site.ts';
import { startTlsFront, startTunnelProxy } from '../support/tls-front.ts';

const authority = createAuthority();
const KEY = 'key-that-must-not-stray';

/** A site whose server is reached by https, on the returned port, with the given certificate. */
async function openTlsSite(pair: KeyPair, trusted: Authority | null = authority): Promise<Site & { port: number }> {
  const site = await openSite({ files: { 'a.yaml': yaml('A') }, apiKey: KEY });
  const port = await startTlsFront(pair, Number(new URL(site.sandbox.url).port));
  Object.assign(site.environment, {
    DATABAR_API_KEY: KEY,
    DATABAR_BASE_URL: `https://localhost:${port}`,
    DATABAR_SYNC_RETRY_MAX_ATTEMPTS: '1',
  });
  if (trusted !== null) {
    const file = join(site.directory, 'authority.pem');
    writeFileSync(file, trusted.cert);
    site.environment['NODE_EXTRA_CA_CERTS'] = file;
  }
  return { ...site, port };
}

const created = (site: Site): number => site.sandbox.connectors().length;
const said = ({ stdout, stderr }: Ended): string => stdout + stderr;

describe('a certificate', () => {
  test('of a private authority is accepted when NODE_EXTRA_CA_CERTS names the authority', async () => {
    const site = await openTlsSite(authority.issue(['localhost']));
    expect(await site.run('sync')).toMatchObject({ code: 0 });
    expect(created(site)).toBe(1);
  });

  test.each<[string, () => KeyPair, Authority | null, string]>([
    ['of an unknown authority', () => authority.issue(['localhost']), null, 'NODE_EXTRA_CA_CERTS can name a file'],
    [
      'of another authority',
      () => authority.issue(['localhost']),
      createAuthority(),
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    ],
    ['for another name', () => authority.issue(['elsewhere.test']), authority, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    [
      'that has run out',
      () => authority.issue(['localhost'], { from: new Date(0), until: new Date(1_000_000_000_000) }),
      authority,
      'CERT_HAS_EXPIRED',
    ],
  ])('%s ends the connection before the key is sent, and says why', async (_, issue, trusted, code) => {
    const site = await openTlsSite(issue(), trusted);
    const result = await site.run('sync');
    expect(result.code).toBe(1);
    expect(said(result)).toContain(code);
    expect(said(result)).not.toContain(KEY);
    expect(site.sandbox.requests).toEqual([]);
  });

  test('is verified also where Node was told not to', async () => {
    const site = await openTlsSite(authority.issue(['localhost']), null);
    site.environment['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    expect(await site.run('sync')).toMatchObject({ code: 1 });
    expect(site.sandbox.requests).toEqual([]);
  });
});

describe('a proxy', () => {
  /** The name `databar.test` is known to the proxy alone. */
  async function openProxiedSite(pair = authority.issue(['databar.test'])): Promise<{
    site: Site;
    proxy: Awaited<ReturnType<typeof startTunnelProxy>>;
  }> {
    const site = await openTlsSite(pair);
    const proxy = await startTunnelProxy({ 'databar.test:443': site.port });
    Object.assign(site.environment, { DATABAR_BASE_URL: 'https://databar.test', HTTPS_PROXY: proxy.url });
    return { site, proxy };
  }

  test('in HTTPS_PROXY is asked for a tunnel, through which the server is verified', async () => {
    const { site, proxy } = await openProxiedSite();
    expect(await site.run('sync')).toMatchObject({ code: 0 });
    expect(created(site)).toBe(1);
    expect(new Set(proxy.tunnels)).toEqual(new Set(['databar.test:443']));
    expect(proxy.forwarded).toEqual([]);
  });

  test('that leads to another server gets nothing', async () => {
    const { site, proxy } = await openProxiedSite(authority.issue(['elsewhere.test']));
    site.environment['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    const result = await site.run('sync');
    expect(result.code).toBe(1);
    expect(proxy.tunnels.length).toBeGreaterThan(0);
    expect(site.sandbox.requests).toEqual([]);
  });

  test('is not used for a name in NO_PROXY', async () => {
    const { site, proxy } = await openProxiedSite();
    site.environment['NO_PROXY'] = '.example, databar.test';
    expect(await site.run('sync')).toMatchObject({ code: 1 });
    expect(proxy.tunnels).toEqual([]);
  });

  test('is not used towards loopback', async () => {
    const { site, proxy } = await openProxiedSite();
    Object.assign(site.environment, { DATABAR_BASE_URL: site.sandbox.url, HTTP_PROXY: proxy.url });
    expect(await site.run('sync')).toMatchObject({ code: 0 });
    expect([proxy.tunnels, proxy.forwarded]).toEqual([[], []]);
  });

  test('with a password is not quoted when it cannot be reached', async () => {
    const { site } = await openProxiedSite();
    site.environment['HTTPS_PROXY'] = 'http://user:proxypassword@127.0.0.1:9';
    const result = await site.run('sync', '--log-level', 'debug');
    expect(result.code).toBe(1);
    expect(said(result)).not.toContain('proxypassword');
  });
});

describe('a redirect', () => {
  test.each([301, 302, 303, 307, 308])('by %i is not followed, and the other place gets nothing', async (status) => {
    const asked: string[] = [];
    const elsewhere = createServer((request, answer) => {
      asked.push(request.url ?? '');
      answer.end('[]');
    });
    const server = createServer((_, answer) => {
      const { port } = elsewhere.address() as AddressInfo;
      answer.writeHead(status, { location: `http://127.0.0.1:${port}/v1/connectors/` }).end();
    });
    onTestFinished(() => {
      elsewhere.close();
      server.close();
    });
    await Promise.all([elsewhere, server].map(async (each) => once(each.listen(0, '127.0.0.1'), 'listening')));
    const site = await openSite({ files: { 'a.yaml': yaml('A') } });
    site.environment['DATABAR_BASE_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const result = await site.run('sync');
    expect(result.code).toBe(1);
    expect(said(result)).toContain(String(status));
    expect(asked).toEqual([]);
  });
});

describe('plain http', () => {
  test('is refused at the start, for a server that is not on this machine', async () => {
    const site = await openSite({ files: { 'a.yaml': yaml('A') } });
    const proxy = await startTunnelProxy({});
    Object.assign(site.environment, { DATABAR_BASE_URL: 'http://databar.test', HTTP_PROXY: proxy.url });
    const result = await site.run('sync');
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('--allow-http');
    expect(proxy.forwarded).toEqual([]);
  });

  test('is used where it was allowed', async () => {
    const site = await openSite({ files: { 'a.yaml': yaml('A') } });
    const proxy = await startTunnelProxy({});
    Object.assign(site.environment, { DATABAR_BASE_URL: 'http://databar.test', HTTP_PROXY: proxy.url });
    await site.run('sync', '--allow-http');
    expect(proxy.forwarded[0]).toBe('GET http://databar.test/v1/connectors/');
  });
});
