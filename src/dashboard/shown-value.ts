/** How one side of a field difference is shown. */

export type ShownValue =
  | { readonly kind: 'absent' }
  /** A fingerprint in place of a secret. */
  | { readonly kind: 'hidden'; readonly fingerprint: string }
  | { readonly kind: 'text'; readonly text: string };

export function showValue(value: unknown): ShownValue {
  if (value === undefined) return { kind: 'absent' };
  if (typeof value !== 'string') return { kind: 'text', text: JSON.stringify(value, null, 2) };
  return /^hmac:[0-9a-f]{8}$/u.test(value) ? { kind: 'hidden', fingerprint: value } : { kind: 'text', text: value };
}

export interface SplitChange {
  readonly before: string;
  readonly live: string;
  readonly desired: string;
  readonly after: string;
}

/** What two texts have in common at both ends, and what differs between; whole code points only. */
export function splitChange(live: string, desired: string): SplitChange {
  const [left, right] = [Array.from(live), Array.from(desired)];
  const shorter = Math.min(left.length, right.length);
  let head = 0;
  while (head < shorter && left[head] === right[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && left.at(-1 - tail) === right.at(-1 - tail)) tail += 1;
  return {
    before: left.slice(0, head).join(''),
    live: left.slice(head, left.length - tail).join(''),
    desired: right.slice(head, right.length - tail).join(''),
    after: left.slice(left.length - tail).join(''),
  };
}
