/** One page of the connectors that somebody asks for. */

import type { ConnectorPage, ConnectorRow, ConnectorState } from '../model/status-api.ts';
import { CONNECTOR_STATES } from '../model/status-api.ts';

export interface ConnectorSearch {
  /** Null for all. */
  readonly states: ReadonlySet<ConnectorState> | null;
  /** What key, name, file or id must contain, whatever the case; empty for anything. */
  readonly text: string;
  /** From 1. */
  readonly page: number;
  readonly size: number;
}

/** @param rows sorted by key */
export function findConnectors(
  rows: readonly ConnectorRow[],
  { states, text, page, size }: ConnectorSearch,
): ConnectorPage {
  const matches = matcher(text);
  const byState = Object.fromEntries(CONNECTOR_STATES.map((state) => [state, [] as ConnectorRow[]])) as Record<
    ConnectorState,
    ConnectorRow[]
  >;
  for (const row of rows) if (matches(row)) byState[row.state].push(row);

  const wanted = CONNECTOR_STATES.filter((state) => states?.has(state) ?? true);
  const found = wanted.flatMap((state) => byState[state]);
  return {
    total: found.length,
    page,
    size,
    states: Object.fromEntries(CONNECTOR_STATES.map((state) => [state, byState[state].length])) as Record<
      ConnectorState,
      number
    >,
    rows: found.slice((page - 1) * size, page * size),
  };
}

function matcher(text: string): (row: ConnectorRow) => boolean {
  if (text === '') return () => true;
  const wanted = text.toLowerCase();
  return ({ key, name, file, id }) =>
    [key, name, file, id === null ? null : String(id)].some((part) => part?.toLowerCase().includes(wanted) ?? false);
}
