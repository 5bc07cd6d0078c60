/** The body of `GET /api/status`, as far as the page reads it. A test holds it against what the daemon sends. */

import type { PassCounts } from '../model/event.ts';
import type { ApiHealth, SourceHealth } from '../model/pass.ts';
import type { ConnectorState } from '../model/status-api.ts';

/** Times are milliseconds since the epoch, on the daemon's clock. */
export interface DaemonStatus {
  readonly version: string;
  readonly mode: 'starting' | 'syncing' | 'waiting' | 'draining' | 'stopped';
  readonly dryRun: boolean;
  readonly sandbox: boolean;
  readonly policy: string;
  readonly drift: string;
  readonly intervalMs: number;
  readonly sourceDir: string;
  readonly baseUrl: string;
  readonly revision: string | null;
  readonly startedAt: number;
  readonly nextPassAt: number | null;
  readonly passes: number;
  readonly progress: { readonly done: number; readonly total: number } | null;
  readonly queue: { readonly pending: number; readonly inFlight: number; readonly pausedUntil: number | null };
  readonly connectors: Readonly<Record<ConnectorState, number>>;
  readonly watch: 'events' | 'polling';
  readonly lastPass: LastPass | null;
  readonly lastSuccessAt: number | null;
  readonly stateDurable: boolean;
}

export interface LastPass {
  readonly startedAt: number;
  readonly durationMs: number;
  readonly source: SourceHealth;
  readonly api: ApiHealth;
  readonly counts: PassCounts;
  readonly brakes: readonly { readonly code: string; readonly reason: string; readonly blocked: number }[];
}
