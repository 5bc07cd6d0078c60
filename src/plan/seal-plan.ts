/**
 * Seals a plan, so that exactly this plan can be applied later, or none.
 *
 * A later plan is the same when it decides the same and would send the same, over the same live connectors and the same
 * memory. What it leaves alone may have changed meanwhile, as long as it still leaves it alone.
 */

import type { Binding } from '../model/baseline.ts';
import type { Change, Plan } from '../model/change.ts';
import type { LiveConnector } from '../model/connector.ts';
import type { Fingerprint } from '../model/digest.ts';
import { isDue } from '../model/due-change.ts';
import type { PlanSeal, SealedChange } from '../model/plan-seal.ts';
import type { Desired } from '../model/problem.ts';

/** A plan and what it was made from. */
export interface PlanFacts {
  readonly plan: Plan;
  readonly desired: Desired;
  readonly bindings: readonly Binding[];
  readonly live: readonly LiveConnector[];
}

/** @param fingerprint keyed with something that whoever may read the seal does not know */
export function sealPlan({ plan, desired, bindings, live }: PlanFacts, fingerprint: Fingerprint): PlanSeal {
  const digest = (value: unknown): string => fingerprint(JSON.stringify(value) ?? '');
  const digestOf = (value: unknown): string | null => (value === undefined ? null : digest(value));
  const definitionByKey = new Map(desired.connectors.map((connector) => [connector.key, connector]));
  const liveById = new Map(live.map((connector) => [connector.id, connector]));
  const bindingByKey = new Map(bindings.map((binding) => [binding.key, binding]));
  const moved = new Map(plan.moves.map(({ from, to }) => [to, from]));

  const seal = (change: Change): SealedChange => {
    const { key, action, cause, id } = change;
    const definition = definitionByKey.get(key);
    const parts = {
      // Where it stands in its file is no part of what it says.
      definition: digestOf(definition === undefined ? undefined : { ...definition, document: 0 }),
      live: digestOf(id === null ? undefined : liveById.get(id)),
      binding: digestOf(bindingByKey.get(moved.get(key) ?? key)),
    };
    const whole = digest([key, action, cause, id, decisionOf(change), restsOn(change) ? parts : null]);
    return { key, action, cause, id, whole, ...parts };
  };
  return {
    changes: plan.changes.map(seal),
    bookkeeping: digest([plan.moves.map(({ from, to }) => JSON.stringify([from, to])).sort(), [...plan.forget].sort()]),
  };
}

/** What the change decides besides its action. */
function decisionOf(change: Change): unknown {
  switch (change.action) {
    case 'create':
    case 'adopt':
    case 'update':
      return change.send;
    case 'blocked':
      return [change.code, change.held];
    case 'none':
      return change.outcome;
    case 'delete':
    case 'held':
      return null;
  }
}

/** Whether the change touches the workspace or the memory, so that what it rests on must not move. */
function restsOn(change: Change): boolean {
  return isDue(change) || (change.action === 'none' && change.record !== null);
}
