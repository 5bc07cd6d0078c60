/**
 * Brakes against mass mistakes. Each turns changes into `blocked`, with a sentence, until its cause is gone
 * or, where that is safe, `--force` lifts it.
 */

import type { BlockCode, BlockedChange, Brake, Change, Plan } from '../model/change.ts';
import { INDIVIDUAL_BLOCKS } from '../model/change.ts';
import { isDriftCause } from '../model/drift.ts';
import { maskedPlaces } from './masked-places.ts';
import { writeOf } from './policy.ts';

/** What the brakes look at besides the plan. */
export interface BrakeFacts {
  readonly source: 'ok' | 'missing' | 'unreadable';
  /** Definitions found, valid or not. */
  readonly definitions: number;
  readonly invalid: number;
  /** Connectors bound before this pass, and how many of them the live list lacks. */
  readonly bound: number;
  readonly boundMissing: number;
  /** Keys that the pass before planned to delete; null where no confirmation is asked for. */
  readonly plannedDeletes: ReadonlySet<string> | null;
  /** How often drift made us rewrite a connector in the last {@link FIGHT_WINDOW_MS}, by key. */
  readonly driftRewrites: ReadonlyMap<string, number>;
  /** Creates that wait for the answer of an earlier attempt: reason by key. */
  readonly unsettledCreates: ReadonlyMap<string, string>;
  /** Deletes above this share of the bound connectors are blocked. */
  readonly maxDeletePercent: number;
  readonly force: boolean;
}

/** Below this many bound connectors, shares mean nothing. */
const FEW = 5;
export const FIGHT_LIMIT = 5;
export const FIGHT_WINDOW_MS = 10 * 60_000;

interface BrakeRule {
  readonly code: BlockCode;
  /** Whether `--force` lifts it. */
  readonly forcible: boolean;
  /** Why it holds this change; null when it does not. */
  readonly holds: (change: Change, facts: BrakeFacts, deletes: number) => string | null;
}

const RULES: readonly BrakeRule[] = [
  {
    code: 'source_unavailable',
    forcible: false,
    holds: (change, { source }) =>
      isOrphan(change) && source !== 'ok' ? `the source directory is ${source}; everything stays as it is` : null,
  },
  {
    code: 'source_empty',
    forcible: false,
    holds: (change, { definitions }) =>
      isOrphan(change) && definitions === 0 ? 'the source holds no definition at all; everything stays as it is' : null,
  },
  {
    code: 'invalid_definitions',
    forcible: false,
    holds: (change, { invalid }) =>
      isDelete(change) && invalid > 0
        ? `deletes wait until every definition is valid (${invalid} ${invalid === 1 ? 'is' : 'are'} not): a rename may hide there`
        : null,
  },
  {
    code: 'mass_delete',
    forcible: true,
    holds: (change, { bound, maxDeletePercent }, deletes) =>
      isDelete(change) && bound >= FEW && deletes * 100 > bound * maxDeletePercent
        ? `${deletes} of ${bound} bound connectors would be deleted, more than ${maxDeletePercent} %; use --force if that is meant`
        : null,
  },
  {
    code: 'unconfirmed_delete',
    forcible: true,
    holds: (change, { plannedDeletes }) =>
      isDelete(change) && plannedDeletes?.has(change.key) === false
        ? 'a delete happens only when a later pass, over files at rest, plans it again'
        : null,
  },
  {
    code: 'live_list_short',
    forcible: true,
    holds: (change, facts) =>
      (change.action === 'create' || isSuccession(change)) && isLiveListShort(facts)
        ? `the live list lacks ${facts.boundMissing} of ${facts.bound} bound connectors; nothing is created until they are back, or use --force`
        : null,
  },
  {
    code: 'fight',
    forcible: true,
    holds: (change, { driftRewrites }) =>
      isDriftCause(change.cause) && writeOf(change) !== null && (driftRewrites.get(change.key) ?? 0) >= FIGHT_LIMIT
        ? `rewritten ${FIGHT_LIMIT} times in 10 minutes: something else writes to it too; stop that, change the file, or set \`sync.suspend\``
        : null,
  },
  {
    code: 'unsettled_create',
    forcible: false,
    holds: (change, { unsettledCreates }) =>
      change.action === 'create' ? (unsettledCreates.get(change.key) ?? null) : null,
  },
  {
    code: 'masked_value',
    forcible: false,
    holds: (change) => {
      if ((change.action !== 'update' && change.action !== 'adopt') || writeOf(change) === null) return null;
      const places = maskedPlaces(change);
      return places.length > 0
        ? `the server masks the live value at ${places.join(', ')}, which \`sync.ignore\` leaves alone; an update would write the mask over it`
        : null;
    },
  },
];

/** Another connector is to take the place of one that the list lacks. */
const isSuccession = (change: Change): boolean => change.action === 'adopt' && change.replaces !== null;

/** More than half of the bound connectors gone at once: rather a bad answer than the truth. */
function isLiveListShort({ bound, boundMissing }: BrakeFacts): boolean {
  return bound >= FEW && boundMissing * 2 > bound;
}

export interface BrakedPlan {
  readonly plan: Plan;
  /** Brakes that hold something back now. */
  readonly brakes: readonly Brake[];
  /** Keys of all deletes that were wanted, held or not: what the next pass may confirm. */
  readonly plannedDeletes: ReadonlySet<string>;
}

/** Block what the brakes hold. Every change is held by the first rule that speaks. */
export function applyBrakes(plan: Plan, facts: BrakeFacts): BrakedPlan {
  const wantedDeletes = plan.changes.filter(isDelete);
  const rules = RULES.filter((rule) => !(facts.force && rule.forcible));
  const braked = plan.changes.map((change) => brake(change, rules, facts, wantedDeletes.length));
  const forgets = plan.forget.length === 0 || mayForget(plan, facts);
  const isFree = forgets && braked.every((change, index) => change === plan.changes[index]);
  return {
    // The very plan where nothing holds it, so that whoever has seen it knows it again.
    plan: isFree ? plan : { ...plan, changes: braked, forget: forgets ? plan.forget : [] },
    brakes: summarise(braked),
    plannedDeletes: new Set(wantedDeletes.map(({ key }) => key)),
  };
}

/** What was forgotten and comes back is new, and is created even where drift is only reported. */
function mayForget({ changes }: Plan, facts: BrakeFacts): boolean {
  if (facts.source !== 'ok' || facts.definitions === 0 || changes.some(isStray)) return false;
  return facts.force || !isLiveListShort(facts);
}

function brake(change: Change, rules: readonly BrakeRule[], facts: BrakeFacts, deletes: number): Change {
  for (const { code, holds } of rules) {
    const reason = holds(change, facts, deletes);
    if (reason === null) continue;
    const { key, file, id, name, cause, fields } = change;
    return { action: 'blocked', code, reason, held: writeOf(change), key, file, id, name, cause, fields };
  }
  return change;
}

const isDelete = (change: Change): boolean => change.action === 'delete';

/** Seemingly removed from the source, whether policy would delete it or only report it. */
const isOrphan = (change: Change): boolean => change.cause === 'removed_from_source';

/** Invalid, and of no connector that is known: it may be the new place of a definition that seems removed. */
const isStray = (change: Change): boolean => change.action === 'held' && change.id === null;

function summarise(changes: readonly Change[]): readonly Brake[] {
  const blocked = changes.filter(
    (change): change is BlockedChange => change.action === 'blocked' && !INDIVIDUAL_BLOCKS.has(change.code),
  );
  return [...Map.groupBy(blocked, ({ code }) => code)].map(([code, held]) => ({
    code,
    reason: held[0]?.reason ?? '',
    keys: held.map(({ key }) => key),
  }));
}
