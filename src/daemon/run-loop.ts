/**
 * The daemon's loop: pass, wait, pass, until it is stopped.
 *
 *     starting ──> syncing ──> waiting ──┐
 *                    ^  └───── nudge, timer
 *                    └───────────────────┘
 *     any ── stop() ──> draining ──> stopped
 *
 * A nudge during a pass withdraws what the pass has not sent yet, and the next pass starts at once: old
 * content is never pushed after new content.
 */

import type { PassResult } from '../model/pass.ts';
import type { PassRequest } from './run-once.ts';

export type Mode = 'starting' | 'syncing' | 'waiting' | 'draining' | 'stopped';

/** Why a pass runs before its time. A person's nudge does not wait for back-offs. */
export type Nudge = 'files' | 'person';

export interface RunLoopOptions {
  readonly pass: (request: PassRequest) => Promise<PassResult>;
  /** Milliseconds until the next pass. */
  readonly nextInMs: (result: PassResult) => number;
  readonly onMode: (mode: Mode) => void;
  /** After every pass; `nextInMs` is null when the next one follows at once, or none does. */
  readonly onPass: (result: PassResult, nextInMs: number | null) => void;
  /** A pass that threw: a defect of ours, which must not end the daemon. */
  readonly onCrash: (error: unknown) => void;
}

export interface RunLoop {
  /** Resolves when the loop has stopped. */
  run(): Promise<void>;
  nudge(nudge: Nudge): void;
  /** Stop after what is in flight; nothing new is sent. */
  stop(): void;
}

/** After a pass that threw, wait this long; milliseconds. */
const CRASH_PAUSE_MS = 10_000;
/** A 404 on a write asks for a fresh list at once, but not for ever. */
const MAX_REPLANS = 3;

export function createRunLoop(options: RunLoopOptions): RunLoop {
  let mode: Mode = 'starting';
  let nudged: Nudge | null = null;
  let withdraw = new AbortController();
  let wake: () => void = () => undefined;

  const setMode = (next: Mode): void => {
    mode = next;
    options.onMode(next);
  };
  const isStopping = (): boolean => mode === 'draining' || mode === 'stopped';

  const sleep = async (milliseconds: number): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, milliseconds);
    wake = resolve;
    if (nudged !== null || isStopping()) resolve();
    await promise;
    clearTimeout(timer);
  };

  return {
    async run() {
      let plannedDeletes: ReadonlySet<string> = new Set();
      let replans = 0;
      while (!isStopping()) {
        const reason = nudged;
        nudged = null;
        withdraw = new AbortController();
        setMode('syncing');
        try {
          const result = await options.pass({
            signal: withdraw.signal,
            plannedDeletes,
            honourBackOff: reason !== 'person',
          });
          if (result.plan !== null) plannedDeletes = result.plannedDeletes;
          replans = wantsReplan(result) ? replans + 1 : 0;
          const immediate = nudged !== null || (replans > 0 && replans <= MAX_REPLANS);
          const nextInMs = immediate || isStopping() ? null : options.nextInMs(result);
          options.onPass(result, nextInMs);
          if (nextInMs === null) continue;
          setMode('waiting');
          await sleep(nextInMs);
        } catch (error) {
          options.onCrash(error);
          if (isStopping()) continue;
          setMode('waiting');
          await sleep(CRASH_PAUSE_MS);
        }
      }
      setMode('stopped');
    },
    nudge(nudge) {
      nudged = nudged === 'person' ? 'person' : nudge;
      if (mode === 'syncing') withdraw.abort();
      wake();
    },
    stop() {
      if (isStopping()) return;
      setMode('draining');
      withdraw.abort();
      wake();
    },
  };
}

/** The server said that a connector is gone: only a fresh list tells what to do. */
function wantsReplan({ outcomes }: PassResult): boolean {
  return outcomes.some(({ failure }) => failure?.kind === 'gone');
}
