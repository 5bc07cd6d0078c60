/** The API with manners: each attempt passes the queue, failures are retried as the policy says, and waits cost no slot. */

import { ApiError } from '../api/api-error.ts';
import type { Account, DatabarClient, RequestOptions } from '../api/databar-client.ts';
import type { Operation, RetrySettings, StopReason } from '../api/retry-policy.ts';
import { decideRetry } from '../api/retry-policy.ts';
import type { ConnectorConfig, LiveConnector } from '../model/connector.ts';
import type { EmitEvent } from '../model/event.ts';
import { createApiCondition } from './api-condition.ts';
import type { RateLimiter } from './rate-limit.ts';
import { NotStartedError } from './rate-limit.ts';

/** An operation was given up, at once or after its retries. `cause` is the last error. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
  override readonly cause: ApiError;
  readonly operation: Operation;
  readonly reason: StopReason;
  /** HTTP status of the last attempt; null when no answer came. */
  readonly status: number | null;
  /** Attempts that were made; 0 when it was given up before its turn came. */
  readonly attempts: number;

  constructor(operation: Operation, reason: StopReason, attempts: number, cause: ApiError) {
    super(`${cause.message} (${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}, ${reason})`, { cause });
    this.cause = cause;
    this.operation = operation;
    this.reason = reason;
    this.status = cause.status;
    this.attempts = attempts;
  }
}

/** One attempt that ended, for metrics. */
export interface RequestReport {
  readonly operation: Operation;
  /** HTTP status; any success counts as 200; null when no answer came. */
  readonly status: number | null;
  readonly durationMs: number;
  /** From 1. */
  readonly attempt: number;
}

export interface ThrottledClientOptions {
  readonly client: DatabarClient;
  readonly limiter: RateLimiter;
  readonly retry: RetrySettings;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Resolves after `ms` milliseconds, or at once when the signal aborts. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Told of `api.unauthorized`, `api.unreachable` and `api.recovered`. */
  readonly onEvent: EmitEvent;
  readonly onRequest: (report: RequestReport) => void;
}

/** Sends one attempt. */
type Request<T> = (options: Pick<RequestOptions, 'onLeaving'>) => Promise<T>;

/**
 * Each call rejects with a {@link StoppedError}, or a DryRunError from a read-only client. An aborted signal ends waits,
 * what has not been started, and a read under way; a write under way is left to finish, and its result counts.
 */
export interface ThrottledClient {
  readonly list: (signal?: AbortSignal) => Promise<readonly LiveConnector[]>;
  readonly create: (config: ConnectorConfig, options?: WriteOptions) => Promise<LiveConnector>;
  readonly get: (id: number, signal?: AbortSignal) => Promise<LiveConnector>;
  readonly update: (id: number, config: ConnectorConfig, options?: WriteOptions) => Promise<LiveConnector>;
  /** `gone` when there was no such connector, so that nothing is left to do either. */
  readonly delete: (id: number, options?: WriteOptions) => Promise<'deleted' | 'gone'>;
  readonly whoAmI: (signal?: AbortSignal) => Promise<Account>;
  /** Break off what is under way, and refuse what comes. A create that was under way rejects as `unsettled`. */
  readonly destroy: () => Promise<void>;
}

export interface WriteOptions {
  readonly signal?: AbortSignal | undefined;
  /** Awaited when its turn has come, before each attempt. When it rejects, nothing is sent and the call rejects with that. */
  readonly beforeSend?: () => Promise<void>;
}

export function createThrottledClient(options: ThrottledClientOptions): ThrottledClient {
  const { client, limiter, retry, random, now, sleep, onRequest } = options;
  const condition = createApiCondition(options.onEvent);
  /**
   * When as many attempts have failed in a row as two calls may make, the server is down: each call is then given up at
   * its first failure, until one succeeds. Otherwise an outage that meets a hundred writes would be asked five hundred times.
   */
  const hopelessAfter = 2 * retry.maxAttempts;
  let failedInARow = 0;

  const attemptOnce = async <T>(operation: Operation, attempt: number, request: () => Promise<T>): Promise<T> => {
    const startedAt = now();
    const report = (status: number | null): void =>
      onRequest({ operation, status, durationMs: now() - startedAt, attempt });
    try {
      const result = await request();
      report(200);
      return result;
    } catch (error) {
      if (error instanceof ApiError) report(error.status);
      throw error;
    }
  };

  const repeat = async <T>(operation: Operation, options: WriteOptions, request: Request<T>): Promise<T> => {
    const { signal, beforeSend } = options;
    let lastError: ApiError | null = null;
    for (let attempt = 1; ; attempt++) {
      const thisAttempt = attempt;
      try {
        return await limiter.run(async (onLeaving) => {
          if (beforeSend !== undefined) await beforeSend();
          return attemptOnce(operation, thisAttempt, async () => request({ onLeaving }));
        }, signal);
      } catch (error) {
        if (error instanceof NotStartedError) {
          throw new StoppedError(operation, 'aborted', attempt - 1, lastError ?? neverSent(operation, error));
        }
        if (!(error instanceof ApiError)) throw error;
        lastError = error;
        const decision = decideRetry({ error, operation, attempt, settings: retry, random, now: now() });
        if (decision.pauseMs !== null) limiter.pauseFor(decision.pauseMs, error.status ?? 0);
        if (decision.verdict === 'stop') throw new StoppedError(operation, decision.reason, attempt, error);
        // Who asks for a pause is there; the pause spares it.
        if (decision.pauseMs === null) failedInARow += 1;
        if (failedInARow > hopelessAfter) throw new StoppedError(operation, 'exhausted', attempt, error);
        await sleep(decision.delayMs, signal);
      }
    }
  };

  const call = async <T>(operation: Operation, options: WriteOptions | undefined, request: Request<T>): Promise<T> => {
    try {
      const result = await repeat(operation, options ?? {}, request);
      failedInARow = 0;
      condition.succeeded(operation);
      return result;
    } catch (error) {
      if (error instanceof StoppedError) condition.stopped(error);
      throw error;
    }
  };

  return {
    list: async (signal) => call('list', { signal }, async (leaving) => client.list({ ...leaving, signal })),
    create: async (config, options) => call('create', options, async (leaving) => client.create(config, leaving)),
    get: async (id, signal) => call('get', { signal }, async (leaving) => client.get(id, { ...leaving, signal })),
    update: async (id, config, options) =>
      call('update', options, async (leaving) => client.update(id, config, leaving)),
    delete: async (id, options) => {
      try {
        await call('delete', options, async (leaving) => client.delete(id, leaving));
        return 'deleted';
      } catch (error) {
        if (error instanceof StoppedError && error.reason === 'gone') return 'gone';
        throw error;
      }
    },
    whoAmI: async (signal) => call('me', { signal }, async (leaving) => client.whoAmI({ ...leaving, signal })),
    destroy: async () => client.destroy(),
  };
}

function neverSent(operation: Operation, cause: NotStartedError): ApiError {
  return new ApiError({
    kind: 'aborted',
    method: 'The request',
    path: `"${operation}"`,
    what: 'was given up before its turn came',
    sent: false,
    cause,
  });
}
