/**
 * Values that the server hides in its answers. Whether it does is not documented, so both are coped with: a
 * run of mask characters where we sent something else is taken for a mask, not for an edit.
 */

import type { ConnectorConfig, ConnectorField, NameValue } from './connector.ts';

const MASK = /[*•●]{3,}|\[(?:redacted|hidden|masked)\]/iu;

/** True when `live` is `desired` but for values that the server masks. */
export function sameButMasked(
  live: ConnectorConfig[ConnectorField],
  desired: ConnectorConfig[ConnectorField],
): boolean {
  if (!Array.isArray(live) || !Array.isArray(desired)) return sameText(live, desired);
  const [ours, theirs] = [live as readonly NameValue[], desired as readonly NameValue[]];
  return (
    ours.length === theirs.length &&
    ours.every((pair, index) => pair.name === theirs[index]?.name && sameText(pair.value, theirs[index].value))
  );
}

function sameText(live: unknown, desired: unknown): boolean {
  if (live === desired) return true;
  return typeof live === 'string' && typeof desired === 'string' && MASK.test(live) && !MASK.test(desired);
}
