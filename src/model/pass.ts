/** What one pass found and did: the material of logs, status and command output. */

import type { Brake, Plan } from './change.ts';
import type { Outcome } from './outcome.ts';
import type { Objection } from './plan-seal.ts';
import type { Desired } from './problem.ts';

/** How the server treated us, as far as this pass could tell. */
export type ApiHealth =
  | { readonly status: 'ok' }
  /** The key was refused; `code` is null when there is no key that could be sent. */
  | { readonly status: 'unauthorized'; readonly code: number | null; readonly message: string }
  | { readonly status: 'unreachable'; readonly code: number | null; readonly message: string };

export type SourceHealth =
  { readonly status: 'ok' } | { readonly status: 'missing' | 'unreadable'; readonly message: string };

export interface PassResult {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly revision: string | null;
  readonly source: SourceHealth;
  readonly api: ApiHealth;
  readonly desired: Desired;
  /** Null when the live connectors could not be listed, so that nothing could be planned. */
  readonly plan: Plan | null;
  readonly brakes: readonly Brake[];
  /** Empty when nothing could be planned. */
  readonly outcomes: readonly Outcome[];
  /** Deletes that the next pass may confirm. */
  readonly plannedDeletes: ReadonlySet<string>;
  /** Why a plan that was reviewed is not applied; empty when it is, or none was. */
  readonly objections: readonly Objection[];
  /** True when the pass was cut short because the files changed, or the process is stopping. */
  readonly withdrawn: boolean;
}
