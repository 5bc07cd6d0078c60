/** Starts the API to measure against, and asks it what it has seen. */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export type ServeRequest = 'url' | 'empty' | 'requests' | 'clear' | 'count';

export interface ServeAnswer {
  readonly url?: string;
  readonly count?: number;
  readonly requests?: readonly SeenRequest[];
}

export interface SeenRequest {
  /** When it arrived, as `systemNow` tells. */
  readonly at: number;
  readonly method: string;
}

export interface BenchServer {
  readonly url: string;
  /** Remove every connector, and forget the requests. */
  empty(): Promise<void>;
  /** In order of arrival, since the last `clear`. */
  requests(): Promise<readonly SeenRequest[]>;
  clear(): Promise<void>;
  count(): Promise<number>;
  close(): void;
}

/** @param stored connectors that are there from the start: the first definitions, as they would be sent */
export async function startBenchServer({ latencyMs = 0, stored = 0 }): Promise<BenchServer> {
  const child = fork(fileURLToPath(new URL('serve.ts', import.meta.url)), [String(latencyMs), String(stored)]);
  const ask = async (request: ServeRequest): Promise<ServeAnswer> => {
    child.send(request);
    const [answer] = (await once(child, 'message')) as [ServeAnswer];
    return answer;
  };
  const { url = '' } = await ask('url');
  return {
    url,
    empty: async () => void (await ask('empty')),
    requests: async () => (await ask('requests')).requests ?? [],
    clear: async () => void (await ask('clear')),
    count: async () => (await ask('count')).count ?? 0,
    close: () => child.disconnect(),
  };
}
