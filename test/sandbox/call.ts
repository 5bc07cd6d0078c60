/** One call to a sandbox over a real socket. */

import { request } from 'undici';

export interface CallOptions {
  /** Sent as JSON; a text is sent as it is. */
  readonly body?: unknown;
  /** Default `any-key`; null: no such header. */
  readonly key?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface Called {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** Undefined when the text is not JSON. */
  readonly json: unknown;
}

export async function call(url: string, method: string, path: string, options: CallOptions = {}): Promise<Called> {
  const { body, key = 'any-key' } = options;
  const answer = await request(`${url}${path}`, {
    method: method as 'GET',
    headers: {
      ...(key !== null && { 'x-apikey': key }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...options.headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...(options.signal !== undefined && { signal: options.signal }),
  });
  const text = await answer.body.text();
  return { status: answer.statusCode, headers: answer.headers, text, json: parsed(text) };
}

/** The smallest valid body. */
export const SMALL = { name: 'score', method: 'get', url: 'https://api.example.com/v1/score' };

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
