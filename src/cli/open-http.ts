/** The daemon's HTTP server, and what it shows. */

import { readTriggerToken } from '../config/read-trigger-token.ts';
import type { Settings } from '../config/settings.ts';
import type { HttpServer } from '../http/server.ts';
import { startHttpServer } from '../http/server.ts';
import { findConnectors } from '../report/find-connectors.ts';
import type { SecretScrubber } from '../report/secret-scrubber.ts';
import type { Pipeline } from './compose.ts';
import { detailInWallTime, eventInWallTime, rowInWallTime } from './in-wall-time.ts';
import type { Observation } from './observe.ts';
import { UsageError } from './usage-error.ts';

export interface HttpParts {
  readonly settings: Settings;
  readonly observation: Observation;
  readonly pipeline: Pick<Pipeline, 'store'>;
  /** Told the trigger token. */
  readonly scrubber: Pick<SecretScrubber, 'learn'>;
  /** Somebody asks for a pass; git-sync says which commit it has just delivered. */
  readonly onTrigger: (announced: string | null) => void;
}

const MAX_PASSES = 50;
const MAX_RECENT = 100;
const MAX_EVENTS_OF_ONE = 20;

/**
 * @returns null when the settings turn it off
 * @throws UsageError when the address cannot be listened on
 */
export async function openHttp(parts: HttpParts): Promise<HttpServer | null> {
  const { settings, observation, pipeline, scrubber, onTrigger } = parts;
  const { listen } = settings.http;
  if (listen === null) return null;
  const { connectors, events, metrics, changes, status } = observation;
  const { dashboard } = await import('#dashboard');
  try {
    return await startHttpServer({
      ...listen,
      limits: {
        intervalMs: settings.sync.interval,
        quietMs: Math.max(settings.api.timeout, settings.retry.maxDelay),
      },
      status,
      connectors: (search) => {
        const found = findConnectors(connectors.rows(), search);
        return { ...found, rows: found.rows.map(rowInWallTime) };
      },
      connector: (key) => {
        const found = connectors.detail(key);
        if (found === null) return null;
        return { ...detailInWallTime(found), events: events.about(key, MAX_EVENTS_OF_ONE).map(eventInWallTime) };
      },
      passes: () => ({ passes: pipeline.store.passes(MAX_PASSES) }),
      recent: () => ({ events: events.recent(MAX_RECENT).map(eventInWallTime) }),
      metrics: async () => metrics.expose(),
      changes,
      dashboard,
      triggerToken: () => {
        const reading = readTriggerToken(settings);
        if (reading.status !== 'ok') return null;
        scrubber.learn(reading.secret, 'own');
        return reading.secret;
      },
      onTrigger,
      now: Date.now,
    });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'an error';
    throw new UsageError(
      `cannot listen on ${listen.host}:${listen.port} (${code}); set http.listen to another address, or to off`,
    );
  }
}
