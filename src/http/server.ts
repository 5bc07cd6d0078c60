/** The daemon's HTTP face: probes, status, and the trigger. Nothing here changes state by GET. */

import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import type { Status } from '../report/status.ts';
import type { HealthLimits, Verdict } from './health.ts';
import { judgeLive, judgeReady, judgeStarted } from './health.ts';
import { isForeignHost } from './host-guard.ts';
import { createTriggerGuard } from './trigger-token.ts';

export interface HttpOptions {
  readonly host: string;
  readonly port: number;
  readonly limits: HealthLimits;
  readonly status: () => Status;
  /** Read at each request, so that the token can be rotated; null turns the trigger off. */
  readonly triggerToken: () => string | null;
  readonly onTrigger: () => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export interface HttpServer {
  /** Where it listens; the port is the real one when 0 was asked for. */
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

/** A webhook's body is a few kilobytes at most. */
const MAX_BODY_BYTES = 64 * 1024;
const MAX_CONNECTIONS = 256;

/** Listen. Rejects when the address is taken or may not be used. */
export async function startHttpServer(options: HttpOptions): Promise<HttpServer> {
  const server = createAdaptorServer({
    fetch: createApp(options).fetch,
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

function createApp({ host, status, limits, now, triggerToken, onTrigger }: HttpOptions): Hono {
  const app = new Hono();
  const judgeTrigger = createTriggerGuard(now);
  app.use(async (context, next) => {
    if (!isForeignHost(host, context.req.header('host') ?? null)) return next();
    return refuse(421, 'this address is not served under that name');
  });
  const probe = (judge: () => Verdict) => (): Response => {
    const { healthy, reason } = judge();
    return Response.json(
      { status: healthy ? 'ok' : 'failing', reason },
      { status: healthy ? 200 : 503, headers: SAFE },
    );
  };

  app.get(
    '/healthz',
    probe(() => judgeLive(status(), limits, now())),
  );
  app.get(
    '/readyz',
    probe(() => judgeReady(status(), limits, now())),
  );
  app.get(
    '/startupz',
    probe(() => judgeStarted(status())),
  );
  app.get('/api/status', () => Response.json(status(), { headers: SAFE }));

  app.post('/api/sync', async (context) => {
    const token = triggerToken();
    if (token === null) return refuse(404, 'the trigger is off: set http.triggerToken to use it');
    const body = await readBounded(context.req.raw.body, MAX_BODY_BYTES);
    if (body === null) return refuse(413, `the body is larger than ${MAX_BODY_BYTES} bytes`);
    const {
      authorization = null,
      'x-signature': signature = null,
      'x-timestamp': timestamp = null,
    } = context.req.header();
    const verdict = judgeTrigger({ token, authorization, signature, timestamp, body });
    if (!verdict.authorised) return refuse(401, verdict.reason);
    onTrigger();
    return Response.json({ status: 'accepted' }, { status: 202, headers: SAFE });
  });

  app.notFound(() => refuse(404, 'no such page'));
  app.onError(() => refuse(500, 'internal error'));
  return app;
}

const SAFE = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
} as const;

function refuse(status: number, reason: string): Response {
  return Response.json({ status: 'refused', reason }, { status, headers: SAFE });
}

async function readBounded(stream: ReadableStream<Uint8Array> | null, limit: number): Promise<Buffer | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream ?? []) {
    size += chunk.byteLength;
    if (size > limit) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
