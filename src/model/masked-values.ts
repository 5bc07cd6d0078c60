/**
 * Values that the server hides in its answers. Whether it does is not documented, so both are coped with: a
 * run of mask characters that stands for a part of what we sent, or for all of it, is a mask and no edit.
 */

import type { ConnectorConfig, ConnectorField, NameValue } from './connector.ts';

const MASK = /[*•●]{3,}|\[(?:redacted|hidden|masked)\]/giu;

/** True when a part of the text, or all of it, looks like what a server puts in the place of a value that it hides. */
export function holdsMask(text: string): boolean {
  return text.search(MASK) !== -1;
}

/** True when the text is a mask and nothing else. */
export function isAllMask(text: string): boolean {
  return text !== '' && splitAtMasks(text).every((part, index) => index % 2 === 1 || part === '');
}

/** The text cut at its masks, which are kept: what lies at odd places is a mask. */
export function splitAtMasks(text: string): readonly string[] {
  return text.split(new RegExp(`(${MASK.source})`, MASK.flags));
}

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
  return typeof live === 'string' && typeof desired === 'string' && isMaskOf(live, desired);
}

/** `Bearer ****` is a mask of `Bearer abc`; `Lead *** score` is none of `Lead score`, but an edit. */
function isMaskOf(live: string, desired: string): boolean {
  const [start = '', ...rest] = live.split(MASK);
  const end = rest.pop();
  if (end === undefined || desired.search(MASK) !== -1) return false;
  if (start === '' && end === '' && rest.length === 0) return true;

  // What is left open must appear in its order, with something hidden before each part.
  let from = start.length;
  for (const part of rest) {
    const at = desired.indexOf(part, from + 1);
    if (at === -1) return false;
    from = at + part.length;
  }
  return desired.startsWith(start) && desired.endsWith(end) && desired.length - end.length > from;
}
