/** What became of a change. */

import type { Change } from './change.ts';
import type { ConnectorField } from './connector.ts';
import type { Problem } from './problem.ts';

export type OutcomeKind = 'applied' | 'unchanged' | 'reported' | 'failed' | 'blocked' | 'held' | 'skipped';

/** Why a write failed; a plain, scrubbed account of an API error. */
export interface WriteFailure {
  readonly kind: 'transient' | 'permanent' | 'unauthorized' | 'gone' | 'unsettled';
  /** HTTP status; null when no answer came. */
  readonly status: number | null;
  /** A sentence; never holds a value that was sent. */
  readonly message: string;
  /** Attempts made in this pass; 0 when it was not tried: an earlier failure rests, or the connector that the list lacks is there. */
  readonly attempts: number;
  /** Milliseconds until it may be tried again; null when only new content helps. */
  readonly retryInMs: number | null;
  /** Where the server said the fault lies (a 422), mapped back to the file. */
  readonly problems: readonly Problem[];
}

export interface Outcome {
  readonly change: Change;
  readonly outcome: OutcomeKind;
  /** The connector's id after the change. */
  readonly id: number | null;
  readonly failure: WriteFailure | null;
  /** Fields that the server changed in what it was sent. */
  readonly adjusted: readonly ConnectorField[];
}
