/** TLS in front of a server that speaks plain HTTP, and a proxy that opens tunnels: both on loopback. */

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Server as NetServer, Socket } from 'node:net';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer } from 'node:tls';
import { onTestFinished } from 'vitest';
import type { KeyPair } from './certificates.ts';

/** @returns the port on which it terminates TLS; it is closed when the test ends */
export async function startTlsFront(pair: KeyPair, targetPort: number): Promise<number> {
  const server = createTlsServer(pair, (socket) => join(socket, connect(targetPort, '127.0.0.1')));
  // A client that does not trust us breaks the handshake off.
  server.on('tlsClientError', () => undefined);
  return listen(server);
}

export interface TunnelProxy {
  readonly url: string;
  /** `host:port` of every tunnel that was asked for. */
  readonly tunnels: readonly string[];
  /** Request lines that were not CONNECT. */
  readonly forwarded: readonly string[];
}

/** @param ports the local port behind each `host:port`; this is how names that nobody else knows are resolved */
export async function startTunnelProxy(ports: Readonly<Record<string, number>>): Promise<TunnelProxy> {
  const tunnels: string[] = [];
  const forwarded: string[] = [];
  const server = createServer((request, answer) => {
    forwarded.push(`${request.method ?? ''} ${request.url ?? ''}`);
    const url = new URL(request.url ?? '');
    const port = ports[`${url.hostname}:${url.port === '' ? '80' : url.port}`] ?? 0;
    answer.writeHead(307, { location: `http://127.0.0.1:${port}${url.pathname}` }).end();
  });
  server.on('connect', (request, client: Duplex) => {
    const target = request.url ?? '';
    tunnels.push(target);
    const port = ports[target];
    if (port === undefined) {
      client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      return;
    }
    client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    join(client, connect(port, '127.0.0.1'));
  });
  const port = await listen(server);
  return { url: `http://127.0.0.1:${port}`, tunnels, forwarded };
}

function join(one: Duplex, other: Duplex): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
    from.pipe(to);
  }
}

async function listen(server: NetServer): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}
