/**
 * Drift: the live side moved without us. `drift.detected` tells it, again when something else moves; the end is
 * `drift.healed` when we wrote, `drift.cleared` when the difference went away otherwise.
 */

import type { Change, Move, Plan } from '../model/change.ts';
import type { EmitEvent } from '../model/event.ts';
import type { Outcome } from '../model/outcome.ts';
import type { About } from './about-change.ts';
import { aboutChange, atNewPath } from './about-change.ts';
import { createConditionBook } from './condition-book.ts';
import { wasDrift } from './was-drift.ts';

export interface DriftTracker {
  planned(change: Change): void;
  outcome(outcome: Outcome): void;
  /** End the drift of definitions that the plan does not speak of any more. */
  absent(plan: Plan): void;
  move(move: Move): void;
}

interface Drift {
  readonly mark: string;
  readonly about: About;
}

export function createDriftTracker(emit: EmitEvent): DriftTracker {
  const book = createConditionBook<Drift>();

  const clear = (about: About): void => {
    book.end(about.connector.key);
    emit({ event: 'drift.cleared', ...about });
  };

  return {
    planned(change) {
      const { key, cause, fields } = change;
      if (!isComparable(change)) return;
      if (!wasDrift(cause)) {
        if (book.get(key) !== undefined) clear(aboutChange(change));
        return;
      }
      const about = aboutChange(change);
      if (book.note(key, { mark: markOf(change), about })) emit({ event: 'drift.detected', cause, fields, ...about });
    },

    outcome({ change, outcome, id }) {
      if (outcome !== 'applied' || !wasDrift(change.cause)) return;
      book.end(change.key);
      emit({ event: 'drift.healed', cause: change.cause, ...aboutChange(change, id) });
    },

    absent({ changes }) {
      const known = book.keys();
      if (known.length === 0) return;
      const present = new Set(changes.map(({ key }) => key));
      for (const key of known) {
        const about = book.get(key)?.about;
        if (about !== undefined && !present.has(key)) clear(about);
      }
    },

    move: (move) => book.move(move.from, move.to, (condition) => atNewPath(condition, move)),
  };
}

/** False where nothing could be compared, or where the live list is not believed. */
function isComparable(change: Change): boolean {
  if (change.action === 'held') return false;
  return change.action !== 'blocked' || (wasDrift(change.cause) && change.code !== 'live_list_short');
}

function markOf({ cause, fields }: Change): string {
  return [cause, ...fields.map(({ path, live }) => `${path}=${JSON.stringify(live) ?? ''}`)].join('\n');
}
