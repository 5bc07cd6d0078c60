/** The API as commands reach it: one client behind one queue. */

import { createDatabarClient } from '../api/databar-client.ts';
import { sleep } from '../api/sleep.ts';
import { traceClient } from '../api/traced-client.ts';
import type { RateLimiter } from '../apply/rate-limit.ts';
import { createRateLimiter } from '../apply/rate-limit.ts';
import type { RequestReport, ThrottledClient } from '../apply/throttled-client.ts';
import { createThrottledClient } from '../apply/throttled-client.ts';
import type { Environment } from '../config/environment.ts';
import type { Settings } from '../config/settings.ts';
import type { EmitEvent } from '../model/event.ts';
import type { Tracing } from '../model/tracing.ts';
import type { SecretScrubber } from '../report/secret-scrubber.ts';
import { proxyOf } from './proxy-of.ts';
import { VERSION } from './version.ts';

export interface ClientOptions {
  readonly settings: Pick<Settings, 'api' | 'limits' | 'retry'>;
  readonly environment: Environment;
  /** Asked before each request; an empty key is never sent. */
  readonly apiKey: () => string;
  /** Told the API key, which must never be shown. */
  readonly onSecret: SecretScrubber['learn'];
  /** Send nothing but GET. */
  readonly readOnly: boolean;
  /** Null where no request is traced. */
  readonly tracing: Tracing | null;
  readonly emit: EmitEvent;
  readonly onRequest: (report: RequestReport) => void;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export interface ComposedClient {
  readonly client: ThrottledClient;
  readonly limiter: RateLimiter;
  /** Close the connections; nothing may be under way any more. */
  readonly close: () => Promise<void>;
}

export function composeClient(options: ClientOptions): ComposedClient {
  const { settings, environment, tracing, emit, random, now } = options;
  const { api, limits, retry } = settings;
  const limiter = createRateLimiter({
    rate: limits.rate,
    concurrency: limits.concurrency,
    onThrottled: (pauseMs, status) => emit({ event: 'api.throttled', pauseMs, status }),
  });
  const bareClient = createDatabarClient({
    baseUrl: api.baseUrl,
    apiKey: () => {
      const key = options.apiKey();
      options.onSecret(key, 'own');
      return key;
    },
    timeoutMs: api.timeout,
    readOnly: options.readOnly,
    maxConnections: limits.concurrency,
    userAgent: `databar-sync/${VERSION}`,
    proxy: proxyOf(environment),
  });
  const client = createThrottledClient({
    client: tracing === null ? bareClient : traceClient(bareClient, tracing),
    limiter,
    retry: { maxAttempts: retry.maxAttempts, baseDelayMs: retry.baseDelay, maxDelayMs: retry.maxDelay },
    random,
    now,
    sleep,
    onEvent: emit,
    onRequest: options.onRequest,
  });
  return {
    client,
    limiter,
    close: async () => {
      limiter.close();
      await bareClient.destroy();
    },
  };
}
