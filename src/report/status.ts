/** What the daemon knows about itself, for probes, the status API and people. */

import type { ApiHealth, PassResult, SourceHealth } from '../model/pass.ts';
import type { PassCounts } from '../model/event.ts';
import { countPass } from './count-pass.ts';

export type DaemonMode = 'starting' | 'syncing' | 'waiting' | 'draining' | 'stopped';

/** A moment of the daemon; times are milliseconds since the epoch. */
export interface Status {
  readonly version: string;
  readonly mode: DaemonMode;
  readonly revision: string | null;
  readonly startedAt: number;
  /** When anything last moved: a mode change, an answer of the server, a finished pass. */
  readonly movedAt: number;
  /** The queue is paused until then, because the server asked for it. */
  readonly pausedUntil: number | null;
  readonly nextPassAt: number | null;
  readonly passes: number;
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
  moved(): void;
  paused(milliseconds: number): void;
  passed(result: PassResult, nextInMs: number | null): void;
}

/** @param now milliseconds since the epoch */
export function createStatusBoard(version: string, now: () => number): StatusBoard {
  let status: Status = {
    version,
    mode: 'starting',
    revision: null,
    startedAt: now(),
    movedAt: now(),
    pausedUntil: null,
    nextPassAt: null,
    passes: 0,
    lastPass: null,
    lastSuccessAt: null,
    stateDurable: true,
  };
  const update = (change: Partial<Status>): void => {
    status = { ...status, ...change, movedAt: now() };
  };

  return {
    read: () => status,
    setMode: (mode) => update({ mode }),
    setRevision: (revision) => update({ revision }),
    setDurable: (stateDurable) => update({ stateDurable }),
    moved: () => update({}),
    paused: (milliseconds) => update({ pausedUntil: Math.max(status.pausedUntil ?? 0, now() + milliseconds) }),
    passed: (result, nextInMs) => {
      if (result.withdrawn) {
        update({ nextPassAt: null });
        return;
      }
      const { startedAt, durationMs, source, api, brakes } = result;
      update({
        passes: status.passes + 1,
        revision: result.revision,
        nextPassAt: nextInMs === null ? null : now() + nextInMs,
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
function isSuccess({ source, api, plan }: PassResult): boolean {
  return source.status === 'ok' && api.status === 'ok' && plan !== null;
}
