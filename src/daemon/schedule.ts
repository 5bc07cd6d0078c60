/** When the next pass is due: arithmetic over times passed in. All values are milliseconds. */

import type { Intent } from '../model/baseline.ts';
import type { WriteFailure } from '../model/outcome.ts';
import type { PassResult } from '../model/pass.ts';
import { remainingMs } from './waiting-creates.ts';

/** A delete planned once is confirmed by a pass that does not wait for the interval. */
export const CONFIRM_MS = 30_000;
/** However urgent, passes leave each other room. */
const LEAST_MS = 1_000;

export interface ScheduleInput {
  /** `sync.interval`. */
  readonly intervalMs: number;
  /** From 0 up to, not including, 1: spreads the interval by 10 % either way, so that fleets do not march in step. */
  readonly random: number;
  readonly result: PassResult;
  readonly intents: readonly Intent[];
  readonly settleMs: number;
  readonly now: number;
}

/** @returns milliseconds from now until the next pass, if nothing nudges before */
export function nextPassInMs({ intervalMs, random, result, intents, settleMs, now }: ScheduleInput): number {
  const jittered = intervalMs * (0.9 + 0.2 * random);
  const wakes = [
    ...result.outcomes
      .filter(({ failure }) => failure !== null && hasItsTime(failure))
      .flatMap(({ failure }) => failure?.retryInMs ?? []),
    ...(result.brakes.some(({ code }) => code === 'unconfirmed_delete') ? [Math.min(CONFIRM_MS, intervalMs)] : []),
    ...intents.map((intent) => remainingMs(intent, settleMs, now)).filter((ms) => ms > 0),
  ];
  return Math.round(wakes.reduce((soonest, wake) => Math.min(soonest, Math.max(LEAST_MS, wake)), jittered));
}

/** A refused key is looked at again once an interval, and a connector that is gone has its fresh list at once or not at all. */
function hasItsTime({ kind }: WriteFailure): boolean {
  return kind === 'transient' || kind === 'unsettled';
}
