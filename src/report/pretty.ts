/** Log lines for people: aligned, coloured where the terminal wants it, differences and problems indented. */

import { styleText } from 'node:util';
import type { FieldChange } from '../model/change.ts';
import type { Problem } from '../model/problem.ts';
import { plainText } from './plain-text.ts';
import { showValue } from './show-value.ts';

interface LogLine {
  readonly time: string;
  readonly level: string;
  readonly event?: string;
  readonly msg: string;
  /** Of a line that is no event: what went wrong, often with a stack. */
  readonly error?: string;
  readonly fields?: readonly (FieldChange | string)[];
  readonly problems?: readonly Problem[];
}

type Style = Parameters<typeof styleText>[0];

const ICONS: Readonly<Record<string, readonly [string, Style]>> = {
  'connector.created': ['+', 'green'],
  'connector.adopted': ['=', 'cyan'],
  'connector.updated': ['~', 'yellow'],
  'connector.deleted': ['-', 'red'],
  'connector.recovered': ['✓', 'green'],
  'drift.detected': ['≠', 'magenta'],
  'drift.healed': ['✓', 'green'],
  'drift.cleared': ['✓', 'green'],
  'brake.engaged': ['■', 'yellow'],
  'brake.released': ['□', 'green'],
  'api.throttled': ['…', 'yellow'],
  'api.recovered': ['✓', 'green'],
  'source.recovered': ['✓', 'green'],
};

const LEVELS: Readonly<Record<string, readonly [string, Style]>> = {
  debug: ['·', 'gray'],
  info: ['·', 'white'],
  warn: ['!', 'yellow'],
  error: ['✗', 'red'],
  fatal: ['✗', 'red'],
};

/** What wants to be noticed is painted whole. */
const LOUD: ReadonlySet<string> = new Set(['warn', 'error', 'fatal']);

const INDENT = ' '.repeat(11);

/** A destination for the log that writes {@link formatLine} of every line. */
export function createPrettyDestination(write: (text: string) => void, colour: boolean): { write(line: string): void } {
  return { write: (line) => write(formatLine(line, colour)) };
}

/** @param json one line of the log */
export function formatLine(json: string, colour: boolean): string {
  const line = JSON.parse(json) as LogLine;
  const paint = (style: Style, text: string): string =>
    colour ? styleText(style, text, { validateStream: false }) : text;

  const [icon, style] = ICONS[line.event ?? ''] ?? LEVELS[line.level] ?? ['·', 'white'];
  const msg = LOUD.has(line.level) ? paint(style, plainText(line.msg)) : plainText(line.msg);
  const rows = [`${paint('gray', line.time.slice(11, 19))} ${paint(style, icon)} ${msg}`];
  for (const field of line.fields ?? []) {
    if (typeof field === 'string') continue;
    const { path, live, desired } = field;
    rows.push(`${INDENT}${plainText(path)}: ${paint('red', showValue(live))} → ${paint('green', showValue(desired))}`);
  }
  for (const { file, line: row, column, message, hint } of line.problems ?? []) {
    const place = paint('cyan', `${plainText(file)}:${row}:${column}`);
    rows.push(`${INDENT}${place} ${plainText(hint === null ? message : `${message} (${hint})`)}`);
  }
  if (line.event === undefined && line.error !== undefined) {
    rows.push(...line.error.split('\n').map((row) => `${INDENT}${plainText(row)}`));
  }
  return `${rows.join('\n')}\n`;
}
