/** A running daemon, asked over its HTTP. */

import type { Dispatcher } from 'undici';
// The parts by themselves, as in api/create-dispatcher.ts: `undici` is a megabyte to load for every command.
import request from 'undici/lib/api/api-request.js';
import Pool from 'undici/lib/dispatcher/pool.js';
import type { Listen } from '../config/option.ts';
import type { ConnectorPage, ConnectorRow, ConnectorState, Status } from '../model/status-api.ts';
import type { ProbeAnswer, StatusReport } from '../report/status-report.ts';
import { reportStatus } from '../report/status-report.ts';
import { httpUrl } from './http-url.ts';
import { UsageError } from './usage-error.ts';

export interface DaemonClient {
  /**
   * @param states of the connectors to list; empty for all
   * @throws UsageError when nobody answers, or somebody else
   */
  report(states: readonly ConnectorState[]): Promise<StatusReport>;
  /**
   * Call `onChange` now and whenever something has changed, until the connection ends.
   *
   * @throws UsageError when nobody answers, or somebody else
   */
  follow(onChange: () => void, signal: AbortSignal): Promise<void>;
}

const TIMEOUT_MS = 10_000;
const PAGE_SIZE = 500;

/** @param url of the daemon, without a slash at its end */
export function createDaemonClient(url: string): DaemonClient {
  const { origin, pathname } = new URL(url);
  const pool = Object.assign(new Pool(origin), { request });
  const prefix = pathname.replace(/\/$/u, '');

  const ask = async (path: string, signal = AbortSignal.timeout(TIMEOUT_MS)): Promise<Dispatcher.ResponseData> => {
    try {
      return await pool.request({ method: 'GET', path: `${prefix}${path}`, signal });
    } catch (error) {
      throw new UsageError(
        `nobody answers at ${url} (${reasonOf(error)}); is databar-sync running? --listen or --url say where to ask`,
      );
    }
  };

  const get = async <T>(path: string, statuses: readonly number[] = [200]): Promise<T> => {
    const { statusCode, body: stream } = await ask(path);
    const body: unknown = statuses.includes(statusCode) ? await stream.json().catch(() => null) : await stream.dump();
    if (typeof body !== 'object' || body === null) {
      throw new UsageError(`what answers at ${url} is no databar-sync of this version (${statusCode} to ${path})`);
    }
    return body as T;
  };

  const list = async (states: readonly ConnectorState[]): Promise<readonly ConnectorRow[]> => {
    const rows: ConnectorRow[] = [];
    for (let page = 1; ; page += 1) {
      const query = `state=${states.join(',')}&size=${PAGE_SIZE}&page=${page}`;
      const found = await get<ConnectorPage>(`/api/connectors?${query}`);
      rows.push(...found.rows);
      if (found.rows.length < PAGE_SIZE) return rows;
    }
  };

  return {
    async report(states) {
      const status = await get<Status>('/api/status');
      const [connectors, live, ready] = await Promise.all([
        list(states),
        get<ProbeAnswer>('/healthz', [200, 503]),
        get<ProbeAnswer>('/readyz', [200, 503]),
      ]);
      return reportStatus(status, connectors, { live, ready });
    },

    async follow(onChange, signal) {
      const { statusCode, body } = await ask('/api/stream', signal);
      if (statusCode !== 200) {
        await body.dump();
        throw new UsageError(`${url} tells of no changes (${statusCode})`);
      }
      try {
        for await (const _ of body) onChange();
      } catch {
        // The connection broke; whoever follows asks again.
      }
    },
  };
}

/** Where a daemon with these settings listens; an address that stands for all of them is asked on loopback. */
export function urlOfListen(listen: Listen | null): string {
  if (listen === null) throw new UsageError('http.listen is off, so there is nobody to ask; --url says where to ask');
  if (listen.port === 0) throw new UsageError('http.listen has port 0, which may be any; --url says where to ask');
  const host = listen.host === '0.0.0.0' ? '127.0.0.1' : listen.host === '::' ? '::1' : listen.host;
  return httpUrl({ host, port: listen.port });
}

/** @throws UsageError */
export function parseDaemonUrl(text: string): string {
  const url = URL.parse(text);
  const isFit = url !== null && /^https?:$/u.test(url.protocol) && url.username === '' && url.password === '';
  if (!isFit || url.search !== '' || url.hash !== '') {
    throw new UsageError('--url must be an address such as http://127.0.0.1:8700, without credentials');
  }
  return `${url.origin}${url.pathname.replace(/\/+$/u, '')}`;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
