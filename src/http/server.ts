/** The daemon's HTTP face: where it listens, and what it bears. What it answers is in app.ts. */

import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { AppOptions } from './app.ts';
import { createApp } from './app.ts';
import type { StreamOptions } from './event-stream.ts';
import { createEventStream } from './event-stream.ts';

export interface HttpOptions extends AppOptions, StreamOptions {
  readonly port: number;
}

export interface HttpServer {
  /** Where it listens; the port is the real one when 0 was asked for. */
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

const MAX_CONNECTIONS = 256;

/** Listen. Rejects when the address is taken or may not be used. */
export async function startHttpServer(options: HttpOptions): Promise<HttpServer> {
  const stream = createEventStream(options);
  const server = createAdaptorServer({
    fetch: createApp(options, stream).fetch,
    overrideGlobalObjects: false,
    serverOptions: {
      headersTimeout: 5_000,
      requestTimeout: 10_000,
      maxHeaderSize: 16 * 1024,
      connectionsCheckingInterval: 1_000,
    },
  }) as Server;
  boundConnections(server);

  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // It stays: an accept that fails later, for want of file descriptors, concerns one client and must not end the daemon.
  server.on('error', reject);
  server.listen(options.port, options.host, resolve);
  await promise;

  const address = server.address();
  return {
    host: options.host,
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    async close() {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      stream.close();
      server.closeAllConnections();
      await closed.promise;
    },
  };
}

/** Of too many connections the oldest is cut, which is not the probe: so that slow clients never keep probes out. */
function boundConnections(server: Server): void {
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    const [oldest] = open;
    if (open.size > MAX_CONNECTIONS) oldest?.destroy();
  });
}
