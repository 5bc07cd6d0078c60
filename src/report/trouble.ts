/**
 * Why a connector is not as its file says. Each has at most one trouble:
 *
 *   invalid    its definition cannot be used          connector.invalid     again when the problems change
 *   blocked    nothing can be chosen for it           connector.blocked     again when another id or reason code blocks it
 *   failed     the last write failed                  connector.failed      again when status, kind or problems change
 *   orphaned   no file defines it any more            connector.orphaned    once
 *
 * A new trouble takes the place of the old one. `connector.recovered` tells the end: a plan that has nothing to do for the
 * connector, a write that succeeded, or a definition that is gone. `connector.deleted` is an end of its own.
 *
 * What a plan cannot know stays as it was: of a definition that is held, and of a change that a brake holds back.
 */

import type { BlockedChange, Change, Move, Plan } from '../model/change.ts';
import { INDIVIDUAL_BLOCKS } from '../model/change.ts';
import type { EmitEvent } from '../model/event.ts';
import type { Outcome } from '../model/outcome.ts';
import type { InvalidDefinition, Problem } from '../model/problem.ts';
import type { About } from './about-change.ts';
import { aboutChange, atNewPath } from './about-change.ts';
import { createConditionBook } from './condition-book.ts';
import { isOrphan } from './is-orphan.ts';

export interface TroubleTracker {
  invalid(definition: InvalidDefinition): void;
  planned(change: Change): void;
  outcome(outcome: Outcome): void;
  /** End the troubles of definitions that the plan does not speak of any more. */
  absent(plan: Plan): void;
  move(move: Move): void;
}

interface Trouble {
  readonly kind: 'invalid' | 'blocked' | 'failed' | 'orphaned';
  readonly mark: string;
  readonly about: About;
}

export function createTroubleTracker(emit: EmitEvent): TroubleTracker {
  const book = createConditionBook<Trouble>();

  const begins = (kind: Trouble['kind'], about: About, ...marks: readonly unknown[]): boolean =>
    book.note(about.connector.key, { kind, mark: [kind, ...marks].join(' '), about });

  const ends = (about: About): void => {
    const known = book.end(about.connector.key);
    if (known !== undefined) emit({ event: 'connector.recovered', was: known.kind, ...about });
  };

  const noteBlocked = (change: BlockedChange): void => {
    const { code, reason, id } = change;
    // A create whose answer was lost has failed, and was told so; that its repetition waits is the same trouble.
    if (code === 'unsettled_create' && book.get(change.key)?.kind === 'failed') return;
    const about = aboutChange(change);
    if (begins('blocked', about, code, id)) emit({ event: 'connector.blocked', code, reason, ...about });
  };

  const noteFailed = ({ change, failure }: Outcome): void => {
    // A refused key concerns all: it is told by `api.unauthorized`.
    if (failure === null || failure.kind === 'unauthorized') return;
    const { kind, status, attempts, retryInMs, message, problems } = failure;
    // It rests, and nobody tried.
    if (attempts === 0 && book.get(change.key)?.kind === 'failed') return;
    const about = aboutChange(change);
    if (!begins('failed', about, kind, status, markOf(problems))) return;
    emit({ event: 'connector.failed', status, attempts, retryInMs, error: message, problems, ...about });
  };

  return {
    invalid({ key, file, id, name, problems }) {
      const about = { connector: { key, id, name }, file };
      if (begins('invalid', about, markOf(problems))) emit({ event: 'connector.invalid', problems, ...about });
    },

    planned(change) {
      if (change.action === 'blocked' && isToldByItself(change)) noteBlocked(change);
      if (change.action !== 'none') return;
      if (!isOrphan(change)) {
        if (book.get(change.key) !== undefined) ends(aboutChange(change));
        return;
      }
      const about = aboutChange(change);
      if (begins('orphaned', about)) emit({ event: 'connector.orphaned', ...about });
    },

    outcome(outcome) {
      const { change, id } = outcome;
      if (outcome.outcome === 'failed') noteFailed(outcome);
      else if (outcome.outcome === 'applied' && change.action === 'delete') book.end(change.key);
      else if (outcome.outcome === 'applied') ends(aboutChange(change, id));
    },

    absent({ changes, forget }) {
      const told = book.keys();
      if (told.length === 0) return;
      const present = new Set(changes.map(({ key }) => key));
      const gone = new Set(forget);
      const spokenOf = new Set(changes.map(({ id }) => id));
      for (const key of told) {
        const known = book.get(key);
        if (known === undefined || present.has(key)) continue;
        // An orphan may only be missing from a list that fell short; it ends when it is forgotten, or has a new definition.
        if (known.kind === 'orphaned' && !gone.has(key) && !spokenOf.has(known.about.connector.id)) continue;
        ends(known.about);
      }
    },

    move: (move) => book.move(move.from, move.to, (condition) => atNewPath(condition, move)),
  };
}

/** Blocks that are a brake's doing are told by `brake.engaged`, but for those that concern one connector alone. */
function isToldByItself({ code }: BlockedChange): boolean {
  return code === 'fight' || INDIVIDUAL_BLOCKS.has(code);
}

function markOf(problems: readonly Problem[]): string {
  return problems.map(({ code, line, column, message }) => [code, line, column, message].join(' ')).join('\n');
}
