import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { ProxySettings } from '../../src/api/create-dispatcher.ts';
import type { DatabarClient } from '../../src/api/databar-client.ts';
import { createDatabarClient } from '../../src/api/databar-client.ts';
import { rawAnswer, startRawServer } from '../support/raw-server.ts';

const KEY = 'key-that-no-proxy-may-see';
const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

function connect(baseUrl: string, proxy: Partial<ProxySettings>): DatabarClient {
  const client = createDatabarClient({
    baseUrl,
    apiKey: () => KEY,
    timeoutMs: 2_000,
    readOnly: false,
    userAgent: 'databar-sync/test',
    proxy: { httpsProxy: null, httpProxy: null, noProxy: null, ...proxy },
  });
  cleanUps.push(client.destroy);
  return client;
}

/** A proxy that answers CONNECT with the given status and writes down all it receives. */
async function startTunnel(status: number): Promise<{ url: string; received: () => string }> {
  let received = '';
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      const isFirst = !received.includes('\r\n\r\n');
      received += chunk.toString('latin1');
      if (isFirst && received.includes('\r\n\r\n')) socket.write(`HTTP/1.1 ${status} Status\r\n\r\n`);
      // Whatever comes through the tunnel is the start of TLS: hang up.
      else if (!isFirst) socket.destroy();
    });
  });
  const listening = Promise.withResolvers<undefined>();
  server.listen(0, '127.0.0.1', () => listening.resolve(undefined));
  await listening.promise;
  cleanUps.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received: () => received };
}

describe('a proxy', () => {
  test('over https it is asked for a tunnel, and sees neither key nor path', async () => {
    const proxy = await startTunnel(200);
    const list = connect('https://databar.test', { httpsProxy: proxy.url }).list();
    await expect(list).rejects.toMatchObject({ kind: 'network', sent: false });
    expect(proxy.received()).toMatch(/^CONNECT databar\.test:443 HTTP\/1\.1\r\n/);
    // A TLS handshake (record type 22) is what follows.
    expect(proxy.received().split('\r\n\r\n')[1]?.charCodeAt(0)).toBe(22);
    expect(proxy.received()).not.toContain(KEY);
    expect(proxy.received()).not.toContain('/v1/');
  });

  test('that refuses the tunnel means that nothing was sent', async () => {
    const proxy = await startTunnel(407);
    const list = connect('https://databar.test', { httpsProxy: proxy.url }).list();
    await expect(list).rejects.toMatchObject({ name: 'ApiError', status: null, sent: false });
  });

  test('gets the credentials of its address', async () => {
    const proxy = await startTunnel(200);
    const withUser = proxy.url.replace('http://', 'http://user:p%40ss@');
    await expect(connect('https://databar.test', { httpsProxy: withUser }).list()).rejects.toThrow('failed');
    expect(proxy.received()).toContain(`proxy-authorization: Basic ${btoa('user:p@ss')}`);
  });

  test('over http it passes the whole request on; its address may lack the scheme', async () => {
    const proxy = await startRawServer((socket) => socket.write(rawAnswer(200, [])));
    cleanUps.push(proxy.close);
    expect(await connect('http://databar.test', { httpProxy: `127.0.0.1:${proxy.port}` }).list()).toEqual([]);
    expect(proxy.requests[0]).toMatchObject({ method: 'GET', path: 'http://databar.test/v1/connectors/' });
  });

  test.each([
    ['for the other scheme', { httpProxy: 'http://127.0.0.1:9' }],
    ['with an empty address', { httpsProxy: '' }],
    ['that NO_PROXY excludes', { httpsProxy: 'http://127.0.0.1:9', noProxy: 'example.com,.invalid' }],
  ])('%s is not used', async (_why, proxy) => {
    const error = connect('https://databar.invalid', proxy).list();
    await expect(error).rejects.toMatchObject({ kind: 'network', sent: false });
    await expect(error).rejects.not.toThrow('ECONNREFUSED');
  });

  test('is never used towards loopback', async () => {
    const server = await startRawServer((socket) => socket.write(rawAnswer(200, [])));
    cleanUps.push(server.close);
    expect(await connect(server.url, { httpProxy: 'http://127.0.0.1:9' }).list()).toEqual([]);
  });

  test('with an address that is no URL is refused without quoting it', () => {
    expect(() => connect('https://databar.test', { httpsProxy: 'http://user:secret@:x' })).toThrow(
      /^The proxy address in HTTPS_PROXY is not a URL$/,
    );
  });
});
