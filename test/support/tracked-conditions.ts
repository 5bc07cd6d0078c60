/** Passes as the tracker of conditions sees them, one after the other. */

import type { Brake, Change, Plan } from '../../src/model/change.ts';
import type { SyncEvent } from '../../src/model/event.ts';
import type { Outcome } from '../../src/model/outcome.ts';
import type { PassResult, SourceHealth } from '../../src/model/pass.ts';
import type { InvalidDefinition } from '../../src/model/problem.ts';
import { createConditionTracker } from '../../src/report/conditions.ts';
import { desiredOf } from './builders.ts';
import { passResult, planOf } from './pass-builders.ts';

export interface Pass {
  readonly invalid?: readonly InvalidDefinition[];
  readonly changes?: readonly Change[];
  /** Outcomes of writes; what is not written needs none. */
  readonly outcomes?: readonly Outcome[];
  readonly plan?: Partial<Plan>;
  readonly brakes?: readonly Brake[];
  readonly source?: SourceHealth;
  readonly result?: Partial<PassResult>;
  readonly heartbeat?: boolean;
}

export interface Tracked {
  /** Everything told so far. */
  readonly events: readonly SyncEvent[];
  /** Let a pass happen; what it told, but for `pass.completed`. */
  readonly run: (pass: Pass) => readonly SyncEvent[];
  /** The same {@link inShort}. */
  readonly pass: (pass: Pass) => readonly string[];
}

/** A tracker of conditions, and what it tells. */
export function tracked(): Tracked {
  const events: SyncEvent[] = [];
  const tracker = createConditionTracker((event) => void events.push(event));
  const said = (from: number): readonly SyncEvent[] =>
    events.slice(from).filter(({ event }) => event !== 'pass.completed');
  const run = (pass: Pass): readonly SyncEvent[] => {
    const { source = { status: 'ok' }, brakes = [], outcomes = [] } = pass;
    const from = events.length;
    const desired = desiredOf([], pass.invalid);
    const plan = planOf(pass.changes ?? outcomes.map(({ change }) => change), pass.plan);
    const result = passResult({ source, desired, plan, brakes, outcomes, ...pass.result });
    tracker.sourceRead(source);
    if (result.plan !== null) tracker.planned(desired, { plan: result.plan, brakes });
    for (const outcome of outcomes) tracker.outcome(outcome);
    tracker.passCompleted(result, { nextInMs: 60_000, heartbeat: pass.heartbeat ?? false });
    return said(from);
  };
  return { events, run, pass: (pass: Pass): readonly string[] => run(pass).map(inShort) };
}

/** `connector.blocked a ambiguous_name`: the event, its key, and what tells it from its like. */
function inShort(event: SyncEvent): string {
  const words: unknown[] = [event.event];
  if ('connector' in event) words.push(event.connector.key);
  if ('code' in event) words.push(event.code);
  if ('cause' in event) words.push(event.cause);
  if ('status' in event) words.push(event.status);
  if ('was' in event) words.push(event.was);
  return words.join(' ');
}
