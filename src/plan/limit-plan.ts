/** A plan for some files alone: nothing else is touched, and nothing is deleted or forgotten. */

import type { Move } from '../model/change.ts';
import type { Desired } from '../model/problem.ts';
import type { BrakedPlan } from './brakes.ts';

/** Whether a file, relative to the source directory, is one of those that are meant. */
export type Covers = (file: string) => boolean;

/**
 * Leave out what is about other files. The plan was made of all of them, so that names, ids and brakes were judged by the
 * whole. What no file defines any more belongs to none of them, so it is left alone.
 */
export function limitPlan({ plan, brakes, plannedDeletes }: BrakedPlan, covers: Covers): BrakedPlan {
  const changes = plan.changes.filter(
    ({ file, cause }) => file !== null && covers(file) && cause !== 'removed_from_source',
  );
  const keys = new Set(changes.map(({ key }) => key));
  return {
    plan: { ...plan, changes, moves: limitMoves(plan.moves, keys), forget: [] },
    brakes: brakes
      .map((brake) => ({ ...brake, keys: brake.keys.filter((key) => keys.has(key)) }))
      .filter((brake) => brake.keys.length > 0),
    plannedDeletes,
  };
}

/** What the files that are meant say. */
export function limitDesired(desired: Desired, covers: Covers): Desired {
  return {
    ...desired,
    connectors: desired.connectors.filter(({ file }) => covers(file)),
    invalid: desired.invalid.filter(({ file }) => covers(file)),
    warnings: desired.warnings.filter(({ file }) => covers(file)),
  };
}

/** A binding that moves to a path takes that of the path's own along: two files may have swapped their names. */
function limitMoves(moves: readonly Move[], keys: ReadonlySet<string>): readonly Move[] {
  const byFrom = new Map(moves.map((move) => [move.from, move]));
  const kept = new Set<Move>();
  for (const move of moves.filter(({ to }) => keys.has(to))) {
    for (let next: Move | undefined = move; next !== undefined && !kept.has(next); next = byFrom.get(next.to)) {
      kept.add(next);
    }
  }
  return moves.filter((move) => kept.has(move));
}
