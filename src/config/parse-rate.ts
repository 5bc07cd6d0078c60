import type { Rate } from './option.ts';
import type { Parsed } from './parsed.ts';
import { parsed, rejected } from './parsed.ts';

const INTERVALS: ReadonlyMap<string, number> = new Map([
  ['s', 1000],
  ['m', 60_000],
]);

// The queue remembers the start of every request in the window.
const MOST = 100_000;

/** Read `10/s` or `300/m`; `off` is null. */
export function parseRate(text: string): Parsed<Rate | null> {
  if (text === 'off') return parsed(null);
  const [, digits, unit = ''] = /^(\d+)\/([a-z]+)$/.exec(text) ?? [];
  const intervalMs = INTERVALS.get(unit);
  if (digits === undefined || intervalMs === undefined) return rejected('is not a rate');
  const count = Number(digits);
  if (count === 0) return rejected('would let nothing through');
  return count > MOST ? rejected('is too high') : parsed({ count, intervalMs });
}
