/**
 * Notices that wait for their turn. Whoever adds some never waits: one worker sends all that is there as one message, no
 * more often than the pace allows, and rests when the receiver does not take them.
 *
 *   empty --add--> waiting (pace, or rest after a failure) --> sending --delivered, refused--> empty
 *                     ^                                          |
 *                     +------------------ failed ----------------+
 *
 * Its memory is bounded: the oldest notices make way.
 */

import type { EmitEvent } from '../model/event.ts';
import type { DeliverSignals, Delivery } from './deliver.ts';
import type { Notice } from './notice.ts';
import type { Pace } from './pace.ts';

export interface OutboxOptions {
  /** Send them as one message. It never rejects. */
  readonly send: (notices: readonly Notice[], heldBack: boolean, signals: DeliverSignals) => Promise<Delivery>;
  readonly pace: Pace;
  readonly emit: EmitEvent;
  /** Milliseconds, on a clock that never goes back. */
  readonly now: () => number;
  /** Resolves early when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** How many notices may wait. */
  readonly mostWaiting: number;
}

export interface Outbox {
  /** Nothing could be sent now, as is known before there is anything to send. */
  expectTrouble(error: string): void;
  add(notices: readonly Notice[]): void;
  /** Send what is left, if that is done within `withinMs`. It never rejects. */
  close(withinMs: number): Promise<void>;
}

const FIRST_REST_MS = 60_000;
const LONGEST_REST_MS = 15 * 60_000;

export function createOutbox({ send, pace, emit, now, sleep, mostWaiting }: OutboxOptions): Outbox {
  const hurry = new AbortController();
  const abort = new AbortController();
  const signals = { hurry: hurry.signal, abort: abort.signal };
  let waiting: readonly Notice[] = [];
  let failures = 0;
  let dropped = 0;
  let told: 'nothing' | 'failure' | 'loss' = 'nothing';
  let isWorking = false;
  let worked = Promise.resolve();

  /** A failure is told when it begins, and again when notices begin to be lost by it. */
  const tellTrouble = (trouble: {
    readonly code: number | null;
    readonly attempts: number;
    readonly error: string;
  }) => {
    if (told === 'loss' || (told === 'failure' && dropped === 0)) return;
    told = dropped === 0 ? 'failure' : 'loss';
    const { code, attempts, error } = trouble;
    emit({ event: 'notify.failed', status: code, attempts, error, waiting: waiting.length, dropped });
  };

  const keep = (notices: readonly Notice[]): void => {
    waiting = notices.slice(-mostWaiting);
    dropped += notices.length - waiting.length;
  };

  const sendAll = async (heldBack: boolean): Promise<Delivery['status']> => {
    const batch = waiting;
    waiting = [];
    pace.sent(now());
    const delivery = await send(batch, heldBack, signals);
    if (delivery.status === 'delivered') {
      if (told !== 'nothing') emit({ event: 'notify.recovered' });
      [failures, dropped, told] = [0, 0, 'nothing'];
    } else {
      failures += 1;
      if (delivery.permanent) dropped += batch.length;
      else keep([...batch, ...waiting]);
      tellTrouble(delivery);
    }
    return delivery.status;
  };

  const work = async (): Promise<void> => {
    let heldBack = false;
    while (waiting.length > 0) {
      const { waitMs, capped } = pace.next(now());
      heldBack ||= capped;
      const pauseMs = Math.max(waitMs, restMs(failures));
      if (pauseMs > 0) await sleep(pauseMs, hurry.signal);
      const status = await sendAll(heldBack);
      if (status === 'delivered') heldBack = false;
      else if (hurry.signal.aborted) return;
    }
  };

  const workOff = async (): Promise<void> => {
    isWorking = true;
    try {
      await work();
    } catch (error) {
      // A defect of ours, which must not end the daemon.
      const name = error instanceof Error ? error.name : 'unknown error';
      tellTrouble({ code: null, attempts: 0, error: `the message could not be made (${name})` });
    } finally {
      isWorking = false;
    }
  };

  return {
    expectTrouble: (error) => tellTrouble({ code: null, attempts: 0, error }),
    add(notices) {
      if (notices.length === 0) return;
      keep([...waiting, ...notices]);
      if (dropped > 0) tellTrouble({ code: null, attempts: 0, error: 'too many notices wait, the oldest are dropped' });
      if (!isWorking) worked = workOff();
    },
    async close(withinMs) {
      hurry.abort();
      const deadline = setTimeout(() => abort.abort(), withinMs);
      await worked;
      clearTimeout(deadline);
    },
  };
}

/** After a failed delivery: growing from a minute to a quarter of an hour. */
function restMs(failures: number): number {
  return failures === 0 ? 0 : Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** Math.min(failures - 1, 10));
}
