/** Small builders of events, notices and messages about what people are told of. */

import type { ConnectorRef, SyncEvent } from '../../src/model/event.ts';
import type { PassResult } from '../../src/model/pass.ts';
import { createConditionLedger } from '../../src/notify/condition-ledger.ts';
import type { Message, Sender } from '../../src/notify/message.ts';
import type { Notice } from '../../src/notify/notice.ts';
import { digestsOf } from '../../src/notify/digest.ts';
import { PLAIN_STYLE, sentenceOf } from '../../src/notify/sentence.ts';
import { passResult, STARTED_AT } from './pass-builders.ts';

type EventOf<Name extends SyncEvent['event']> = Extract<SyncEvent, { readonly event: Name }>;

export interface AboutKey {
  readonly connector: ConnectorRef;
  readonly file: string;
}

export function aboutKey(key: string, id: number | null = 7): AboutKey {
  return { connector: { key, id, name: key.toUpperCase() }, file: `${key}.yaml` };
}

export function failedEvent(key: string, changes: Partial<EventOf<'connector.failed'>> = {}): SyncEvent {
  const error = `PUT /v1/connectors/7 answered ${String(changes.status ?? 503)}`;
  const rest = { status: 503, attempts: 5, retryInMs: 1_000, error, problems: [] };
  return { event: 'connector.failed', ...rest, ...aboutKey(key), ...changes };
}

export function driftEvent(key: string, changes: Partial<EventOf<'drift.detected'>> = {}): SyncEvent {
  const fields = [{ path: '/url', live: 'https://theirs.example', desired: 'https://ours.example' }];
  return { event: 'drift.detected', cause: 'remote_changed', fields, ...aboutKey(key), ...changes };
}

export function invalidEvent(key: string): SyncEvent {
  const place = { file: `${key}.yaml`, line: 3, column: 1, path: '/metod' } as const;
  const problem = {
    code: 'unknown_field',
    severity: 'error',
    message: 'No field "metod".',
    hint: null,
    ...place,
  } as const;
  return { event: 'connector.invalid', problems: [problem], ...aboutKey(key) };
}

/** A ledger, and what it says of each pass: one sentence for each digest. */
export function ledgerOf(afterPasses: number): {
  readonly pass: (events: readonly SyncEvent[], result?: Partial<PassResult>) => readonly string[];
  readonly notices: (events: readonly SyncEvent[], result?: Partial<PassResult>) => readonly Notice[];
} {
  const ledger = createConditionLedger(afterPasses);
  const notices = (events: readonly SyncEvent[], result: Partial<PassResult> = {}): readonly Notice[] => {
    for (const event of events) ledger.note(event);
    return ledger.close(passResult(result));
  };
  return { notices, pass: (events, result) => sentencesOf(notices(events, result)) };
}

export function sentencesOf(notices: readonly Notice[]): readonly string[] {
  return digestsOf(notices).map((digest) => sentenceOf(digest, PLAIN_STYLE));
}

/** What the events lead to when everything is told at once. */
export function noticesOf(events: readonly SyncEvent[]): readonly Notice[] {
  return ledgerOf(1).notices(events);
}

export function noticeOf(key: string, changes: Partial<Notice> = {}): Notice {
  return {
    kind: 'drift',
    subject: 'drift',
    state: 'begun',
    ...aboutKey(key),
    cause: 'remote_changed',
    fields: ['/url'],
    problems: [],
    more: 0,
    status: null,
    reason: null,
    blocked: null,
    since: STARTED_AT,
    passes: 1,
    ...changes,
  };
}

export const SENDER: Sender = {
  version: '1.2.3',
  workspace: 'api.databar.ai',
  source: '/git/current/connectors',
  revision: '8d0f2b6c1e4a7935d2c8b1f06e7a9d3c5b4f8e21',
  sandbox: false,
};

export function messageOf(notices: readonly Notice[], changes: Partial<Message> = {}): Message {
  const id = '5f0c1e9a-8f4e-4f57-9a36-1f0b8f2c7d11';
  return {
    id,
    time: STARTED_AT,
    sender: SENDER,
    digests: digestsOf(notices),
    heldBack: false,
    test: false,
    ...changes,
  };
}
