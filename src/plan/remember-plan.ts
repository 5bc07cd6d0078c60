/**
 * Plans pass after pass. Most passes find everything as it was, and then nothing is to be compared again; most others find
 * nearly everything as it was.
 */

import type { Binding } from '../model/baseline.ts';
import type { Change, Plan } from '../model/change.ts';
import type { LiveConnector, ValidConnector } from '../model/connector.ts';
import { rememberLast } from '../model/remember-last.ts';
import type { Classify, Lens } from './classify-connector.ts';
import { classifyConnector } from './classify-connector.ts';
import type { PlanInput } from './compute-plan.ts';
import { computePlan } from './compute-plan.ts';
import type { DriftMode, Policy } from './policy.ts';
import { applyPolicy } from './policy.ts';

/** What would make the workspace equal to the files, as far as policy wants it; brakes come after it. */
export type MakePlan = (input: PlanInput) => Plan;

/** @returns makes plans; of facts that are, each, the very objects of the plan before, the plan is that plan */
export function createPlanner(lens: Lens, policy: Policy, drift: DriftMode): MakePlan {
  const classify = rememberBound(classifyConnector);
  const plan = rememberLast(
    (
      desired: PlanInput['desired'],
      bindings: PlanInput['bindings'],
      intents: PlanInput['intents'],
      live: PlanInput['live'],
    ) => applyPolicy(computePlan({ desired, bindings, intents, live }, lens, classify), policy, drift),
  );
  return ({ desired, bindings, intents, live }) => plan(desired, bindings, intents, live);
}

/** What was compared before, object by object, is not compared again: nothing else decides about a bound connector. */
function rememberBound(classify: Classify): Classify {
  const known = new WeakMap<LiveConnector, { desired: ValidConnector; binding: Binding; change: Change }>();
  return (desired, match, lens) => {
    if (match.kind !== 'bound' || match.live === null) return classify(desired, match, lens);
    const { binding, live } = match;
    const before = known.get(live);
    if (before?.desired === desired && before.binding === binding) return before.change;
    const change = classify(desired, match, lens);
    known.set(live, { desired, binding, change });
    return change;
  };
}
