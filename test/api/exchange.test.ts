import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { config, connector, errorOf, useApi } from '../support/api-fixture.ts';
import { rawAnswer } from '../support/raw-server.ts';

const { serve, connect, answering, cleanUp } = useApi();

describe('connections that fail', () => {
  test('a refused connection means that nothing was sent', async () => {
    const server = await serve(() => undefined);
    await server.close();
    const error = await errorOf(connect(server.url).create(config));
    expect(error).toMatchObject({ kind: 'network', sent: false, status: null });
    expect(error.message).toBe('POST /v1/connectors/ failed: ECONNREFUSED');
    expect(error.cause).toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('a host that has no address means that nothing was sent', async () => {
    const error = await errorOf(connect('http://nowhere.invalid').create(config));
    expect(error).toMatchObject({ kind: 'network', sent: false });
  });

  test('a failed TLS handshake means that nothing was sent', async () => {
    const closing = createServer((socket) => socket.once('data', () => socket.end('no TLS here')));
    closing.listen(0, '127.0.0.1');
    await once(closing, 'listening');
    cleanUp(async () => {
      closing.close();
      await once(closing, 'close');
    });
    const { port } = closing.address() as AddressInfo;
    const error = await errorOf(connect(`https://127.0.0.1:${port}`).create(config));
    expect(error).toMatchObject({ kind: 'network', sent: false });
  });

  test('a reset after the request may or may not have taken effect', async () => {
    const server = await serve((socket) => socket.resetAndDestroy());
    const error = await errorOf(connect(server.url).create(config));
    expect(error).toMatchObject({ kind: 'network', sent: true, status: null });
    expect(server.requests).toHaveLength(1);
  });

  test('a connection that closes without an answer may or may not have taken effect', async () => {
    const server = await serve((socket) => socket.end());
    expect(await errorOf(connect(server.url).create(config))).toMatchObject({ kind: 'network', sent: true });
  });

  test('an answer shorter than it said is a network error', async () => {
    const server = await serve((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n[]'));
    expect(await errorOf(connect(server.url).list())).toMatchObject({ kind: 'network', sent: true, status: null });
  });

  test('what is not HTTP is a network error', async () => {
    const client = await answering('SSH-2.0-OpenSSH_9.9\r\n');
    expect(await errorOf(client.list())).toMatchObject({ kind: 'network', sent: true });
  });

  test('a connection that the server closed while it was idle is not used again', async () => {
    let closed = Promise.withResolvers<undefined>();
    const server = await serve((socket) => {
      socket.on('close', () => closed.resolve(undefined));
      socket.end(rawAnswer(200, []));
    });
    const client = connect(server.url);
    for (let round = 1; round <= 20; round++) {
      closed = Promise.withResolvers<undefined>();
      expect(await client.list()).toEqual([]);
      await closed.promise;
      expect(server.connections()).toBe(round);
    }
  });

  test('"connection: close" in the answer is obeyed', async () => {
    const client = await answering(rawAnswer(200, [], { connection: 'close' }));
    for (let round = 0; round < 20; round++) expect(await client.list()).toEqual([]);
  });
});

describe('deadlines and bounds', () => {
  test('a server that never answers is given up after the timeout', async () => {
    const server = await serve(() => undefined);
    const error = await errorOf(connect(server.url, { timeoutMs: 500 }).create(config));
    expect(error).toMatchObject({ kind: 'timeout', sent: true, status: null });
    expect(error.message).toBe('POST /v1/connectors/ was not answered in full within 500 ms');
  });

  test('an answer that drips is given up after the timeout, although something always arrives', async () => {
    const server = await serve((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n[');
      const drip = setInterval(() => socket.write(' '), 10);
      socket.on('close', () => clearInterval(drip));
    });
    expect(await errorOf(connect(server.url, { timeoutMs: 500 }).list())).toMatchObject({
      kind: 'timeout',
      sent: true,
    });
  });

  test('a timeout beyond what a timer can hold does not fire at once', async () => {
    const server = await serve((socket) => setTimeout(() => socket.write(rawAnswer(200, [])), 50));
    expect(await connect(server.url, { timeoutMs: 2 ** 40 }).list()).toEqual([]);
  });

  test('an answer that announces more than the bound is refused unread', async () => {
    const client = await answering('HTTP/1.1 200 OK\r\ncontent-length: 104857600\r\n\r\n[');
    expect(await errorOf(client.list())).toMatchObject({ kind: 'too_large', status: 200, sent: true });
  });

  test('of an answer of 100 MB without a length, no more than a little over the bound is taken', async () => {
    const total = 100 * 1024 * 1024;
    const piece = Buffer.alloc(64 * 1024, ' ');
    let written = 0;
    const server = await serve((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n[');
      const pump = (): void => {
        while (written < total && !socket.destroyed) {
          written += piece.length;
          if (!socket.write(piece)) return;
        }
      };
      socket.on('drain', pump);
      pump();
    });
    const error = await errorOf(connect(server.url, { maxAnswerBytes: 1024 * 1024 }).list());
    expect(error).toMatchObject({ kind: 'too_large', sent: true });
    // What the kernel's buffers on both sides hold besides.
    expect(written).toBeLessThan(32 * 1024 * 1024);
  });

  test('an answer of exactly the bound is taken', async () => {
    const body = `[${' '.repeat(998)}]`;
    expect(await (await answering(rawAnswer(200, body), { maxAnswerBytes: 1000 })).list()).toEqual([]);
    const tooLong = await answering(rawAnswer(200, ` ${body}`), { maxAnswerBytes: 1000 });
    expect(await errorOf(tooLong.list())).toMatchObject({ kind: 'too_large' });
  });

  test('a flood of headers is refused', async () => {
    const flood = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`x-${index}`, 'flood']));
    const client = await answering(rawAnswer(200, [], flood));
    expect(await errorOf(client.list())).toMatchObject({ kind: 'too_large', sent: true });
  });

  test('the client works on after each of these', async () => {
    let fail = true;
    const server = await serve((socket) => {
      if (!fail) socket.write(rawAnswer(200, []));
    });
    const client = connect(server.url, { timeoutMs: 1_000, maxConnections: 1 });
    await errorOf(client.list());
    fail = false;
    expect(await client.list()).toEqual([]);
  });
});

describe('giving up', () => {
  test('a signal that has aborted before means that nothing is sent', async () => {
    const server = await serve((socket) => socket.write(rawAnswer(200, [])));
    const error = await errorOf(connect(server.url).list({ signal: AbortSignal.abort('enough') }));
    expect(error).toMatchObject({ kind: 'aborted', sent: false, cause: 'enough' });
    expect(server.connections()).toBe(0);
  });

  test('a signal breaks off a request under way, and the connection with it', async () => {
    const controller = new AbortController();
    const closed = Promise.withResolvers<undefined>();
    const server = await serve((socket) => {
      socket.on('close', () => closed.resolve(undefined));
      controller.abort();
    });
    const error = await errorOf(connect(server.url).create(config, { signal: controller.signal }));
    expect(error).toMatchObject({ kind: 'aborted', sent: true });
    await closed.promise;
  });

  test('a request given up while the connection is made is never written', async () => {
    const server = await serve((socket) => socket.write(rawAnswer(200, connector)));
    const controller = new AbortController();
    const client = connect(server.url);
    const call = errorOf(client.create(config, { signal: controller.signal }));
    controller.abort();
    expect(await call).toMatchObject({ kind: 'aborted', sent: false });
    await client.close();
    expect(server.requests).toHaveLength(0);
  });

  test('destroy breaks off what is under way and refuses what comes', async () => {
    const arrived = Promise.withResolvers<undefined>();
    const server = await serve(() => arrived.resolve(undefined));
    const client = connect(server.url);
    const call = errorOf(client.create(config));
    await arrived.promise;
    await client.destroy();
    expect(await call).toMatchObject({ kind: 'aborted', sent: true });
    expect(await errorOf(client.list())).toMatchObject({ kind: 'aborted', sent: false });
  });

  test('close lets what is under way finish', async () => {
    const arrived = Promise.withResolvers<() => void>();
    const server = await serve((socket) => arrived.resolve(() => socket.write(rawAnswer(200, []))));
    const client = connect(server.url);
    const call = client.list();
    const answer = await arrived.promise;
    const closed = client.close();
    answer();
    expect(await call).toEqual([]);
    await closed;
  });
});
