/** How messages reach a webhook: one request on a connection of its own, with the means that reach the API. */

import { ApiError } from '../api/api-error.ts';
import type { ProxySettings } from '../api/create-dispatcher.ts';
import { createDispatcher } from '../api/create-dispatcher.ts';
import { exchange } from '../api/exchange.ts';
import { parseRetryAfter } from '../api/retry-after.ts';
import type { Post, PostAnswer } from '../notify/post.ts';

/** For connecting, sending, waiting and reading together; milliseconds. */
const TIMEOUT_MS = 10_000;
/** Nobody reads the answer; a webhook says `ok`. */
const MOST_ANSWER_BYTES = 65_536;

/** @param now milliseconds since the epoch */
export function composePost(proxy: ProxySettings, now: () => number): Post {
  return async ({ url, headers, body, signal }) => {
    let dispatcher: ReturnType<typeof createDispatcher> | null = null;
    try {
      dispatcher = createDispatcher(url, { connectTimeoutMs: TIMEOUT_MS, maxConnections: 1, proxy });
      const { status, retryAfter } = await exchange(dispatcher, {
        origin: url.origin,
        method: 'POST',
        path: `${url.pathname}${url.search}`,
        headers,
        body,
        timeoutMs: TIMEOUT_MS,
        maxAnswerBytes: MOST_ANSWER_BYTES,
        signal,
      });
      return { status: 'answered', code: status, retryAfterMs: parseRetryAfter(retryAfter, now()) };
    } catch (error) {
      return explain(error);
    } finally {
      // What is still open, such as an endless answer, is of no interest any more.
      await dispatcher?.destroy();
    }
  };
}

/** Never the message of an error, which may hold the path: the path may be the secret. */
function explain(error: unknown): PostAnswer {
  if (!(error instanceof ApiError)) return { status: 'unanswered', reason: 'the webhook or its proxy cannot be used' };
  // It was taken; only what came with the answer was too much.
  if (error.kind === 'too_large' && error.status !== null) {
    return { status: 'answered', code: error.status, retryAfterMs: null };
  }
  if (error.kind === 'timeout') {
    return { status: 'unanswered', reason: `the webhook did not answer within ${TIMEOUT_MS / 1_000} s` };
  }
  if (error.kind === 'aborted') return { status: 'unanswered', reason: 'it was given up, for the process stops' };
  return { status: 'unanswered', reason: `the webhook cannot be reached: ${codeOf(error.cause)}` };
}

/** A code such as ECONNREFUSED. */
function codeOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return /^[A-Z][A-Z0-9_]*$/u.test(code) ? code : 'no answer came';
}
