/** What went wrong between us and the API, told without anything that may be a secret. */

/**
 * - `http`: an answer with a status that is not success (redirects too, for they are never followed)
 * - `network`: no answer, or one that broke off
 * - `timeout`: the deadline for the whole exchange passed
 * - `invalid_answer`: success, but not with what was asked for; nothing may be concluded from it
 * - `too_large`: headers or body beyond the bound
 * - `aborted`: given up on our side
 * - `unusable_key`: the API key could not be read, or cannot be a header value; nothing was sent
 */
export type ApiErrorKind = 'http' | 'network' | 'timeout' | 'invalid_answer' | 'too_large' | 'aborted' | 'unusable_key';

/** One entry of a 422's `detail`. `msg` is the server's text: scrub it before it is shown. */
export interface ErrorDetail {
  /** Where, such as `['body', 'headers', 0, 'name']`. */
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly type: string;
}

export interface ApiErrorFields {
  readonly kind: ApiErrorKind;
  readonly method: string;
  readonly path: string;
  /** What happened, as the end of a sentence; never a value that was sent or received. */
  readonly what: string;
  readonly sent: boolean;
  readonly status?: number | null;
  readonly retryAfter?: string | null;
  readonly details?: readonly ErrorDetail[];
  readonly serverMessage?: string | null;
  readonly cause?: unknown;
}

/** The message holds method, path, status and error code alone: neither the key, nor what was sent, nor the answer. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly kind: ApiErrorKind;
  /** HTTP status; null when no complete answer came. */
  readonly status: number | null;
  /** The `Retry-After` header, verbatim. */
  readonly retryAfter: string | null;
  /** From a 422; bounded in number and length. */
  readonly details: readonly ErrorDetail[];
  /** The server's own words, bounded. They may echo what was sent: scrub them before they are shown. */
  readonly serverMessage: string | null;
  /** False only when it is certain that no byte of the request was written, so that even a POST may be repeated. */
  readonly sent: boolean;

  constructor(fields: ApiErrorFields) {
    super(`${fields.method} ${fields.path} ${fields.what}`, { cause: fields.cause });
    this.kind = fields.kind;
    this.status = fields.status ?? null;
    this.retryAfter = fields.retryAfter ?? null;
    this.details = fields.details ?? [];
    this.serverMessage = fields.serverMessage ?? null;
    this.sent = fields.sent;
  }
}
