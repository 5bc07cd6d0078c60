/**
 * Tells people what is wrong and when it is over, through a webhook:
 *
 *   events of a pass -> conditions -> what is news -> outbox -> digest -> message -> webhook
 *
 * It listens and never answers: whatever becomes of a message, the pass goes on.
 */

import type { EmitEvent, SyncEvent } from '../model/event.ts';
import type { PassResult } from '../model/pass.ts';
import { createConditionLedger } from './condition-ledger.ts';
import type { Deliver, Delivery } from './deliver.ts';
import { digestsOf } from './digest.ts';
import type { Sender } from './message.ts';
import type { Notice, NoticeKind } from './notice.ts';
import { createOutbox } from './outbox.ts';
import { createPace } from './pace.ts';
import type { NotifyFormat } from './render-message.ts';
import { renderMessage } from './render-message.ts';

export interface NotifierOptions {
  readonly format: NotifyFormat;
  /** `recovery`: whether the end of what was told is told. */
  readonly events: readonly (NoticeKind | 'recovery')[];
  readonly afterPasses: number;
  /** Who tells; the revision is that of the last pass. */
  readonly sender: Omit<Sender, 'revision'>;
  readonly deliver: Deliver;
  /** What is wrong with the webhook already; null for nothing. */
  readonly trouble: string | null;
  /** A UUID, new at each call. */
  readonly newId: () => string;
  readonly emit: EmitEvent;
  /** Milliseconds since the epoch, on a clock that never goes back. */
  readonly now: () => number;
  /** What the receiver's clock calls a time of `now`. */
  readonly wallTime: (at: number) => number;
  /** Resolves early when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface Notifier {
  /** Tell at once what is wrong with the webhook: a typing error is not for the first night to find. */
  start(): void;
  told(event: SyncEvent): void;
  passed(result: PassResult): void;
  /** Send what is left, for {@link FLUSH_MS} at most. It never rejects. */
  close(): Promise<void>;
}

/** How long the end of the daemon waits for the last message; milliseconds. */
export const FLUSH_MS = 1_500;
const GAP_MS = 10_000;
const PER_HOUR = 20;
const MOST_WAITING = 20_000;

export function createNotifier(options: NotifierOptions): Notifier {
  const { format, events, afterPasses, sender, deliver, trouble, newId, emit, now, wallTime, sleep } = options;
  const ledger = createConditionLedger(afterPasses);
  let revision: string | null = null;

  const isWanted = ({ kind, state }: Notice): boolean =>
    events.includes(kind) && (state !== 'ended' || events.includes('recovery'));

  const outbox = createOutbox({
    send: async (notices, heldBack, signals): Promise<Delivery> => {
      const digests = digestsOf(notices.map((notice) => ({ ...notice, since: wallTime(notice.since) })));
      const message = {
        id: newId(),
        time: wallTime(now()),
        sender: { ...sender, revision },
        digests,
        heldBack,
        test: false,
      };
      return deliver(renderMessage(message, format), signals);
    },
    pace: createPace({ gapMs: GAP_MS, perHour: PER_HOUR }),
    emit,
    now,
    sleep,
    mostWaiting: MOST_WAITING,
  });

  return {
    start() {
      if (trouble !== null) outbox.expectTrouble(trouble);
    },
    told: (event) => ledger.note(event),
    passed(result) {
      revision = result.revision ?? revision;
      outbox.add(ledger.close(result).filter(isWanted));
    },
    close: async () => outbox.close(FLUSH_MS),
  };
}
