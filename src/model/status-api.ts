/**
 * What the daemon tells about itself over HTTP: the bodies of `GET /api/...`. The daemon makes them, the dashboard and the
 * command `status` read them. Nothing in them is a secret: values are fingerprints already.
 *
 * Times are milliseconds since the epoch.
 */

import type { PassRecord } from './baseline.ts';
import type { Cause, ChangeAction, FieldChange } from './change.ts';
import type { ConnectorField } from './connector.ts';
import type { ConnectorRef, EventName, PassCounts } from './event.ts';
import type { ApiHealth, SourceHealth } from './pass.ts';
import type { Problem } from './problem.ts';

/**
 * How a connector stands against its file, worst first. Each has exactly one:
 *
 * | state     | means                                                                                 |
 * |-----------|---------------------------------------------------------------------------------------|
 * | invalid   | the definition cannot be used; the connector is held as it is                         |
 * | failing   | the last write failed                                                                 |
 * | blocked   | a brake, or an identity that is not clear, holds the change                           |
 * | drifted   | it was changed elsewhere, and that has not been put right (yet)                       |
 * | pending   | a change is due: waiting for its turn, or left out by policy or a dry run             |
 * | orphaned  | no file defines it any more; it is left alone                                         |
 * | suspended | `sync.suspend`: left alone on purpose                                                 |
 * | in_sync   | as its file says, but for what the server adjusts                                     |
 */
export const CONNECTOR_STATES = [
  'invalid',
  'failing',
  'blocked',
  'drifted',
  'pending',
  'orphaned',
  'suspended',
  'in_sync',
] as const;

export type ConnectorState = (typeof CONNECTOR_STATES)[number];

export type DaemonMode = 'starting' | 'syncing' | 'waiting' | 'draining' | 'stopped';

/** What stays as it is while the daemon runs. */
export interface DaemonFacts {
  readonly version: string;
  /** The git commit that it was built from; null when it is not known. */
  readonly commit: string | null;
  readonly dryRun: boolean;
  /** True when an embedded imitation of the API is used instead of the real one. */
  readonly sandbox: boolean;
  /** `sync.policy`. */
  readonly policy: string;
  /** `sync.drift`. */
  readonly drift: string;
  /** `sync.interval`. */
  readonly intervalMs: number;
  readonly sourceDir: string;
  /** Without credentials. */
  readonly baseUrl: string;
}

/** `GET /api/status`: a moment of the daemon. */
export interface Status extends DaemonFacts {
  readonly mode: DaemonMode;
  readonly revision: string | null;
  readonly startedAt: number;
  /** When anything last moved: a mode change, an answer of the server, a finished pass. */
  readonly movedAt: number;
  /** The queue is paused until then, because the server asked for it. */
  readonly pausedUntil: number | null;
  readonly nextPassAt: number | null;
  readonly passes: number;
  /** Writes of the pass under way; null when there is none, or it has no plan yet. */
  readonly progress: { readonly done: number; readonly total: number } | null;
  readonly queue: { readonly pending: number; readonly inFlight: number; readonly pausedUntil: number | null };
  /** How many connectors are in each state. */
  readonly connectors: Readonly<Record<ConnectorState, number>>;
  /** How changes of files are noticed; `polling` when watching them by events has failed. */
  readonly watch: 'events' | 'polling';
  readonly lastPass: LastPass | null;
  /** When a pass last read the source and the workspace; a connector that fails does not spoil it. */
  readonly lastSuccessAt: number | null;
  readonly stateDurable: boolean;
}

/** The last pass that was not withdrawn. */
export interface LastPass {
  readonly startedAt: number;
  readonly durationMs: number;
  readonly source: SourceHealth;
  readonly api: ApiHealth;
  readonly counts: PassCounts;
  readonly brakes: readonly { readonly code: string; readonly reason: string; readonly blocked: number }[];
}

export interface ConnectorRow {
  readonly key: string;
  readonly id: number | null;
  readonly name: string | null;
  /** Relative to the source directory; null only when it was never known. */
  readonly file: string | null;
  /** Of the first problem, from 1; null when nothing is wrong at a certain line. */
  readonly line: number | null;
  readonly state: ConnectorState;
  readonly cause: Cause | null;
  readonly action: ChangeAction | null;
  /** When it came to be in this state. */
  readonly since: number;
  /** A sentence: what is wrong, or why nothing is done; null when all is well. */
  readonly message: string | null;
}

/** One event of the log, as it was told. */
export interface ToldEvent {
  readonly at: number;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly event: EventName;
  readonly message: string;
  readonly connector: ConnectorRef | null;
}

/** `GET /api/connector?key=`; 404 when there is none. */
export interface ConnectorDetail extends ConnectorRow {
  readonly fields: readonly FieldChange[];
  readonly problems: readonly ProblemWithFrame[];
  /** Fields that the server keeps its own value of. */
  readonly adjusted: readonly ConnectorField[];
  /** When a failing connector is tried again; null when it is not failing, or only new content helps. */
  readonly retryAt: number | null;
  /** Newest first; at most 20. */
  readonly events: readonly ToldEvent[];
}

export interface ProblemWithFrame extends Problem {
  /** The line it is about, with a second line that has a caret below the place; null where the line may bear a secret. */
  readonly frame: string | null;
}

/**
 * `GET /api/connectors?state=failing,blocked&q=acme&page=1&size=100`: rows of the states asked for (all when none is)
 * whose key, name, file or id contains `q`, whatever the case; worst state first, then by key.
 */
export interface ConnectorPage {
  /** How many match; `rows` holds at most `size` of them. */
  readonly total: number;
  /** From 1. */
  readonly page: number;
  /** From 1 to 500; 100 unless asked for. */
  readonly size: number;
  /** How many match `q` in each state, whatever `state` asks for. */
  readonly states: Readonly<Record<ConnectorState, number>>;
  readonly rows: readonly ConnectorRow[];
}

/** `GET /api/passes`: the last passes, newest first; at most 50. */
export interface PassHistory {
  readonly passes: readonly PassRecord[];
}

/** `GET /api/recent`: the last events, newest first; at most 100. */
export interface RecentEvents {
  readonly events: readonly ToldEvent[];
}

/**
 * `GET /api/stream`: server-sent events. An event `status` carries the body of `GET /api/status` when anything in it has
 * changed, at most four times a second; an event `changed`, with the same limit, says that rows, passes or events have
 * changed and should be asked for again; a comment every 15 seconds keeps the connection open.
 */
export const STREAM_EVENTS = ['status', 'changed'] as const;
