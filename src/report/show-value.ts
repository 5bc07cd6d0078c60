import { plainText } from './plain-text.ts';

/** A value of a difference, as JSON on one line; `nothing` where a side has none. */
export function showValue(value: unknown): string {
  return value === undefined || value === null ? 'nothing' : plainText(JSON.stringify(value));
}
