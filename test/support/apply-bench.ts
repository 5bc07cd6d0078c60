/** What applying needs, in small: a client that does as the test says, memory that leaves no trace, and a clock to set. */

import { join } from 'node:path';
import type { ApiErrorKind } from '../../src/api/api-error.ts';
import { ApiError } from '../../src/api/api-error.ts';
import type { Operation, StopReason } from '../../src/api/retry-policy.ts';
import type { ApplyContext } from '../../src/apply/apply-plan.ts';
import { createQuietOutcomes } from '../../src/apply/apply-plan.ts';
import type { ThrottledClient } from '../../src/apply/throttled-client.ts';
import { StoppedError } from '../../src/apply/throttled-client.ts';
import type { ConnectorConfig, LiveConnector } from '../../src/model/connector.ts';
import type { Outcome } from '../../src/model/outcome.ts';
import type { OpenedState } from '../../src/state/state-store.ts';
import { createDigests } from '../../src/model/digest.ts';
import { plainFingerprint } from './builders.ts';
import { openStore, temporaryDirectory } from './state-fixtures.ts';

export interface ApplyBench {
  readonly store: OpenedState;
  readonly context: ApplyContext;
  /** What was asked, such as `create A`, `update 7 A`, `get 7`, `list`. */
  readonly asked: readonly string[];
  /** What was told of as it came. */
  readonly told: readonly Outcome[];
  /** Set it to let time pass; milliseconds since the epoch. */
  readonly clock: { now: number };
}

/** A client that echoes what it is sent, lists nothing and knows no connector; with what the test puts in its place. */
export function openApplyBench(client: Partial<ThrottledClient> = {}, changes: Partial<ApplyContext> = {}): ApplyBench {
  const { store } = openStore(join(temporaryDirectory(), 'missing'), { mode: 'read' });
  const [asked, told, clock]: [string[], Outcome[], { now: number }] = [[], [], { now: 1_000_000 }];
  let nextId = 100;
  const echoing: ThrottledClient = {
    list: async () => [],
    get: async () => Promise.reject(stopped('get', 'gone')),
    create: async (config) => echo((nextId += 1), config),
    update: async (id, config) => echo(id, config),
    delete: async () => 'deleted',
    whoAmI: async () => ({ email: null, plan: null }),
    destroy: async () => undefined,
  };
  const inner = { ...echoing, ...client };
  const noted: ThrottledClient = {
    ...inner,
    list: async (signal) => (asked.push('list'), inner.list(signal)),
    get: async (id, signal) => (asked.push(`get ${id}`), inner.get(id, signal)),
    create: async (config, options) => {
      asked.push(`create ${config.name}`);
      await options?.beforeSend?.();
      return inner.create(config, options);
    },
    update: async (id, config, options) => (
      asked.push(`update ${id} ${config.name}`),
      inner.update(id, config, options)
    ),
    delete: async (id, options) => (asked.push(`delete ${id}`), inner.delete(id, options)),
  };
  const context: ApplyContext = {
    client: noted,
    store,
    fingerprint: plainFingerprint,
    digests: createDigests(plainFingerprint),
    explain: (_, error) => ({ message: `explained: ${error.message}`, problems: [] }),
    now: () => clock.now,
    random: () => 0,
    settleMs: 30_000,
    honourBackOff: true,
    signal: new AbortController().signal,
    inHand: 4,
    onOutcome: (outcome) => told.push(outcome),
    quietOutcomes: createQuietOutcomes(),
    ...changes,
  };
  return { store, context, asked, told, clock };
}

export function echo(id: number, config: ConnectorConfig): LiveConnector {
  return { id, config };
}

/** As the client stops, after one attempt that was answered with a status, or not at all. */
export function stopped(
  operation: Operation,
  reason: StopReason,
  {
    status = null,
    kind = 'http',
    attempts = 1,
  }: { status?: number | null; kind?: ApiErrorKind; attempts?: number } = {},
): StoppedError {
  const what = status === null ? 'got no answer' : `answered ${status}`;
  const cause = new ApiError({ kind, method: 'ANY', path: '/v1/connectors/', what, status, sent: true });
  return new StoppedError(operation, reason, attempts, cause);
}
