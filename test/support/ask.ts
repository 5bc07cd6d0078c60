/** One request to a server of ours, over a connection of its own. */

import type { Agent, IncomingHttpHeaders } from 'node:http';
import { request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import type { HttpServer } from '../../src/http/server.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly agent?: Agent;
}

export async function ask(
  { host, port }: Pick<HttpServer, 'host' | 'port'>,
  path: string,
  { body, ...options }: Asking = {},
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  httpRequest({ host, port, path, agent: false, ...options }, (response) => {
    text(response).then(
      (answered) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: answered }),
      reject,
    );
  })
    .on('error', reject)
    .end(body);
  return promise;
}
