/** One request and its answer, with a deadline for both together and a bound on what is taken in. */

import type { Dispatcher } from 'undici';
import type { ApiErrorKind } from './api-error.ts';
import { ApiError } from './api-error.ts';
import { MAX_TIMER_MS } from './sleep.ts';

const KINDS_BY_CODE: Readonly<Record<string, ApiErrorKind>> = {
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  ETIMEDOUT: 'timeout',
  UND_ERR_HEADERS_OVERFLOW: 'too_large',
  HPE_HEADER_OVERFLOW: 'too_large',
  UND_ERR_DESTROYED: 'aborted',
  UND_ERR_CLOSED: 'aborted',
};

/** Codes of OpenSSL for a chain that ends with nobody we know. */
const UNKNOWN_AUTHORITY: ReadonlySet<string> = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
]);
const HOW_TO_TRUST =
  ' (the authority of the certificate is not known; NODE_EXTRA_CA_CERTS can name a file that holds it)';

export interface ExchangeRequest {
  readonly origin: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string | null;
  /** For everything: connecting, sending, waiting and reading. */
  readonly timeoutMs: number;
  readonly maxAnswerBytes: number;
  /** Ends the exchange, also when it is under way. */
  readonly signal: AbortSignal | undefined;
  /** Called just before the request is written; again, should it be written once more. */
  readonly onLeaving?: (() => void) | undefined;
}

export interface ExchangeAnswer {
  readonly status: number;
  readonly retryAfter: string | null;
  /**
   * In the pieces in which it came. Empty when the status is not success and the rest broke off, was late or too large: the
   * status says enough.
   */
  readonly body: readonly Buffer[];
}

/**
 * Send a request and read its answer, whatever its status.
 *
 * It speaks to undici's dispatcher rather than to `request`, because only there one learns whether the request was
 * written at all, which is what makes repeating a POST safe or not.
 *
 * @throws ApiError of kind `network`, `timeout`, `too_large` or `aborted`
 */
export async function exchange(dispatcher: Dispatcher, request: ExchangeRequest): Promise<ExchangeAnswer> {
  const { method, path, signal, timeoutMs, maxAnswerBytes } = request;
  const { promise, resolve, reject } = Promise.withResolvers<ExchangeAnswer>();
  let chunks: Buffer[] = [];
  let bytes = 0;
  let status: number | null = null;
  let retryAfter: string | null = null;
  let controller: Dispatcher.DispatchController | null = null;
  let failure: ApiError | null = null;

  const fail = (kind: ApiErrorKind, what: string, cause?: unknown): void => {
    if (failure !== null) return;
    const known = kind === 'too_large' ? status : null;
    failure = new ApiError({ kind, method, path, what, status: known, sent: controller !== null, cause });
    if (status !== null && !isSuccess(status) && kind !== 'aborted') {
      resolve({ status, retryAfter, body: [] });
    } else {
      reject(failure);
    }
    controller?.abort(failure);
  };
  const onAbort = (): void => fail('aborted', 'was given up', signal?.reason);
  const refuseLargeAnswer = (): void => fail('too_large', `answered with more than ${maxAnswerBytes} bytes`);

  if (signal?.aborted === true) onAbort();
  else {
    const late = (): void => fail('timeout', `was not answered in full within ${timeoutMs} ms`);
    const deadline = setTimeout(late, Math.min(timeoutMs, MAX_TIMER_MS));
    signal?.addEventListener('abort', onAbort, { once: true });
    const release = (): void => {
      clearTimeout(deadline);
      signal?.removeEventListener('abort', onAbort);
    };
    promise.then(release, release);

    const { origin, headers, body } = request;
    dispatcher.dispatch(
      { origin, method, path, headers, body },
      {
        onRequestStart(started) {
          // Given up while the connection was being made: aborting here still keeps the request from being written.
          if (failure !== null) {
            started.abort(failure);
            return;
          }
          controller = started;
          request.onLeaving?.();
        },
        onResponseStart(_controller, answered, answerHeaders) {
          // 1xx are announcements; the answer follows.
          if (answered < 200) return;
          status = answered;
          const header = answerHeaders['retry-after'];
          retryAfter = (Array.isArray(header) ? header[0] : header) ?? null;
          if (Number(answerHeaders['content-length'] ?? 0) > maxAnswerBytes) refuseLargeAnswer();
        },
        onResponseData(_controller, chunk) {
          bytes += chunk.length;
          if (bytes > maxAnswerBytes) refuseLargeAnswer();
          else if (failure === null) chunks.push(chunk);
        },
        onResponseEnd() {
          if (status !== null) resolve({ status, retryAfter, body: chunks });
          // The connection holds on to this handler, and a large answer need not be held twice.
          chunks = [];
        },
        onResponseError(_controller, error) {
          const code = codeOf(error);
          fail(
            KINDS_BY_CODE[code] ?? 'network',
            `failed: ${code}${UNKNOWN_AUTHORITY.has(code) ? HOW_TO_TRUST : ''}`,
            error,
          );
        },
      },
    );
  }
  return promise;
}

/** 2xx. */
export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/** A code such as ECONNREFUSED: the message of an error may quote what was sent. */
function codeOf(error: Error): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return /^[A-Z][A-Z0-9_]*$/.test(code) ? code : error.name;
}
