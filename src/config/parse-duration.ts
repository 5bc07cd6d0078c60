import type { Parsed } from './parsed.ts';
import { parsed, rejected } from './parsed.ts';

const MILLISECONDS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
]);

/** Read `250ms`, `30s`, `5m` or `1h` as milliseconds. */
export function parseDuration(text: string): Parsed<number> {
  const [, digits, unit = ''] = /^(\d+)([a-z]*)$/.exec(text) ?? [];
  if (digits === undefined) return rejected('is not a duration');
  if (unit === '') return rejected('has no unit');
  const factor = MILLISECONDS.get(unit);
  if (factor === undefined) return rejected('has an unknown unit');
  const milliseconds = Number(digits) * factor;
  return Number.isSafeInteger(milliseconds) ? parsed(milliseconds) : rejected('is too long');
}
