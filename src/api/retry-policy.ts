/**
 * The one place that says retry or stop.
 *
 * | error                                    | list, get, me, update, delete | create                        |
 * |------------------------------------------|-------------------------------|-------------------------------|
 * | nothing was sent (refused, DNS, TLS)     | retry                         | retry                         |
 * | network, timeout, unreadable answer      | retry                         | stop: unsettled               |
 * | answer too large                         | stop: exhausted               | stop: unsettled               |
 * | 425, 429                                 | retry                         | retry                         |
 * | 408, 500, 502, 503, 504                  | retry                         | stop: unsettled               |
 * | other 5xx                                | stop: exhausted               | stop: unsettled               |
 * | 401, 403, unusable key                   | stop: unauthorized            | stop: unauthorized            |
 * | 404                                      | gone; list, me: permanent     | stop: permanent               |
 * | 3xx                                      | stop: exhausted               | stop: exhausted               |
 * | other 4xx                                | stop: permanent               | stop: permanent               |
 * | given up on our side                     | stop: aborted                 | aborted; unsettled when sent  |
 *
 * Unsettled means that the server may have created it: only the live list can tell, never a second POST.
 */

import type { ApiError } from './api-error.ts';
import { parseRetryAfter } from './retry-after.ts';

const RETRYABLE_STATUSES: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);
/** Answers that say the request was turned away before it was worked on. */
const REFUSED_UNSEEN_STATUSES: ReadonlySet<number> = new Set([425, 429]);
const UNAUTHORIZED_STATUSES: ReadonlySet<number> = new Set([401, 403]);
/** Operations on one connector, where a 404 says that it is gone. */
const OPERATIONS_ON_ONE: ReadonlySet<Operation> = new Set(['get', 'update', 'delete']);

export type Operation = 'list' | 'create' | 'get' | 'update' | 'delete' | 'me';

export interface RetrySettings {
  /** Attempts in all, the first included. */
  readonly maxAttempts: number;
  /** Upper end of the first wait, in milliseconds; it doubles with each attempt. */
  readonly baseDelayMs: number;
  /** The most that the upper end grows to. `Retry-After` may ask for more, and gets it. */
  readonly maxDelayMs: number;
}

/**
 * - `permanent`: the same request will be refused again
 * - `exhausted`: no more attempts now; later it may work
 * - `unauthorized`: the key is missing, wrong or not allowed
 * - `gone`: there is no such connector
 * - `unsettled`: a create that may or may not have happened
 * - `aborted`: given up on our side
 */
export type StopReason = 'permanent' | 'exhausted' | 'unauthorized' | 'gone' | 'unsettled' | 'aborted';

/** `pauseMs`: how long nobody should send anything; null when that was not asked for. All times in milliseconds. */
export type RetryDecision =
  | { readonly verdict: 'retry'; readonly delayMs: number; readonly pauseMs: number | null }
  | { readonly verdict: 'stop'; readonly reason: StopReason; readonly pauseMs: number | null };

export interface FailedAttempt {
  readonly error: ApiError;
  readonly operation: Operation;
  /** How many attempts were made, this one included. */
  readonly attempt: number;
  readonly settings: RetrySettings;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Decide what follows a failed attempt. Pure, but for `random`. */
export function decideRetry(failed: FailedAttempt): RetryDecision {
  const { error, attempt, settings } = failed;
  const backOffMs = fullJitter(failed);
  const retryAfterMs = error.kind === 'http' ? parseRetryAfter(error.retryAfter, failed.now) : null;
  const pauseMs = pauseOf(error, retryAfterMs, backOffMs);
  const reason = reasonToStop(failed) ?? (attempt >= settings.maxAttempts ? 'exhausted' : null);
  if (reason !== null) return { verdict: 'stop', reason, pauseMs };
  return { verdict: 'retry', delayMs: Math.max(backOffMs, retryAfterMs ?? 0), pauseMs };
}

function reasonToStop(failed: FailedAttempt): StopReason | null {
  const { error, operation } = failed;
  switch (error.kind) {
    case 'unusable_key':
      return 'unauthorized';
    case 'aborted':
      return isAmbiguous(failed) ? 'unsettled' : 'aborted';
    case 'too_large':
      // Asking again at once would only download it again.
      return isAmbiguous(failed) ? 'unsettled' : 'exhausted';
    case 'network':
    case 'timeout':
    case 'invalid_answer':
      return isAmbiguous(failed) ? 'unsettled' : null;
    case 'http':
      return reasonInStatus(error.status ?? 0, operation);
  }
}

function isAmbiguous({ error, operation }: FailedAttempt): boolean {
  return operation === 'create' && error.sent;
}

function reasonInStatus(status: number, operation: Operation): StopReason | null {
  if (UNAUTHORIZED_STATUSES.has(status)) return 'unauthorized';
  if (status === 404 && OPERATIONS_ON_ONE.has(operation)) return 'gone';
  if (RETRYABLE_STATUSES.has(status)) {
    return operation === 'create' && !REFUSED_UNSEEN_STATUSES.has(status) ? 'unsettled' : null;
  }
  if (status >= 500) return operation === 'create' ? 'unsettled' : 'exhausted';
  // Never followed, and about the way rather than the request: it may be another one later.
  if (status < 400) return 'exhausted';
  return 'permanent';
}

/** A 429 is about the key, not about the request: everybody waits, also when the server does not say how long. */
function pauseOf(error: ApiError, retryAfterMs: number | null, backOffMs: number): number | null {
  if (error.status === 429) return retryAfterMs ?? backOffMs;
  if (error.status === 503) return retryAfterMs;
  return null;
}

function fullJitter({ attempt, settings, random }: FailedAttempt): number {
  return Math.round(random() * Math.min(settings.maxDelayMs, settings.baseDelayMs * 2 ** (attempt - 1)));
}
