/** The connectors API of Databar, one method a call. It neither retries nor waits its turn: see apply/throttled-client. */

import type { ConnectorConfig, LiveConnector } from '../model/connector.ts';
import { CONNECTOR_FIELDS } from '../model/connector.ts';
import { ApiError } from './api-error.ts';
import type { ProxySettings } from './create-dispatcher.ts';
import { createDispatcher } from './create-dispatcher.ts';
import { DryRunError } from './dry-run-error.ts';
import { readErrorAnswer } from './error-answer.ts';
import type { ExchangeAnswer, ExchangeRequest } from './exchange.ts';
import { exchange, isSuccess } from './exchange.ts';
import { AnswerShapeError, parseConnector, parseConnectorList } from './parse-connector.ts';
import { readOnce } from './same-answer.ts';

const DEFAULT_MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const LIST_PATH = '/v1/connectors/';

export interface DatabarClientOptions {
  /** With or without `/v1` or a slash at its end. */
  readonly baseUrl: string;
  /** Asked before each request, because the key may be exchanged while we run. */
  readonly apiKey: () => string;
  /** For the whole exchange, body included, in milliseconds. */
  readonly timeoutMs: number;
  /** True refuses everything but GET: what `--dry-run` rests on. */
  readonly readOnly: boolean;
  readonly userAgent: string;
  /** Answers beyond it are refused. Default: 64 MiB. */
  readonly maxAnswerBytes?: number;
  /**
   * Connections that may be open at once: as many as requests run at once, for a connection rests for a moment after an
   * answer, and a request that comes just then would open one more. Default: no bound.
   */
  readonly maxConnections?: number;
  /** What the environment says about proxies. Default: none. */
  readonly proxy?: ProxySettings | null;
}

/** Whose key it is, as far as the server says. */
export interface Account {
  readonly email: string | null;
  readonly plan: string | null;
}

export interface RequestOptions {
  /** Ends the call, also while it is under way. */
  readonly signal?: AbortSignal | undefined;
  /** Called just before the first byte is written, once there is a connection to write it to. */
  readonly onLeaving?: () => void;
}

/**
 * Each call rejects with an {@link ApiError}, or a {@link DryRunError} when it would write through a read-only client.
 */
export interface DatabarClient {
  /** Every connector of the workspace, in the server's order. */
  readonly list: (options?: RequestOptions) => Promise<readonly LiveConnector[]>;
  /** Not idempotent: after an error with `sent` it may have happened. */
  readonly create: (config: ConnectorConfig, options?: RequestOptions) => Promise<LiveConnector>;
  readonly get: (id: number, options?: RequestOptions) => Promise<LiveConnector>;
  /** Replaces the whole configuration. */
  readonly update: (id: number, config: ConnectorConfig, options?: RequestOptions) => Promise<LiveConnector>;
  readonly delete: (id: number, options?: RequestOptions) => Promise<void>;
  readonly whoAmI: (options?: RequestOptions) => Promise<Account>;
  /** Let requests under way finish, then close the connections. Later calls are refused. */
  readonly close: () => Promise<void>;
  /** Break off requests under way, and close the connections. */
  readonly destroy: () => Promise<void>;
}

/** @throws Error when the proxy's address is not a URL */
export function createDatabarClient(options: DatabarClientOptions): DatabarClient {
  const { timeoutMs, readOnly, userAgent, maxAnswerBytes = DEFAULT_MAX_ANSWER_BYTES } = options;
  const baseUrl = new URL(options.baseUrl);
  const prefix = baseUrl.pathname.replace(/\/+$/, '').replace(/\/v1$/, '');
  const dispatcher = createDispatcher(baseUrl, {
    connectTimeoutMs: timeoutMs,
    maxConnections: options.maxConnections ?? null,
    proxy: options.proxy ?? null,
  });

  const readList = readOnce<readonly LiveConnector[]>((body, before) =>
    asJson((answer) => parseConnectorList(answer, before))(body),
  );

  const call = async <T>(
    method: ExchangeRequest['method'],
    path: string,
    {
      config,
      request = {},
      accept,
    }: { config?: ConnectorConfig; request: RequestOptions | undefined; accept: Accept<T> },
  ): Promise<T> => {
    if (readOnly && method !== 'GET') throw new DryRunError(method, path);
    const body = config === undefined ? null : serialise(config);
    const key = usableKey(options.apiKey, method, path);
    const answer = await exchange(dispatcher, {
      origin: baseUrl.origin,
      method,
      path: `${prefix}${path}`,
      headers: {
        'x-apikey': key,
        'user-agent': userAgent,
        accept: 'application/json',
        ...(body === null ? {} : { 'content-type': 'application/json' }),
      },
      body,
      timeoutMs,
      maxAnswerBytes,
      signal: request.signal,
      onLeaving: request.onLeaving,
    });
    return readAnswer(answer, accept, { method, path, key });
  };

  return {
    list: async (request) => call('GET', LIST_PATH, { request, accept: { statuses: [200], read: readList } }),
    create: async (config, request) =>
      call('POST', LIST_PATH, {
        config,
        request,
        accept: { statuses: [200, 201], read: asJson((answer) => parseConnector(answer)) },
      }),
    get: async (id, request) =>
      call('GET', pathOf(id), { request, accept: { statuses: [200], read: asJson(connectorWithId(id)) } }),
    update: async (id, config, request) =>
      call('PUT', pathOf(id), { config, request, accept: { statuses: [200], read: asJson(connectorWithId(id)) } }),
    delete: async (id, request) =>
      call('DELETE', pathOf(id), { request, accept: { statuses: [200, 204], read: asNothing } }),
    whoAmI: async (request) =>
      call('GET', '/v1/user/me', { request, accept: { statuses: [200], read: asJson(parseAccount) } }),
    close: async () => dispatcher.close(),
    destroy: async () => dispatcher.destroy(),
  };
}

interface Accept<T> {
  readonly statuses: readonly number[];
  /** Throws when the body is not what was asked for. */
  readonly read: (body: readonly Buffer[]) => T;
}

function readAnswer<T>(
  { status, retryAfter, body }: ExchangeAnswer,
  accept: Accept<T>,
  { method, path, key }: { readonly method: string; readonly path: string; readonly key: string },
): T {
  const about = { method, path, status, sent: true };
  if (!isSuccess(status)) {
    const said = readErrorAnswer(Buffer.concat(body), key);
    throw new ApiError({ ...about, kind: 'http', what: `answered ${status}`, retryAfter, ...said });
  }
  if (!accept.statuses.includes(status)) {
    throw new ApiError({ ...about, kind: 'invalid_answer', what: `answered ${status}, which is not documented` });
  }
  try {
    return accept.read(body);
  } catch (cause) {
    // Only our own errors are quoted: that of JSON.parse repeats a piece of the answer, so it is not kept as the cause either.
    const isOurs = cause instanceof AnswerShapeError;
    const why = isOurs ? cause.message : 'it is not JSON in UTF-8';
    throw new ApiError({
      ...about,
      kind: 'invalid_answer',
      what: `answered ${status} with what cannot be used: ${why}`,
      ...(isOurs ? { cause } : {}),
    });
  }
}

/** Content-Type is not asked: the text is JSON or it is not. */
function asJson<T>(parse: (answer: unknown) => T): (body: readonly Buffer[]) => T {
  return (body) => parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(body))));
}

/** Nothing, or any JSON: a page of HTML is the word of a portal on the way, and nothing was deleted. */
function asNothing(body: readonly Buffer[]): void {
  if (body.length > 0) asJson(() => undefined)(body);
}

function connectorWithId(id: number): (answer: unknown) => LiveConnector {
  return (answer) => {
    const connector = parseConnector(answer);
    if (connector.id !== id) throw new AnswerShapeError(`it is about the connector ${connector.id}`);
    return connector;
  };
}

function parseAccount(answer: unknown): Account {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) {
    throw new AnswerShapeError('the answer is not an object');
  }
  const { email, plan } = answer as Record<'email' | 'plan', unknown>;
  return { email: typeof email === 'string' ? email : null, plan: typeof plan === 'string' ? plan : null };
}

function pathOf(id: number): string {
  return `${LIST_PATH}${id}`;
}

/** Exactly the documented fields, in their order, whatever else the object carries. */
function serialise(config: ConnectorConfig): string {
  return JSON.stringify(Object.fromEntries(CONNECTOR_FIELDS.map((field) => [field, config[field]])));
}

function usableKey(apiKey: () => string, method: string, path: string): string {
  const unusable = (what: string, cause?: unknown): ApiError =>
    new ApiError({ kind: 'unusable_key', method, path, what: `was not sent: ${what}`, sent: false, cause });
  let key: string;
  try {
    key = apiKey();
  } catch (cause) {
    throw unusable('the API key could not be read', cause);
  }
  if (!/^[\u0021-\u007e]+$/.test(key)) throw unusable('the API key is empty or holds characters that no key has');
  return key;
}
