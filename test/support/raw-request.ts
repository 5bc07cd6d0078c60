/** HTTP as it should not be spoken: bytes that no client library would send. */

import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { onTestFinished } from 'vitest';

/** Connect to a local port; the connection is gone when the test ends. Errors of it are of no interest. */
export async function openRawSocket(port: number, said = ''): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  socket.write(said);
  return socket;
}

/** Resolves when the connection has ended, however. */
export async function ended(socket: Socket): Promise<void> {
  if (socket.closed) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.once('close', () => resolve());
  await promise;
}

/** Send bytes, and give all that comes back until the other side ends the connection. */
export async function sendRaw(port: number, request: string | Buffer): Promise<string> {
  const socket = await openRawSocket(port);
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk.toString('latin1');
  });
  socket.write(request);
  await ended(socket);
  return answer;
}

/** A request that asks for the end of its connection. */
export function rawRequest(line: string, headers: readonly string[] = ['Host: localhost'], body = ''): string {
  return `${[line, ...headers, 'Connection: close'].join('\r\n')}\r\n\r\n${body}`;
}
