/** Small builders of what a pass finds and does: changes, outcomes, plans, results. */

import type {
  AdoptChange,
  BlockedChange,
  Brake,
  Change,
  CreateChange,
  DeleteChange,
  FieldChange,
  HeldChange,
  NoChange,
  Plan,
  UpdateChange,
} from '../../src/model/change.ts';
import type { PassCounts } from '../../src/model/event.ts';
import type { Outcome, OutcomeKind, WriteFailure } from '../../src/model/outcome.ts';
import type { PassResult } from '../../src/model/pass.ts';
import type { DaemonFacts, Status } from '../../src/model/status-api.ts';
import { bindingFor, definition, desiredOf, live } from './builders.ts';

const ID = 7;

/** What every change of the definition `key` says about it; it lives in `key.yaml` and is called after its key. */
function about(
  key: string,
  id: number | null,
): { readonly key: string; readonly file: string; readonly id: number | null; readonly name: string } {
  return { key, file: `${key}.yaml`, id, name: key.toUpperCase() };
}

const definitionOf = (key: string) => definition({ key, config: { name: key.toUpperCase() } });

export function field(path: string, from: unknown, to: unknown): FieldChange {
  return { path, live: from, desired: to };
}

export function creating(key: string, changes: Partial<CreateChange> = {}): CreateChange {
  const desired = definitionOf(key);
  const base = { ...about(key, null), action: 'create', cause: 'new', reason: null, fields: [] } as const;
  return { ...base, desired, send: desired.config, ...changes };
}

export function updating(key: string, changes: Partial<UpdateChange> = {}): UpdateChange {
  const desired = definitionOf(key);
  return {
    ...about(key, ID),
    action: 'update',
    cause: 'file_changed',
    reason: null,
    fields: [field('/method', 'get', 'post')],
    desired,
    live: live(ID, { ...desired.config, method: 'get' }),
    send: desired.config,
    ...changes,
  };
}

/** An update that undoes what someone else did. */
export function healing(key: string, changes: Partial<UpdateChange> = {}): UpdateChange {
  return updating(key, { cause: 'remote_changed', ...changes });
}

export function adopting(key: string, changes: Partial<AdoptChange> = {}): AdoptChange {
  const desired = definitionOf(key);
  return {
    ...about(key, ID),
    action: 'adopt',
    cause: 'adopted',
    reason: 'the only unbound live connector of this name',
    replaces: null,
    fields: [],
    desired,
    live: live(ID, desired.config),
    send: desired.config,
    ...changes,
  };
}

export function deleting(key: string, changes: Partial<DeleteChange> = {}): DeleteChange {
  const desired = definitionOf(key);
  return {
    ...about(key, ID),
    action: 'delete',
    cause: 'removed_from_source',
    reason: `${key}.yaml no longer defines it`,
    fields: [],
    binding: bindingFor(desired, ID),
    live: live(ID, desired.config),
    ...changes,
  };
}

export function inSync(key: string, changes: Partial<NoChange> = {}): NoChange {
  const base = { action: 'none', cause: 'in_sync', outcome: 'unchanged', record: null, reason: null } as const;
  return { ...about(key, ID), ...base, fields: [], ...changes };
}

export function orphan(key: string, changes: Partial<NoChange> = {}): NoChange {
  const reason = `${key}.yaml no longer defines it; policy upsert-only never deletes`;
  return inSync(key, { cause: 'removed_from_source', outcome: 'reported', reason, ...changes });
}

/** Drift that is told and left as it is. */
export function reportedDrift(key: string, changes: Partial<NoChange> = {}): NoChange {
  const fields = [field('/method', 'get', 'post')];
  const reason = 'drift is reported, not healed';
  return inSync(key, { cause: 'remote_changed', outcome: 'reported', reason, fields, ...changes });
}

export function blocked(key: string, changes: Partial<BlockedChange> = {}): BlockedChange {
  return {
    ...about(key, null),
    action: 'blocked',
    code: 'ambiguous_name',
    cause: 'ambiguous_name',
    reason: '2 live connectors have this name (ids 7, 8); pin one with `id`',
    held: null,
    fields: [],
    ...changes,
  };
}

/** A delete that a brake holds. */
export function heldDelete(key: string, code: BlockedChange['code'] = 'mass_delete'): BlockedChange {
  return blocked(key, { id: ID, code, cause: 'removed_from_source', reason: 'too many', held: 'delete' });
}

export function held(key: string, changes: Partial<HeldChange> = {}): HeldChange {
  const base = { action: 'held', cause: 'invalid', reason: 'The method must be one of these.', fields: [] } as const;
  return { ...about(key, ID), ...base, ...changes };
}

export function planOf(changes: readonly Change[], rest: Partial<Plan> = {}): Plan {
  return { changes, moves: [], forget: [], unmanaged: 0, ...rest };
}

export function brake(changes: Partial<Brake> = {}): Brake {
  return { code: 'mass_delete', reason: '4 of 10 bound connectors would be deleted', keys: ['a'], ...changes };
}

export function outcomeOf(change: Change, outcome: OutcomeKind, rest: Partial<Outcome> = {}): Outcome {
  return { change, outcome, id: change.id, failure: null, adjusted: [], ...rest };
}

/** The change was written; what is created gets the id 7. */
export function applied(change: Change, rest: Partial<Outcome> = {}): Outcome {
  return outcomeOf(change, 'applied', { id: change.id ?? ID, ...rest });
}

export function failed(change: Change, failure: Partial<WriteFailure> = {}): Outcome {
  return outcomeOf(change, 'failed', { failure: failureOf(failure) });
}

export function failureOf(changes: Partial<WriteFailure> = {}): WriteFailure {
  return {
    kind: 'transient',
    status: 503,
    message: 'PUT /v1/connectors/7 answered 503',
    attempts: 5,
    retryInMs: 1_000,
    problems: [],
    ...changes,
  };
}

/** 2026-01-02T03:04:05Z. */
export const STARTED_AT = Date.UTC(2026, 0, 2, 3, 4, 5);

export function passResult(changes: Partial<PassResult> = {}): PassResult {
  const outcomes = changes.outcomes ?? [];
  return {
    startedAt: STARTED_AT,
    durationMs: 120,
    revision: null,
    source: { status: 'ok' },
    api: { status: 'ok' },
    desired: desiredOf([]),
    plan: planOf(outcomes.map(({ change }) => change)),
    brakes: [],
    outcomes,
    plannedDeletes: new Set(),
    objections: [],
    withdrawn: false,
    ...changes,
  };
}

export const NO_COUNTS: PassCounts = {
  created: 0,
  adopted: 0,
  updated: 0,
  deleted: 0,
  unchanged: 0,
  drifted: 0,
  healed: 0,
  adjusted: 0,
  blocked: 0,
  held: 0,
  invalid: 0,
  failed: 0,
  orphaned: 0,
  unmanaged: 0,
};

type LastPass = NonNullable<Status['lastPass']>;

export const FACTS: DaemonFacts = {
  version: '1.2.3',
  commit: null,
  dryRun: false,
  sandbox: false,
  policy: 'upsert-only',
  drift: 'heal',
  intervalMs: 60_000,
  sourceDir: 'connectors',
  baseUrl: 'https://api.example.com',
};

export const NO_CONNECTORS: Status['connectors'] = {
  invalid: 0,
  failing: 0,
  blocked: 0,
  drifted: 0,
  pending: 0,
  orphaned: 0,
  suspended: 0,
  in_sync: 0,
};

export function statusOf(
  changes: Partial<Omit<Status, 'lastPass'>> & { lastPass?: Partial<LastPass> | null } = {},
): Status {
  const { lastPass, ...rest } = changes;
  return {
    ...FACTS,
    mode: 'waiting',
    revision: null,
    startedAt: STARTED_AT,
    movedAt: STARTED_AT,
    pausedUntil: null,
    nextPassAt: null,
    passes: 1,
    progress: null,
    queue: { pending: 0, inFlight: 0, pausedUntil: null },
    connectors: NO_CONNECTORS,
    watch: 'events',
    lastSuccessAt: null,
    stateDurable: true,
    ...rest,
    lastPass:
      lastPass === null
        ? null
        : {
            startedAt: STARTED_AT,
            durationMs: 120,
            source: { status: 'ok' },
            api: { status: 'ok' },
            counts: NO_COUNTS,
            brakes: [],
            ...lastPass,
          },
  };
}
