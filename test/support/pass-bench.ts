/** A pass in small: what the test says is in the files and live, memory that leaves no trace, and a clock that stands. */

import { join } from 'node:path';
import { ApiError } from '../../src/api/api-error.ts';
import type { StopReason } from '../../src/api/retry-policy.ts';
import type { Applied } from '../../src/apply/apply-plan.ts';
import { StoppedError } from '../../src/apply/throttled-client.ts';
import type { PassContext, PassRequest } from '../../src/daemon/run-once.ts';
import { runOnce } from '../../src/daemon/run-once.ts';
import type { Plan } from '../../src/model/change.ts';
import type { PassResult } from '../../src/model/pass.ts';
import type { SourceTree } from '../../src/model/source.ts';
import { createPlanner } from '../../src/plan/remember-plan.ts';
import { bindingFor, clearLens, definition, desiredOf, live } from './builders.ts';
import { outcomeOf } from './pass-builders.ts';
import { openStore, temporaryDirectory } from './state-fixtures.ts';

export const NOW = 1_000_000;
export const TREE: SourceTree = { status: 'ok', files: [], problems: [], revision: 'abc' };
export const one = definition({ key: 'a', config: { name: 'A' } });
export const many = Array.from({ length: 10 }, (_, index) =>
  definition({ key: `c${index}`, config: { name: `C${index}` } }),
);

/** A pass over what the test says; memory that leaves no trace, and an `apply` that writes nothing. */
export function prepare(changes: Partial<PassContext> = {}) {
  const { store } = openStore(join(temporaryDirectory(), 'missing'), { mode: 'read' });
  const told: string[] = [];
  const plans: Plan[] = [];
  const context: PassContext = {
    readSource: async () => TREE,
    loadDesired: () => desiredOf([one]),
    client: { list: async () => [] },
    store,
    plan: createPlanner(clearLens, 'sync', 'heal'),
    fingerprint: clearLens.fingerprint,
    apply: async (plan, _, { onOutcome }): Promise<Applied> => {
      plans.push(plan);
      const outcomes = plan.changes.map((change) => outcomeOf(change, 'skipped'));
      for (const outcome of outcomes) onOutcome(outcome);
      return { outcomes, outage: null };
    },
    maxDeletePercent: 30,
    force: false,
    settleMs: 30_000,
    observer: {
      sourceRead: ({ status }, revision) => void told.push(`source ${status} ${revision ?? ''}`),
      planned: (_, { plan }) => void told.push(`planned ${plan.changes.length}`),
      outcome: ({ change }) => void told.push(`outcome ${change.key}`),
    },
    now: () => NOW,
    ...changes,
  };
  const pass = async (request: Partial<PassRequest> = {}): Promise<PassResult> =>
    runOnce(context, { signal: new AbortController().signal, plannedDeletes: null, honourBackOff: true, ...request });
  return { store, told, plans, pass };
}

/** Ten bound connectors, of which the first have lost their definition or their live connector. */
export function tenBound({
  removed = 0,
  missing = 0,
  ...changes
}: { removed?: number; missing?: number } & Partial<PassContext>) {
  const site = prepare({
    loadDesired: () => desiredOf(many.slice(removed)),
    client: { list: async () => many.map((each, index) => live(index + 1, each.config)).slice(missing) },
    ...changes,
  });
  many.forEach((each, index) => site.store.saveBinding(bindingFor(each, index + 1)));
  return site;
}

export function stopped(reason: StopReason, status: number | null): StoppedError {
  const what = status === null ? 'got no answer' : `answered ${status}`;
  const cause = new ApiError({ kind: 'http', method: 'GET', path: '/v1/connectors/', what, sent: true, status });
  return new StoppedError('list', reason, 1, cause);
}
