/** Clients of the API beside raw servers, for tests; both are gone when a test has ended. */

import { afterEach, expect } from 'vitest';
import type { ApiError } from '../../src/api/api-error.ts';
import type { DatabarClient, DatabarClientOptions } from '../../src/api/databar-client.ts';
import { createDatabarClient } from '../../src/api/databar-client.ts';
import type { ConnectorConfig } from '../../src/model/connector.ts';
import type { RawHandler, RawServer } from './raw-server.ts';
import { startRawServer } from './raw-server.ts';

export const KEY = 'key-that-nobody-may-see';
export const SECRET = 'Bearer secret-that-nobody-may-see';

export const config: ConnectorConfig = {
  name: 'Score — ünïcode',
  type: 'enrichment',
  method: 'get',
  url: 'https://api.example.com/score',
  headers: [{ name: 'Authorization', value: SECRET }],
  parameters: [],
  body: [],
  body_template: null,
  rate_limit: 60,
  max_concurrency: null,
};
/** As the server shows it. */
export const connector = { id: 7, ...config };

export interface ApiFixture {
  readonly serve: (handler: RawHandler) => Promise<RawServer>;
  readonly connect: (baseUrl: string, options?: Partial<DatabarClientOptions>) => DatabarClient;
  /** A client of a server that always gives the same answer. */
  readonly answering: (answer: string, options?: Partial<DatabarClientOptions>) => Promise<DatabarClient>;
  /** Do this when the test has ended. */
  readonly cleanUp: (task: () => Promise<void>) => void;
}

/** Call it once, at the top of a test file. */
export function useApi(): ApiFixture {
  const tasks: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const task of tasks.splice(0).toReversed()) await task();
  });
  const cleanUp = (task: () => Promise<void>): void => {
    tasks.push(task);
  };
  const serve = async (handler: RawHandler): Promise<RawServer> => {
    const server = await startRawServer(handler);
    cleanUp(server.close);
    return server;
  };
  const connect = (baseUrl: string, options: Partial<DatabarClientOptions> = {}): DatabarClient => {
    const client = createDatabarClient({
      baseUrl,
      apiKey: () => KEY,
      timeoutMs: 5_000,
      readOnly: false,
      userAgent: 'databar-sync/test',
      ...options,
    });
    cleanUp(client.destroy);
    return client;
  };
  return {
    serve,
    connect,
    answering: async (answer, options) => connect((await serve((socket) => socket.write(answer))).url, options),
    cleanUp,
  };
}

/** The ApiError that a call rejects with. */
export async function errorOf(call: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await call.then(
    () => expect.unreachable('the call succeeded'),
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ name: 'ApiError' });
  return error as ApiError;
}
