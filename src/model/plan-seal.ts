/** What a reviewed plan decided and rested on, as keyed digests: it can be recognised, and no value can be read from it. */

import type { Cause, ChangeAction } from './change.ts';

export interface SealedChange {
  readonly key: string;
  readonly action: ChangeAction;
  readonly cause: Cause;
  readonly id: number | null;
  /** Digest of everything that the change would do, and of all that it rests on. */
  readonly whole: string;
  /** Digest of the definition with its secrets; null when there is none, or none that is valid. */
  readonly definition: string | null;
  /** Digest of the live connector; null when there is none. */
  readonly live: string | null;
  /** Digest of what the state remembers of it; null when that is nothing. */
  readonly binding: string | null;
}

export interface PlanSeal {
  /** In the plan's order. */
  readonly changes: readonly SealedChange[];
  /** Digest of the bindings that move to other paths, or are forgotten. */
  readonly bookkeeping: string;
}

/** Why a reviewed plan is not applied: something is not as it was. */
export interface Objection {
  /** Null for what concerns the plan as a whole. */
  readonly key: string | null;
  readonly moved: 'definition' | 'live' | 'state' | 'settings' | 'plan';
  /** A sentence without a subject, such as `its definition changed`; for the whole plan, a whole sentence. */
  readonly message: string;
}
