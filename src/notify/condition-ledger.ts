/**
 * What is wrong now, and what of it people know. At the end of each pass it says what is news:
 *
 *            begins                     it is due                      ends
 *   (none) ---------> open, untold ---------------> open, told ---------------> told as ended
 *                        |                            |  ^
 *                        | ends                       +--+ begins again with another mark: told again
 *                        v
 *                     nobody hears of it, but of a drift that was healed
 *
 * What may end by itself (a failure, an API that does not answer, a source that is away) is due when it has lasted a
 * number of passes; all else at once. A pass that could not look at connectors does not count for their failures.
 */

import type { SyncEvent } from '../model/event.ts';
import type { PassResult } from '../model/pass.ts';
import type { Found, Step } from './condition-of.ts';
import { conditionsOf, idOfKey } from './condition-of.ts';
import type { Notice, NoticeState } from './notice.ts';

export interface ConditionLedger {
  /** Something happened in the pass that goes on. */
  note(event: SyncEvent): void;
  /** The pass has ended: what is there to tell, in the order in which it began. */
  close(result: PassResult): readonly Notice[];
}

interface Condition {
  readonly found: Found;
  readonly mark: string;
  /** The mark that people know of it; null while it is untold. */
  readonly told: string | null;
  readonly since: number;
  readonly passes: number;
}

/** @param afterPasses how many passes what may end by itself must last; from 1 */
export function createConditionLedger(afterPasses: number): ConditionLedger {
  const open = new Map<string, Condition>();
  let steps: Step[] = [];

  const take = (step: Step, now: number): readonly Notice[] => {
    const known = open.get(step.id);
    if (step.step === 'begins') {
      const { found, mark } = step;
      open.set(step.id, { since: now, passes: 0, told: null, ...known, found, mark });
      return [];
    }
    open.delete(step.id);
    if (known === undefined) return [];
    if (known.told !== null) return [noticeOf(known, 'ended')];
    return step.step === 'heals' ? [noticeOf({ ...known, passes: 1 }, 'healed')] : [];
  };

  const tellDue = (result: PassResult): readonly Notice[] => {
    const notices: Notice[] = [];
    for (const [id, condition] of open) {
      const passes = condition.passes + (counts(condition.found, result) ? 1 : 0);
      const isDue = !mayEndByItself(condition.found) || passes >= afterPasses;
      const isNews = isDue && condition.told !== condition.mark;
      if (isNews) notices.push(noticeOf({ ...condition, passes: Math.max(1, passes) }, 'begun'));
      open.set(id, { ...condition, passes, told: isNews ? condition.mark : condition.told });
    }
    return notices;
  };

  return {
    note(event) {
      steps.push(...conditionsOf(event));
    },
    close(result) {
      for (const { from, to } of movesOf(result)) {
        for (const kind of ['drift', 'failure'] as const) move(open, idOfKey(kind, from), idOfKey(kind, to));
      }
      const taken = steps;
      steps = [];
      const ended = taken.flatMap((step) => take(step, result.startedAt));
      return [...tellDue(result), ...ended];
    },
  };
}

function noticeOf({ found, since, passes }: Condition, state: NoticeState): Notice {
  return { ...found, state, since, passes };
}

function mayEndByItself({ kind, subject }: Found): boolean {
  return kind === 'failure' || subject === 'unreachable' || subject === 'unavailable';
}

function counts({ kind }: Found, { withdrawn, plan, source }: PassResult): boolean {
  if (withdrawn) return false;
  return kind !== 'failure' || (plan !== null && source.status === 'ok');
}

/** Where two definitions have swapped their paths, each path still has one, and what is known stays with it. */
function movesOf({ plan }: PassResult): readonly { readonly from: string; readonly to: string }[] {
  if (plan === null) return [];
  const spokenOf = new Set(plan.changes.map(({ key }) => key));
  return plan.moves.filter(({ from }) => !spokenOf.has(from));
}

function move(open: Map<string, Condition>, from: string, to: string): void {
  const condition = open.get(from);
  open.delete(from);
  if (condition !== undefined) open.set(to, condition);
}
