/** The event catalogue. Names and fields are API: see docs/events.md. */

import type { BlockCode, Cause, FieldChange } from './change.ts';
import type { ConnectorField } from './connector.ts';
import type { Problem } from './problem.ts';

export interface ConnectorRef {
  readonly key: string;
  readonly id: number | null;
  readonly name: string | null;
}

interface AboutConnector {
  readonly connector: ConnectorRef;
  readonly file: string | null;
}

/** How many connectors ended a pass in each way. */
export interface PassCounts {
  readonly created: number;
  readonly adopted: number;
  readonly updated: number;
  readonly deleted: number;
  readonly unchanged: number;
  readonly drifted: number;
  readonly healed: number;
  readonly adjusted: number;
  readonly blocked: number;
  readonly held: number;
  readonly invalid: number;
  readonly failed: number;
  readonly orphaned: number;
  readonly unmanaged: number;
}

export type SyncEvent =
  | {
      readonly event: 'daemon.started';
      readonly version: string;
      /** The git commit that it was built from; null when it is not known. */
      readonly commit: string | null;
      readonly sourceDir: string;
      readonly baseUrl: string;
      readonly policy: string;
      readonly drift: string;
      readonly dryRun: boolean;
      readonly sandbox: boolean;
      readonly listen: string | null;
    }
  | { readonly event: 'daemon.stopping'; readonly signal: string }
  | { readonly event: 'daemon.stopped'; readonly exitCode: number }
  | ({
      readonly event: 'pass.completed';
      readonly durationMs: number;
      readonly nextInMs: number | null;
      /** True when something was told since the pass before, or the heartbeat is due: info rather than debug. */
      readonly notable: boolean;
    } & PassCounts)
  | ({ readonly event: 'connector.created' } & AboutConnector)
  | ({ readonly event: 'connector.adopted' } & AboutConnector)
  | ({
      readonly event: 'connector.updated';
      readonly cause: Cause;
      readonly fields: readonly FieldChange[];
    } & AboutConnector)
  | ({ readonly event: 'connector.deleted' } & AboutConnector)
  | ({ readonly event: 'connector.invalid'; readonly problems: readonly Problem[] } & AboutConnector)
  | ({ readonly event: 'connector.blocked'; readonly code: BlockCode; readonly reason: string } & AboutConnector)
  | ({
      readonly event: 'connector.failed';
      readonly status: number | null;
      readonly attempts: number;
      readonly retryInMs: number | null;
      readonly error: string;
      readonly problems: readonly Problem[];
    } & AboutConnector)
  | ({
      readonly event: 'connector.recovered';
      /** What has ended. */
      readonly was: 'invalid' | 'blocked' | 'failed' | 'orphaned';
    } & AboutConnector)
  | ({ readonly event: 'connector.orphaned' } & AboutConnector)
  | ({ readonly event: 'connector.adjusted'; readonly fields: readonly ConnectorField[] } & AboutConnector)
  | ({
      readonly event: 'drift.detected';
      readonly cause: Cause;
      readonly fields: readonly FieldChange[];
    } & AboutConnector)
  | ({ readonly event: 'drift.healed'; readonly cause: Cause } & AboutConnector)
  | ({ readonly event: 'drift.cleared' } & AboutConnector)
  | {
      readonly event: 'brake.engaged';
      readonly code: BlockCode;
      readonly reason: string;
      /** How many changes it holds back, and the keys of the first ten. */
      readonly blocked: number;
      readonly keys: readonly string[];
    }
  | { readonly event: 'brake.released'; readonly code: BlockCode }
  | { readonly event: 'api.throttled'; readonly pauseMs: number; readonly status: number }
  | {
      readonly event: 'api.unauthorized';
      /** Null when there is no key to send. */
      readonly status: number | null;
      readonly error?: string;
    }
  | { readonly event: 'api.unreachable'; readonly status: number | null; readonly error: string }
  | { readonly event: 'api.recovered' }
  | { readonly event: 'source.unavailable'; readonly reason: string }
  | { readonly event: 'source.recovered' }
  | { readonly event: 'watch.degraded'; readonly reason: string }
  | { readonly event: 'state.rebuilt'; readonly reason: string }
  | {
      readonly event: 'notify.failed';
      /** What the webhook answered; null when no answer came. */
      readonly status: number | null;
      readonly attempts: number;
      readonly error: string;
      /** How many notices wait for the next try, and how many were dropped since it began to fail. */
      readonly waiting: number;
      readonly dropped: number;
    }
  | { readonly event: 'notify.recovered' };

export type EventName = SyncEvent['event'];

/** Where events go. It never throws and never blocks. */
export type EmitEvent = (event: SyncEvent) => void;
