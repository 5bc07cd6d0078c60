/**
 * Turns what passes find into events. A condition is told when it begins, when it changes and when it ends, never once a
 * pass: the trouble of a connector (`trouble.ts`), drift (`drift.ts`), what the server adjusts, brakes, and the source.
 *
 * What is decided by a plan alone is told as soon as there is a plan; what is decided by a write, when its outcome is
 * known. While the source is away nothing is concluded from what the files do not say.
 */

import type { BlockCode, Brake, Plan } from '../model/change.ts';
import type { EmitEvent } from '../model/event.ts';
import type { Outcome } from '../model/outcome.ts';
import type { PassResult, SourceHealth } from '../model/pass.ts';
import type { Desired, InvalidDefinition } from '../model/problem.ts';
import { aboutChange } from './about-change.ts';
import { createConditionBook } from './condition-book.ts';
import { countPass } from './count-pass.ts';
import { createDriftTracker } from './drift.ts';
import { createTroubleTracker } from './trouble.ts';

export interface ConditionTracker {
  sourceRead(source: SourceHealth): void;
  invalid(desired: Desired): void;
  planned(desired: Desired, planned: { readonly plan: Plan; readonly brakes: readonly Brake[] }): void;
  outcome(outcome: Outcome): void;
  /** A pass that was withdrawn is not told of: another one follows, or the daemon stops. */
  passCompleted(result: PassResult, next: { readonly nextInMs: number | null; readonly heartbeat: boolean }): void;
}

export function createConditionTracker(emit: EmitEvent): ConditionTracker {
  let hasNews = false;
  let heartbeatDue = false;
  const tell: EmitEvent = (event) => {
    hasNews = true;
    emit(event);
  };
  const troubles = createTroubleTracker(tell);
  const drift = createDriftTracker(tell);
  const adjusted = createConditionBook<{ readonly mark: string }>();
  const brakes = createConditionBook<{ readonly mark: string; readonly code: BlockCode }>();
  let source: SourceHealth['status'] = 'ok';

  const noteInvalid = ({ invalid }: Desired): void => {
    for (const definition of oneForEachKey(invalid)) troubles.invalid(definition);
  };

  const noteBrakes = (engaged: readonly Brake[]): void => {
    for (const { code, reason, keys } of engaged) {
      if (!brakes.note(code, { code, mark: [reason, ...keys].join('\n') })) continue;
      tell({ event: 'brake.engaged', code, reason, blocked: keys.length, keys: keys.slice(0, 10) });
    }
    const holding = new Set<string>(engaged.map(({ code }) => code));
    for (const key of brakes.keys()) {
      const released = holding.has(key) ? undefined : brakes.end(key);
      if (released !== undefined) tell({ event: 'brake.released', code: released.code });
    }
  };

  const noteAdjusted = ({ change, adjusted: fields, id }: Outcome): void => {
    if (!('send' in change)) return;
    const mark = JSON.stringify(fields.map((field) => [field, change.send[field]]));
    if (fields.length === 0) adjusted.end(change.key);
    else if (adjusted.note(change.key, { mark })) {
      tell({ event: 'connector.adjusted', fields, ...aboutChange(change, id) });
    }
  };

  return {
    sourceRead(health) {
      if (health.status === source) return;
      source = health.status;
      tell(
        health.status === 'ok'
          ? { event: 'source.recovered' }
          : { event: 'source.unavailable', reason: health.message },
      );
    },

    invalid: noteInvalid,

    planned(desired, { plan, brakes: engaged }) {
      if (source === 'ok') {
        for (const move of movesOfPaths(plan)) {
          for (const tracker of [troubles, drift]) tracker.move(move);
          adjusted.move(move.from, move.to, (condition) => condition);
        }
        noteInvalid(desired);
        for (const change of plan.changes) {
          drift.planned(change);
          troubles.planned(change);
        }
        drift.absent(plan);
        troubles.absent(plan);
      }
      noteBrakes(engaged);
    },

    outcome(outcome) {
      if (outcome.outcome === 'applied') tellWritten(tell, outcome);
      drift.outcome(outcome);
      if (outcome.outcome === 'applied') noteAdjusted(outcome);
      troubles.outcome(outcome);
    },

    passCompleted(result, { nextInMs, heartbeat }) {
      heartbeatDue ||= heartbeat;
      if (result.withdrawn) return;
      // Without a plan nobody has told of the files yet.
      if (result.plan === null) noteInvalid(result.desired);
      const notable = hasNews || heartbeatDue;
      hasNews = false;
      heartbeatDue = false;
      const { durationMs } = result;
      emit({ event: 'pass.completed', durationMs, nextInMs, notable, ...countPass(result) });
    },
  };
}

/** Two files may claim one key, and documents without a ref all have that of their file: they are one trouble. */
function oneForEachKey(invalid: readonly InvalidDefinition[]): readonly InvalidDefinition[] {
  return [...Map.groupBy(invalid, ({ key }) => key).values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [{ ...first, problems: [first, ...others].flatMap(({ problems }) => problems) }],
  );
}

function tellWritten(tell: EmitEvent, { change, id }: Outcome): void {
  const about = aboutChange(change, id);
  const { cause, fields } = change;
  switch (change.action) {
    case 'create':
      tell({ event: 'connector.created', ...about });
      break;
    case 'adopt':
      tell({ event: 'connector.adopted', ...about });
      if (fields.length > 0) tell({ event: 'connector.updated', cause, fields, ...about });
      break;
    case 'update':
      tell({ event: 'connector.updated', cause, fields, ...about });
      break;
    case 'delete':
      tell({ event: 'connector.deleted', ...about });
      break;
    case 'none':
    case 'blocked':
    case 'held':
      break;
  }
}

/** Moves to another path; where two have swapped theirs, each path still has a definition, and what was told stays with it. */
function movesOfPaths({ changes, moves }: Plan): Plan['moves'] {
  if (moves.length === 0) return moves;
  const spokenOf = new Set(changes.map(({ key }) => key));
  return moves.filter(({ from }) => !spokenOf.has(from));
}
