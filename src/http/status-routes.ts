/** The answers of `GET /api/...`: see model/status-api.ts for their shapes. */

import type { Context } from 'hono';
import { Hono } from 'hono';
import type {
  ConnectorDetail,
  ConnectorPage,
  ConnectorState,
  PassHistory,
  RecentEvents,
  Status,
} from '../model/status-api.ts';
import { CONNECTOR_STATES } from '../model/status-api.ts';
import type { ConnectorSearch } from '../report/find-connectors.ts';
import { answer, refuse } from './answers.ts';

export interface StatusSources {
  readonly status: () => Status;
  readonly connectors: (search: ConnectorSearch) => ConnectorPage;
  /** Null when no connector has that key. */
  readonly connector: (key: string) => ConnectorDetail | null;
  readonly passes: () => PassHistory;
  readonly recent: () => RecentEvents;
}

const MAX_SIZE = 500;
const DEFAULT_SIZE = 100;
/** Names of connectors are no longer. */
const MAX_TEXT = 256;

export function statusRoutes(sources: StatusSources): Hono {
  const app = new Hono();
  app.get('/api/status', () => answer(sources.status()));
  app.get('/api/passes', () => answer(sources.passes()));
  app.get('/api/recent', () => answer(sources.recent()));
  app.get('/api/connectors', (context) => {
    const search = readSearch(context);
    return typeof search === 'string' ? refuse(400, search) : answer(sources.connectors(search));
  });
  app.get('/api/connector', (context) => {
    const key = context.req.query('key');
    if (key === undefined) return refuse(400, 'say which one: ?key=');
    const found = sources.connector(key);
    return found === null ? refuse(404, 'no connector has that key') : answer(found);
  });
  return app;
}

/** @returns what is wrong, when it is not a search */
function readSearch({ req }: Context): ConnectorSearch | string {
  const { q: text = '', page = '1', size = String(DEFAULT_SIZE) } = req.query();
  if (text.length > MAX_TEXT) return `q has more than ${MAX_TEXT} characters`;
  const names = (req.query('state') ?? '').split(',').filter((name) => name !== '');
  const unknown = names.find((name) => !isState(name));
  if (unknown !== undefined) return `state must be some of ${CONNECTOR_STATES.join(', ')}`;
  const [wantedPage, wantedSize] = [readNumber(page), readNumber(size)];
  if (wantedPage === null) return 'page must be a whole number from 1';
  if (wantedSize === null || wantedSize > MAX_SIZE) return `size must be a whole number from 1 to ${MAX_SIZE}`;
  return {
    states: names.length === 0 ? null : new Set(names.filter(isState)),
    text,
    page: wantedPage,
    size: wantedSize,
  };
}

function isState(name: string): name is ConnectorState {
  return CONNECTOR_STATES.some((state) => state === name);
}

function readNumber(text: string): number | null {
  return /^[1-9]\d{0,8}$/u.test(text) ? Number(text) : null;
}
