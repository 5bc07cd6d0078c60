/** What the daemon knows about itself, for probes, the status API and people. */

import type { PassResult } from '../model/pass.ts';
import type { ConnectorState, DaemonFacts, DaemonMode, Status } from '../model/status-api.ts';
import { countPass } from './count-pass.ts';

/** What others count, asked at each reading. */
export interface Gauges {
  /** Requests that wait for their turn, and requests under way. */
  readonly queue: () => { readonly pending: number; readonly inFlight: number };
  readonly connectors: () => Readonly<Record<ConnectorState, number>>;
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
      const { startedAt, durationMs, source, api, plan, brakes } = result;
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
          // Where nothing could be planned, they hold what they held.
          brakes:
            plan === null
              ? (status.lastPass?.brakes ?? [])
              : brakes.map(({ code, reason, keys }) => ({ code, reason, blocked: keys.length })),
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
