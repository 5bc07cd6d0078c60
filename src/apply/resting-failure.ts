/** A connector that failed rests: until its time, or for good, and in either case until its content changes. */

import type { Failure } from '../model/baseline.ts';
import type { WriteFailure } from '../model/outcome.ts';
import { LONGEST_BACK_OFF_MS } from './back-off.ts';

/**
 * The earlier failure that still forbids a write, told as this pass's outcome; null when it may be tried.
 *
 * @param digest what would be sent, or done
 * @param now milliseconds since the epoch
 */
export function restingFailure(failure: Failure | undefined, digest: string, now: number): WriteFailure | null {
  if (failure === undefined || failure.digest !== digest) return null;
  const retryInMs = failure.kind === 'permanent' ? null : failure.retryAt - now;
  // Nobody rests longer than that: it was recorded by a process whose clock was ahead.
  if (retryInMs !== null && (retryInMs <= 0 || retryInMs > LONGEST_BACK_OFF_MS)) return null;
  const { kind, status, message } = failure;
  return { kind, status, message, attempts: 0, retryInMs, problems: [] };
}
