/** Every route: probes, metrics, status, the stream, the page, and the trigger. Nothing here changes state by GET. */

import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import type { DashboardFiles } from '../build/build-dashboard.ts';
import { answer, refuse, SAFE } from './answers.ts';
import type { EventStream } from './event-stream.ts';
import type { HealthLimits, Verdict } from './health.ts';
import { judgeLive, judgeReady, judgeStarted } from './health.ts';
import { isForeignHost } from './host-guard.ts';
import { pages } from './pages.ts';
import type { StatusSources } from './status-routes.ts';
import { statusRoutes } from './status-routes.ts';
import type { TriggerOptions } from './trigger-route.ts';
import { triggerRoute } from './trigger-route.ts';

export interface AppOptions extends StatusSources, TriggerOptions {
  /** The address that is listened on, without brackets. */
  readonly host: string;
  readonly limits: HealthLimits;
  /** In the text format of Prometheus. */
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>;
  readonly dashboard: DashboardFiles;
}

export function createApp(options: AppOptions, stream: EventStream): Hono<{ Bindings: HttpBindings }> {
  const { host, status, limits, metrics, now } = options;
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.use(async (context, next) => {
    if (!isForeignHost(host, context.req.header('host') ?? null)) return next();
    return refuse(
      421,
      'who listens on loopback answers to loopback names alone: send Host: localhost, or set http.listen',
    );
  });
  const probe = (judge: () => Verdict) => (): Response => {
    const { healthy, reason } = judge();
    return answer({ status: healthy ? 'ok' : 'failing', reason }, healthy ? 200 : 503);
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
  app.get('/metrics', async () => {
    const { contentType, text } = await metrics();
    return new Response(text, { headers: { ...SAFE, 'content-type': contentType } });
  });
  app.route('/', statusRoutes(options));
  app.get('/api/stream', ({ req, env }) => {
    if (req.method === 'HEAD') return new Response(null, { headers: { ...SAFE, 'content-type': 'text/event-stream' } });
    return stream.connect(env.outgoing) ? RESPONSE_ALREADY_SENT : refuse(503, 'too many clients listen already');
  });
  app.route('/', pages(options.dashboard));
  app.post('/api/sync', triggerRoute(options));

  app.notFound(() => refuse(404, 'no such page'));
  app.onError(() => refuse(500, 'internal error'));
  return app;
}
