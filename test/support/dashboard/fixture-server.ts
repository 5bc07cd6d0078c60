/** Serves the built page, and a scene in the shapes of the daemon's API, on a real socket. */

import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DashboardFiles } from '../../../src/build/build-dashboard.ts';
import type { ConnectorPage, ConnectorState } from '../../../src/model/status-api.ts';
import { CONNECTOR_STATES } from '../../../src/model/status-api.ts';
import type { Scene } from './scene.ts';
import { countStates, NOW } from './scene.ts';

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export interface FixtureServer {
  readonly url: string;
  /** The URLs asked for below `api/`, in order. */
  readonly asked: string[];
  /** How many streams are open. */
  streams(): number;
  /** Another scene, and say so on every stream. */
  show(scene: Scene): void;
  /** Answer everything but the page with this status; null for as usual. */
  breakWith(status: number | null): void;
  /** What the trigger asks for; null turns it off. */
  setToken(token: string | null): void;
  /** Close every connection and listen no more. */
  stop(): Promise<void>;
  /** Listen again, on the same port. */
  restart(): Promise<void>;
}

/** @param prefix the path below which everything lies, with `/` at both ends */
export async function startFixtureServer(files: DashboardFiles, first: Scene, prefix = '/'): Promise<FixtureServer> {
  let scene = first;
  let broken: number | null = null;
  let token: string | null = 'fixture-token';
  let server: Server;
  let port = 0;
  const streams = new Set<ServerResponse>();
  const asked: string[] = [];

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const url = new URL(request.url ?? '/', 'http://fixture');
    const path = url.pathname.slice(prefix.length);
    const send = (status: number, type: string, body: string): void => {
      response.setHeader('date', new Date(NOW).toUTCString());
      response.writeHead(status, {
        'content-type': type,
        'content-security-policy': POLICY,
        'cache-control': 'no-store',
      });
      response.end(body);
    };
    const json = (body: unknown, status = 200): void => send(status, 'application/json', JSON.stringify(body));
    if (!url.pathname.startsWith(prefix)) return json({ status: 'refused' }, 404);
    if (path === '') return send(200, 'text/html; charset=utf-8', files.html);
    if (path === 'dashboard.js') return send(200, 'text/javascript; charset=utf-8', files.script);
    if (path === 'dashboard.css') return send(200, 'text/css; charset=utf-8', files.style);
    asked.push(path + url.search);
    if (broken !== null) return json({ status: 'refused' }, broken);
    switch (path) {
      case 'api/status':
        return json(scene.status);
      case 'api/connectors':
        return json(pageOf(scene, url.searchParams));
      case 'api/connector': {
        const found = scene.connectors.find(({ key }) => key === url.searchParams.get('key'));
        return json(found ?? { status: 'refused' }, found === undefined ? 404 : 200);
      }
      case 'api/passes':
        return json({ passes: scene.passes });
      case 'api/recent':
        return json({ events: scene.events });
      case 'api/stream':
        response.writeHead(200, { 'content-type': 'text/event-stream', 'content-security-policy': POLICY });
        response.write(': open\n\n');
        streams.add(response.once('close', () => streams.delete(response)));
        return undefined;
      case 'api/sync':
        if (token === null) return json({ status: 'refused' }, 404);
        return request.headers.authorization === `Bearer ${token}`
          ? json({ status: 'accepted' }, 202)
          : json({ status: 'refused' }, 401);
      default:
        return json({ status: 'refused' }, 404);
    }
  };
  const listen = async (): Promise<void> => {
    server = createServer(answer).listen(port, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  };
  await listen();

  return {
    url: `http://127.0.0.1:${port}${prefix}`,
    asked,
    streams: () => streams.size,
    show(next) {
      scene = next;
      for (const stream of streams) {
        stream.write(`event: status\ndata: ${JSON.stringify(scene.status)}\n\nevent: changed\ndata: {}\n\n`);
      }
    },
    breakWith(status) {
      broken = status;
    },
    setToken(next) {
      token = next;
    },
    async stop() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
    restart: listen,
  };
}

function pageOf({ connectors }: Scene, parameters: URLSearchParams): ConnectorPage {
  const query = (parameters.get('q') ?? '').toLowerCase();
  const asked = parameters.get('state')?.split(',') as readonly ConnectorState[] | undefined;
  const [page, size] = [Number(parameters.get('page') ?? 1), Number(parameters.get('size') ?? 100)];
  const matching = connectors.filter(({ key, name, file, id }) =>
    [key, name, file, id].some((text) =>
      String(text ?? '')
        .toLowerCase()
        .includes(query),
    ),
  );
  const rank = (state: ConnectorState): number => CONNECTOR_STATES.indexOf(state);
  const rows = matching
    .filter(({ state }) => asked?.includes(state) ?? true)
    .toSorted((a, b) => rank(a.state) - rank(b.state) || (a.key < b.key ? -1 : 1));
  return {
    total: rows.length,
    page,
    size,
    states: countStates(matching),
    rows: rows.slice((page - 1) * size, page * size),
  };
}
