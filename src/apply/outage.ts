/**
 * Tells a server that is down from a connector that it cannot take: when one write after the other fails for the
 * server's reasons, with no success between them, the rest of the pass is spared.
 */

import type { Outcome, WriteFailure } from '../model/outcome.ts';

/** Failures in a row. */
const LIMIT = 5;

export interface OutageDetector {
  /** The failure that made it an outage, or null. */
  readonly found: WriteFailure | null;
  note(outcome: Outcome): void;
}

export function createOutageDetector(): OutageDetector {
  let inARow = 0;
  let found: WriteFailure | null = null;
  return {
    get found() {
      return found;
    },
    note({ outcome, failure }) {
      if (outcome === 'applied') inARow = 0;
      else if (failure !== null && isServersFault(failure)) inARow += 1;
      if (inARow >= LIMIT) found ??= failure;
    },
  };
}

/** Tried in this pass, and neither refused nor answered with a reason that lies in the request. */
function isServersFault({ kind, attempts }: WriteFailure): boolean {
  return attempts > 0 && (kind === 'transient' || kind === 'unsettled');
}
