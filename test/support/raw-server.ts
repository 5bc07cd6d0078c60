/** A server on bare sockets, so that a test decides about every byte of an answer, and about what is left out of it. */

import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';

export interface RawRequest {
  readonly method: string;
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Writes the answer. `index` counts the requests of the server from 0. */
export type RawHandler = (socket: Socket, request: RawRequest, index: number) => void;

export interface RawServer {
  readonly url: string;
  readonly port: number;
  /** Every complete request, in the order of arrival. */
  readonly requests: readonly RawRequest[];
  /** How many connections were opened so far. */
  readonly connections: () => number;
  /** Breaks off what is open. */
  readonly close: () => Promise<void>;
}

export async function startRawServer(handler: RawHandler): Promise<RawServer> {
  const requests: RawRequest[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    let received = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      for (let taken = takeRequest(received); taken !== null; taken = takeRequest(received)) {
        received = received.subarray(taken.length);
        requests.push(taken.request);
        handler(socket, taken.request, requests.length - 1);
      }
    });
  });
  const listening = Promise.withResolvers<undefined>();
  server.listen(0, '127.0.0.1', () => listening.resolve(undefined));
  await listening.promise;
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    connections: () => connections,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      const closed = Promise.withResolvers<undefined>();
      server.close(() => closed.resolve(undefined));
      await closed.promise;
    },
  };
}

/** A whole answer with a right Content-Length. What is not a string is sent as JSON. */
export function rawAnswer(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const lines = Object.entries({ 'content-length': String(Buffer.byteLength(text)), ...headers });
  return `HTTP/1.1 ${status} Status\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${text}`;
}

function takeRequest(bytes: Buffer): { readonly request: RawRequest; readonly length: number } | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const [method = '', path = ''] = first.split(' ');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const length = end + 4 + Number(headers['content-length'] ?? 0);
  if (bytes.length < length) return null;
  return { request: { method, path, headers, body: bytes.toString('utf8', end + 4, length) }, length };
}
