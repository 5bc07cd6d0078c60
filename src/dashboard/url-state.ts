/** What the page shows, kept in its query string, so that a link leads to the same view and the back button works. */

import type { ConnectorState } from '../model/status-api.ts';
import { STATE_NAMES } from './states.ts';

export interface View {
  /** What is searched for; empty for everything. */
  readonly query: string;
  /** States asked for, worst first; none means all. */
  readonly states: readonly ConnectorState[];
  /** From 1. */
  readonly page: number;
  /** The connector whose details are open. */
  readonly open: string | null;
}

export const PAGE_SIZE = 100;
/** The daemon takes no longer query, and no higher page. */
export const MAX_QUERY = 256;
const LAST_PAGE = 999_999_999;

/** Reads a query string; what it does not know or cannot use counts as not given. */
export function readView(search: string): View {
  const parameters = new URLSearchParams(search);
  const asked = new Set(parameters.get('state')?.split(','));
  const page = Number(parameters.get('page') ?? 1);
  return {
    query: (parameters.get('q') ?? '').slice(0, MAX_QUERY),
    states: STATE_NAMES.filter((state) => asked.has(state)),
    page: Number.isInteger(page) && page > 0 && page <= LAST_PAGE ? page : 1,
    open: parameters.get('key'),
  };
}

/** The query string of a view, with `?`; empty for the plain page. */
export function writeView({ query, states, page, open }: View): string {
  return withQuestionMark({
    q: query,
    state: states.join(','),
    page: page > 1 ? String(page) : '',
    key: open ?? '',
  });
}

/** Where the rows of a view are asked for, relative to the page. */
export function rowsUrl({ query, states, page }: View): string {
  return `api/connectors${withQuestionMark({
    q: query.trim(),
    state: states.join(','),
    page: String(page),
    size: String(PAGE_SIZE),
  })}`;
}

/** Where the details of a connector are asked for, relative to the page. */
export function detailUrl(key: string): string {
  return `api/connector${withQuestionMark({ key })}`;
}

/** In a query string `/` and `,` need no escape, and links read better with them. */
function withQuestionMark(parameters: Readonly<Record<string, string>>): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== '');
  if (given.length === 0) return '';
  return `?${new URLSearchParams(given).toString().replaceAll('%2F', '/').replaceAll('%2C', ',')}`;
}
