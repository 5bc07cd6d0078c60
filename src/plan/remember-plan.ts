/** Plans pass after pass. Most passes find everything as it was, and then nothing is to be compared again. */

import type { Plan } from '../model/change.ts';
import { rememberLast } from '../model/remember-last.ts';
import type { Lens } from './classify-connector.ts';
import type { PlanInput } from './compute-plan.ts';
import { computePlan } from './compute-plan.ts';
import type { DriftMode, Policy } from './policy.ts';
import { applyPolicy } from './policy.ts';

/** What would make the workspace equal to the files, as far as policy wants it; brakes come after it. */
export type MakePlan = (input: PlanInput) => Plan;

/** @returns makes plans; of facts that are, each, the very objects of the plan before, the plan is that plan */
export function createPlanner(lens: Lens, policy: Policy, drift: DriftMode): MakePlan {
  const plan = rememberLast(
    (
      desired: PlanInput['desired'],
      bindings: PlanInput['bindings'],
      intents: PlanInput['intents'],
      live: PlanInput['live'],
    ) => applyPolicy(computePlan({ desired, bindings, intents, live }, lens), policy, drift),
  );
  return ({ desired, bindings, intents, live }) => plan(desired, bindings, intents, live);
}
