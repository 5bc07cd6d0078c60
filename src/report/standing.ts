/** How one connector stands: what a plan, and later the outcome of its change, say about it. */

import type { Cause, Change, ChangeAction, FieldChange } from '../model/change.ts';
import type { ConnectorField, ValidConnector } from '../model/connector.ts';
import type { Outcome } from '../model/outcome.ts';
import type { InvalidDefinition, Problem } from '../model/problem.ts';
import type { ConnectorState } from '../model/status-api.ts';
import { isOrphan } from './is-orphan.ts';
import { wasDrift } from './was-drift.ts';

export interface Standing {
  readonly state: ConnectorState;
  readonly cause: Cause | null;
  readonly action: ChangeAction | null;
  readonly message: string | null;
  readonly fields: readonly FieldChange[];
  readonly problems: readonly Problem[];
  readonly adjusted: readonly ConnectorField[];
  /** Milliseconds until a failed write is tried again; null when it has not failed, or only new content helps. */
  readonly retryInMs: number | null;
}

/** What the files say besides the plan. */
export interface DefinitionFacts {
  readonly suspended: boolean;
  /** Of the definition, or of the file that it was last seen in. */
  readonly problems: readonly Problem[];
}

const NO_FACTS: DefinitionFacts = { suspended: false, problems: [] };

/** How a connector stands once there is a plan, before anything is written. */
export function standingPlanned(change: Change, facts: DefinitionFacts = NO_FACTS): Standing {
  const { cause, action, fields, reason } = change;
  const standing = { cause, action, message: reason, fields, problems: [], adjusted: [], retryInMs: null };
  switch (action) {
    case 'held':
      return {
        ...standing,
        state: 'invalid',
        problems: facts.problems,
        message: firstMessage(facts.problems) ?? reason,
      };
    case 'blocked':
      return { ...standing, state: 'blocked' };
    case 'none':
      if (facts.suspended) return { ...standing, state: 'suspended' };
      if (isOrphan(change)) return { ...standing, state: 'orphaned' };
      // A reason of its own would be noise: the state says it.
      if (change.outcome === 'unchanged') return { ...standing, state: 'in_sync', message: null, fields: [] };
      return wasDrift(cause) ? drifted(standing) : pending(standing);
    case 'create':
    case 'adopt':
    case 'update':
    case 'delete':
      return wasDrift(cause) ? drifted(standing) : pending(standing);
  }
}

/** How a connector stands after its change was carried out, or was not; null when it is gone. */
export function standingAfter(outcome: Outcome, facts: DefinitionFacts = NO_FACTS): Standing | null {
  const { change, failure, adjusted } = outcome;
  const planned = standingPlanned(change, facts);
  switch (outcome.outcome) {
    case 'applied':
      if (change.action === 'delete') return null;
      return { ...planned, state: 'in_sync', message: null, fields: [], adjusted };
    case 'failed': {
      const { message = null, problems = [], retryInMs = null } = failure ?? {};
      return { ...planned, state: 'failing', message, problems, retryInMs };
    }
    case 'unchanged':
    case 'reported':
    case 'blocked':
    case 'held':
    case 'skipped':
      return planned;
  }
}

/** How a definition that cannot be used stands while there is no plan that speaks of it. */
export function standingInvalid({ problems }: Pick<InvalidDefinition, 'problems'>): Standing {
  return {
    state: 'invalid',
    cause: 'invalid',
    action: null,
    message: firstMessage(problems),
    fields: [],
    problems,
    adjusted: [],
    retryInMs: null,
  };
}

/** How a definition stands that is not known yet to have a connector, for the live ones could not be listed. */
export function standingUnlisted({ sync }: Pick<ValidConnector, 'sync'>): Standing {
  return {
    state: sync.suspend ? 'suspended' : 'pending',
    cause: null,
    action: null,
    message: 'the live connectors could not be listed yet',
    fields: [],
    problems: [],
    adjusted: [],
    retryInMs: null,
  };
}

type Unstated = Omit<Standing, 'state'>;

function drifted(standing: Unstated): Standing {
  const { cause, fields, message } = standing;
  const what = cause === 'remote_deleted' ? 'deleted outside of git' : `changed outside of git${places(fields)}`;
  return { ...standing, state: 'drifted', message: message === null ? what : `${what}; ${message}` };
}

function pending(standing: Unstated): Standing {
  const { action, fields, message } = standing;
  return { ...standing, state: 'pending', message: message ?? `${action ?? 'change'} is due${places(fields)}` };
}

function places(fields: readonly FieldChange[]): string {
  return fields.length === 0 ? '' : `: ${fields.map(({ path }) => path).join(', ')}`;
}

function firstMessage([first, ...others]: readonly Problem[]): string | null {
  if (first === undefined) return null;
  const hint = first.hint === null ? '' : ` (${first.hint})`;
  return `${first.message}${hint}${others.length === 0 ? '' : ` (and ${others.length} more)`}`;
}
