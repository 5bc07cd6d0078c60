/**
 * A daemon's status for people:
 *
 *     databar-sync 0.1.0: waiting, revision 8d0f2b6c1e4a, upsert-only, drift heal
 *     last pass 19s ago took 212 ms, next in 41s; API ok; 2 requests wait; brake mass_delete holds 4
 *
 *     KEY         ID  NAME        STATE    SINCE  MESSAGE
 *     lead-score  6   Lead score  drifted  5m     changed outside of git: /url
 */

import { styleText } from 'node:util';
import type { ConnectorRow, ConnectorState, Status } from '../model/status-api.ts';
import { CONNECTOR_STATES } from '../model/status-api.ts';
import { cellsOf, cutCells, padCells } from './cells.ts';
import { formatAge } from './format-age.ts';
import { plainText } from './plain-text.ts';
import type { StatusReport } from './status-report.ts';
import { countOf } from './count-of.ts';

export interface StatusTextOptions {
  readonly colour: boolean;
  /** Cells of a line; null for no bound. */
  readonly width: number | null;
  /** Lines in all, so that a screen can show them; null for no bound. */
  readonly height: number | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

type Style = Parameters<typeof styleText>[0];

const STYLES: Readonly<Record<ConnectorState, Style>> = {
  invalid: 'red',
  failing: 'red',
  blocked: 'yellow',
  drifted: 'magenta',
  pending: 'cyan',
  orphaned: 'yellow',
  suspended: 'gray',
  in_sync: 'green',
};

const HEAD = ['KEY', 'ID', 'NAME', 'STATE', 'SINCE', 'MESSAGE'] as const;
const STATE_COLUMN = HEAD.indexOf('STATE');
const GAP = '  ';

export function renderStatus(report: StatusReport, options: StatusTextOptions): string {
  const { healthy, reason, status, connectors } = report;
  const fit = (line: string): string => (options.width === null ? line : cutCells(line, options.width));
  const paint = painter(options.colour);
  const above = [fit(plainText(describeDaemon(status))), fit(plainText(describePasses(status, options.now)))];
  const verdict = healthy ? `healthy: ${reason}` : `not healthy: ${reason}`;
  const below = [fit(describeCounts(status)), paint(healthy ? 'green' : 'red', fit(plainText(verdict)))];

  const table = connectors.length === 0 ? [] : ['', ...renderTable(connectors, options)];
  const room = options.height === null ? table.length : options.height - above.length - below.length - 1;
  const shown = table.length > room ? table.slice(0, Math.max(0, room - 1)) : table;
  const hidden = table.length - shown.length;
  return [...above, ...shown, ...(hidden > 0 ? [`… and ${hidden} more`] : []), '', ...below, ''].join('\n');
}

function describeDaemon({ version, mode, progress, revision, policy, drift, sandbox, dryRun }: Status): string {
  return [
    `databar-sync ${version}: ${mode}${progress === null ? '' : ` (${progress.done} of ${progress.total} written)`}`,
    ...(revision === null ? [] : [`revision ${revision.slice(0, 12)}${revision.endsWith('-dirty') ? '-dirty' : ''}`]),
    policy,
    `drift ${drift}`,
    ...(sandbox ? ['SANDBOX'] : []),
    ...(dryRun ? ['DRY RUN'] : []),
  ].join(', ');
}

function describePasses({ lastPass, nextPassAt, mode, queue, watch, stateDurable }: Status, now: number): string {
  const parts: string[] = [];
  if (lastPass === null) parts.push('no pass yet');
  else {
    const ended = formatAge(now - lastPass.startedAt - lastPass.durationMs);
    const next = nextPassAt === null || mode !== 'waiting' ? '' : `, next in ${formatAge(nextPassAt - now)}`;
    parts.push(`last pass ${ended} ago took ${duration(lastPass.durationMs)}${next}`);
    const { source, api, brakes } = lastPass;
    if (source.status !== 'ok') parts.push(`source ${source.status}: ${source.message}`);
    parts.push(api.status === 'ok' ? 'API ok' : `API ${api.status}: ${api.message}`);
    for (const { code, blocked } of brakes) parts.push(`brake ${code} holds ${blocked}`);
  }
  if (queue.pausedUntil !== null) parts.push(`the server asks for ${formatAge(queue.pausedUntil - now)} of quiet`);
  if (queue.pending > 0) parts.push(`${queue.pending} requests wait`);
  if (watch === 'polling') parts.push('files are polled');
  if (!stateDurable) parts.push('state in memory only');
  return parts.join('; ');
}

function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds} ms` : `${Math.round(milliseconds / 100) / 10} s`;
}

function describeCounts({ connectors }: Status): string {
  const total = CONNECTOR_STATES.reduce((sum, state) => sum + connectors[state], 0);
  const parts = CONNECTOR_STATES.flatMap((state) => (connectors[state] > 0 ? [`${connectors[state]} ${state}`] : []));
  return `${countOf(total, 'connector')}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`;
}

function renderTable(
  connectors: readonly ConnectorRow[],
  { colour, width, now }: StatusTextOptions,
): readonly string[] {
  const paint = painter(colour);
  const rows = connectors.map((row) => cellsOfRow(row, now));
  const widths = HEAD.map((name, column) => Math.max(name.length, largest(rows, column)));
  const line = (cells: readonly string[], style: Style | null): string => {
    const before = cells.slice(0, -1).map((cell, column) => padCells(cell, widths[column] ?? 0));
    const message = cells.at(-1) ?? '';
    const used = before.reduce((sum, cell) => sum + cellsOf(cell) + GAP.length, 0);
    // Where nothing of the message would fit, the terminal may break the line.
    const shown = width === null || width - used < 8 ? message : cutCells(message, width - used);
    const painted = before.map((cell, column) =>
      style !== null && column === STATE_COLUMN ? paint(style, cell) : cell,
    );
    return [...painted, shown].join(GAP).trimEnd();
  };
  return [
    paint('bold', line(HEAD, null)),
    ...connectors.map(({ state }, index) => line(rows[index] ?? [], STYLES[state])),
  ];
}

function cellsOfRow(
  { key, id, name, state, since, message, file, line }: ConnectorRow,
  now: number,
): readonly string[] {
  const place = line === null || file === null ? '' : `${file}:${line} `;
  return [
    plainText(key),
    id === null ? '-' : String(id),
    name === null ? '-' : plainText(name),
    state,
    formatAge(now - since),
    message === null ? '' : plainText(`${place}${message}`),
  ];
}

function largest(rows: readonly (readonly string[])[], column: number): number {
  return rows.reduce((most, row) => Math.max(most, cellsOf(row[column] ?? '')), 0);
}

function painter(colour: boolean): (style: Style, text: string) => string {
  return (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
}
