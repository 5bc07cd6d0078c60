/**
 * The daemon's loop: pass, wait, pass, until it is stopped.
 *
 *     starting ──> syncing ──> waiting ──┐
 *                    ^  └───── nudge, timer
 *                    └───────────────────┘
 *     any ── stop() ──> draining ──> stopped
 *
 * A nudge during a pass withdraws what the pass has not sent yet, and the next pass starts at once: old
 * content is never pushed after new content. Files that never rest must not keep the others from being synced,
 * though: after a few passes that were withdrawn before they came to anything, one may go on for a while.
 */

import type { PassResult } from '../model/pass.ts';
import { plannedBy } from './confirmed-deletes.ts';
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
/** After so many passes in a row that were withdrawn and came to nothing, a nudge no longer withdraws at once. */
const MAX_FRUITLESS = 3;
/** How long such a pass may go on after a nudge; milliseconds. */
const PATIENCE_MS = 30_000;
const NONE: ReadonlySet<string> = new Set();

export function createRunLoop(options: RunLoopOptions): RunLoop {
  let mode: Mode = 'starting';
  let nudged: Nudge | null = null;
  let withdraw = new AbortController();
  let patience: NodeJS.Timeout | undefined;
  let fruitless = 0;
  let wake: () => void = () => undefined;
  let plannedDeletes = NONE;
  let replans = 0;

  const setMode = (next: Mode): void => {
    mode = next;
    options.onMode(next);
  };
  const isStopping = (): boolean => mode === 'draining' || mode === 'stopped';

  const isReplanDue = (): boolean => replans > 0 && replans <= MAX_REPLANS;

  const nudge = (next: Nudge): void => {
    nudged = nudged === 'person' ? 'person' : next;
    if (mode === 'syncing') withdrawPass();
    wake();
  };

  const withdrawPass = (): void => {
    const pass = withdraw;
    if (fruitless < MAX_FRUITLESS) pass.abort();
    else patience ??= setTimeout(() => pass.abort(), PATIENCE_MS);
  };

  const endPatience = (): void => {
    clearTimeout(patience);
    patience = undefined;
  };

  /** Resolves when the time is over, at a nudge and at a stop. */
  const wait = async (milliseconds: number): Promise<void> => {
    if (isStopping()) return;
    setMode('waiting');
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, milliseconds);
    wake = resolve;
    if (nudged !== null) resolve();
    await promise;
    clearTimeout(timer);
  };

  /** @returns milliseconds until the next pass; null when it follows at once, or none does */
  const passOnce = async (): Promise<number | null> => {
    const reason = nudged;
    // Neither has given the files time to come to rest.
    const isHasty = reason === 'files' || isReplanDue();
    nudged = null;
    withdraw = new AbortController();
    setMode('syncing');
    const result = await options.pass({
      signal: withdraw.signal,
      plannedDeletes: isHasty ? NONE : plannedDeletes,
      honourBackOff: reason !== 'person',
    });
    fruitless = isFruitless(result) ? fruitless + 1 : 0;
    // Whoever asked is not served by a pass that was cut short.
    if (result.withdrawn && reason === 'person') nudged = 'person';
    plannedDeletes = plannedBy(result, plannedDeletes);
    replans = wantsReplan(result) ? replans + 1 : 0;
    const followsAtOnce = nudged !== null || isReplanDue();
    const nextInMs = followsAtOnce || isStopping() ? null : options.nextInMs(result);
    options.onPass(result, nextInMs);
    return nextInMs;
  };

  return {
    async run() {
      while (!isStopping()) {
        try {
          const nextInMs = await passOnce();
          if (nextInMs !== null) await wait(nextInMs);
        } catch (error) {
          options.onCrash(error);
          await wait(CRASH_PAUSE_MS);
        } finally {
          endPatience();
        }
      }
      setMode('stopped');
    },
    nudge,
    stop() {
      if (isStopping()) return;
      setMode('draining');
      withdraw.abort();
      wake();
    },
  };
}

function isFruitless({ withdrawn, outcomes }: PassResult): boolean {
  return withdrawn && !outcomes.some(({ outcome }) => outcome === 'applied');
}

/** The server said that a connector is gone: only a fresh list tells what to do. */
function wantsReplan({ outcomes }: PassResult): boolean {
  return outcomes.some(({ failure }) => failure?.kind === 'gone');
}
