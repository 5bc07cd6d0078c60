/** What the daemon knows about itself, for probes, the status API and people. */

import type { ApiHealth, PassResult, SourceHealth } from '../model/pass.ts';
import type { PassCounts } from '../model/event.ts';
import type { ConnectorState } from '../model/status-api.ts';
import { countPass } from './count-pass.ts';

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

/** What others count, asked at each reading. */
export interface Gauges {
  /** Requests that wait for their turn, and requests under way. */
  readonly queue: () => { readonly pending: number; readonly inFlight: number };
  readonly connectors: () => Readonly<Record<ConnectorState, number>>;
}

/** A moment of the daemon; times are milliseconds since the epoch. */
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
  readonly lastPass: {
    readonly startedAt: number;
    readonly durationMs: number;
    readonly source: SourceHealth;
    readonly api: ApiHealth;
    readonly counts: PassCounts;
    readonly brakes: readonly { readonly code: string; readonly reason: string; readonly blocked: number }[];
  } | null;
  /** When a pass last read the source and the workspace; a connector that fails does not spoil it. */
  readonly lastSuccessAt: number | null;
  readonly stateDurable: boolean;
}

export interface StatusBoard {
  read(): Status;
  setMode(mode: DaemonMode): void;
  setRevision(revision: string | null): void;
  setDurable(durable: boolean): void;
  setWatch(watch: Status['watch']): void;
  moved(): void;
  paused(milliseconds: number): void;
  /** There is a plan with so many writes. */
  planned(writes: number): void;
  /** One of the planned writes is done, however it ended. */
  written(): void;
  passed(result: PassResult, nextInMs: number | null): void;
}

export interface StatusBoardOptions {
  readonly facts: DaemonFacts;
  readonly gauges: Gauges;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly onChange: () => void;
}

export function createStatusBoard({ facts, gauges, now, onChange }: StatusBoardOptions): StatusBoard {
  let status: Omit<Status, 'queue' | 'connectors'> = {
    ...facts,
    mode: 'starting',
    revision: null,
    startedAt: now(),
    movedAt: now(),
    pausedUntil: null,
    nextPassAt: null,
    passes: 0,
    progress: null,
    watch: 'events',
    lastPass: null,
    lastSuccessAt: null,
    stateDurable: true,
  };
  const update = (change: Partial<Status>): void => {
    status = { ...status, ...change, movedAt: now() };
    onChange();
  };

  return {
    read: () => {
      const { pausedUntil } = status;
      const isPaused = pausedUntil !== null && pausedUntil > now();
      return {
        ...status,
        queue: { ...gauges.queue(), pausedUntil: isPaused ? pausedUntil : null },
        connectors: gauges.connectors(),
      };
    },
    setMode: (mode) => update({ mode }),
    setRevision: (revision) => update({ revision }),
    setDurable: (stateDurable) => update({ stateDurable }),
    setWatch: (watch) => update({ watch }),
    moved: () => update({}),
    paused: (milliseconds) => update({ pausedUntil: Math.max(status.pausedUntil ?? 0, now() + milliseconds) }),
    planned: (total) => update({ progress: { done: 0, total } }),
    written: () => {
      const { progress } = status;
      update(progress === null ? {} : { progress: { ...progress, done: progress.done + 1 } });
    },
    passed: (result, nextInMs) => {
      if (result.withdrawn) {
        update({ nextPassAt: null, progress: null });
        return;
      }
      const { startedAt, durationMs, source, api, brakes } = result;
      update({
        passes: status.passes + 1,
        revision: result.revision,
        nextPassAt: nextInMs === null ? null : now() + nextInMs,
        progress: null,
        lastPass: {
          startedAt,
          durationMs,
          source,
          api,
          counts: countPass(result),
          brakes: brakes.map(({ code, reason, keys }) => ({ code, reason, blocked: keys.length })),
        },
        lastSuccessAt: isSuccess(result) ? now() : status.lastSuccessAt,
      });
    },
  };
}

/** One bad file or refused connector must not make the daemon unready: that would take a whole pod down. */
export function isSuccess({ source, api, plan }: PassResult): boolean {
  return source.status === 'ok' && api.status === 'ok' && plan !== null;
}
