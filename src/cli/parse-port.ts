import { UsageError } from './usage-error.ts';

/** @throws UsageError naming the flag */
export function parsePort(flag: string, text: string): number {
  const port = /^\d{1,5}$/u.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new UsageError(`${flag}: expected a port from 0 to 65535`);
}
