/**
 * Turns what passes find into events. A condition (invalid, blocked, failing, drifted, orphaned) is told when
 * it begins, when it changes and when it ends, never once a pass.
 */

import type { Brake, Change, Plan } from '../model/change.ts';
import type { ConnectorRef, EmitEvent } from '../model/event.ts';
import type { Outcome } from '../model/outcome.ts';
import type { PassResult, SourceHealth } from '../model/pass.ts';
import type { Desired, InvalidDefinition } from '../model/problem.ts';
import { countPass, isNotable } from './count-pass.ts';
import { wasDrift } from './was-drift.ts';

/** What is wrong with a connector; `mark` changes when the condition does. */
interface Condition {
  readonly kind: 'invalid' | 'blocked' | 'failing' | 'drifted' | 'orphaned';
  readonly mark: string;
}

export interface ConditionTracker {
  sourceRead(source: SourceHealth): void;
  invalid(desired: Desired): void;
  planned(desired: Desired, planned: { readonly plan: Plan; readonly brakes: readonly Brake[] }): void;
  outcome(outcome: Outcome): void;
  passCompleted(result: PassResult, next: { readonly nextInMs: number | null; readonly heartbeat: boolean }): void;
}

export function createConditionTracker(emit: EmitEvent): ConditionTracker {
  const conditions = new Map<string, Condition>();
  const adjusted = new Map<string, string>();
  let brakes = new Map<string, Brake>();
  let source: SourceHealth['status'] = 'ok';

  /** Note a condition; true when it is new or has changed. */
  const enter = (key: string, condition: Condition): boolean => {
    const known = conditions.get(key);
    conditions.set(key, condition);
    return known?.kind !== condition.kind || known.mark !== condition.mark;
  };

  const leave = (change: Change, how: 'by_us' | 'by_itself'): void => {
    const known = conditions.get(change.key);
    if (known === undefined) return;
    conditions.delete(change.key);
    if (known.kind === 'invalid' || known.kind === 'blocked' || known.kind === 'failing') {
      emit({ event: 'connector.recovered', ...about(change) });
    } else if (known.kind === 'drifted' && how === 'by_itself') {
      emit({ event: 'drift.cleared', ...about(change) });
    }
  };

  const noteInvalid = (definition: InvalidDefinition): void => {
    const { key, file, id, name, problems } = definition;
    const mark = problems.map(({ code, line, column, message }) => [code, line, column, message].join(' ')).join('\n');
    if (!enter(key, { kind: 'invalid', mark })) return;
    emit({ event: 'connector.invalid', connector: { key, id, name }, file, problems });
  };

  const notePlanned = (change: Change): void => {
    if (wasDrift(change.cause) && enterDrift(change)) {
      emit({ event: 'drift.detected', cause: change.cause, fields: change.fields, ...about(change) });
    }
    if (
      change.action === 'blocked' &&
      isToldByItself(change) &&
      enter(change.key, { kind: 'blocked', mark: change.code })
    ) {
      emit({ event: 'connector.blocked', code: change.code, reason: change.reason, ...about(change) });
    }
    if (change.action === 'none') noteIdle(change);
  };

  /** Drift that fails to heal stays one condition: failing. */
  const enterDrift = (change: Change): boolean => {
    const known = conditions.get(change.key);
    if (known?.kind === 'failing' || known?.kind === 'blocked') return false;
    const mark = [change.cause, ...change.fields.map(({ path, live }) => `${path}=${JSON.stringify(live) ?? ''}`)].join(
      ' ',
    );
    return enter(change.key, { kind: 'drifted', mark });
  };

  const noteIdle = (change: Change & { action: 'none' }): void => {
    if (change.cause === 'removed_from_source' && change.outcome === 'reported') {
      if (enter(change.key, { kind: 'orphaned', mark: '' })) emit({ event: 'connector.orphaned', ...about(change) });
    } else if (!wasDrift(change.cause)) {
      leave(change, 'by_itself');
    }
  };

  const noteApplied = ({ change, id, adjusted: fields }: Outcome): void => {
    const ref = about(change, id);
    switch (change.action) {
      case 'create':
        emit({ event: 'connector.created', ...ref });
        break;
      case 'adopt':
        emit({ event: 'connector.adopted', ...ref });
        if (change.fields.length > 0) {
          emit({ event: 'connector.updated', cause: change.cause, fields: change.fields, ...ref });
        }
        break;
      case 'update':
        emit({ event: 'connector.updated', cause: change.cause, fields: change.fields, ...ref });
        break;
      case 'delete':
        emit({ event: 'connector.deleted', ...ref });
        break;
      case 'none':
      case 'blocked':
      case 'held':
        break;
    }
    if (wasDrift(change.cause)) emit({ event: 'drift.healed', cause: change.cause, ...ref });
    leave(change, 'by_us');
    if (change.action === 'delete') adjusted.delete(change.key);
    else noteAdjusted(change, fields, id);
  };

  const noteAdjusted = (change: Change, fields: Outcome['adjusted'], id: number | null): void => {
    const mark = fields.join(' ');
    if (fields.length > 0 && adjusted.get(change.key) !== mark) {
      emit({ event: 'connector.adjusted', fields, ...about(change, id) });
    }
    if (mark === '') adjusted.delete(change.key);
    else adjusted.set(change.key, mark);
  };

  const noteFailed = ({ change, failure }: Outcome): void => {
    if (failure === null || failure.kind === 'unauthorized') return;
    const { kind, status, attempts, retryInMs, message, problems } = failure;
    if (!enter(change.key, { kind: 'failing', mark: `${kind} ${status ?? ''}` })) return;
    emit({ event: 'connector.failed', status, attempts, retryInMs, error: message, problems, ...about(change) });
  };

  const noteBrakes = (engaged: readonly Brake[]): void => {
    const now = new Map(engaged.map((brake) => [brake.code, brake]));
    for (const { code, reason, keys } of engaged) {
      if (brakes.get(code)?.keys.length === keys.length) continue;
      emit({ event: 'brake.engaged', code, reason, blocked: keys.length, keys: keys.slice(0, 10) });
    }
    for (const { code } of brakes.values()) if (!now.has(code)) emit({ event: 'brake.released', code });
    brakes = now;
  };

  return {
    sourceRead(health) {
      if (health.status === source) return;
      source = health.status;
      emit(
        health.status === 'ok'
          ? { event: 'source.recovered' }
          : { event: 'source.unavailable', reason: health.message },
      );
    },
    invalid(desired) {
      for (const definition of desired.invalid) noteInvalid(definition);
    },
    planned(desired, { plan, brakes: engaged }) {
      for (const definition of desired.invalid) noteInvalid(definition);
      for (const change of plan.changes) notePlanned(change);
      noteBrakes(engaged);
      forgetMissing(conditions, plan);
    },
    outcome(outcome) {
      if (outcome.outcome === 'applied') noteApplied(outcome);
      else if (outcome.outcome === 'failed') noteFailed(outcome);
    },
    passCompleted(result, { nextInMs, heartbeat }) {
      if (result.withdrawn) return;
      if (result.plan === null) for (const definition of result.desired.invalid) noteInvalid(definition);
      const counts = countPass(result);
      emit({
        event: 'pass.completed',
        durationMs: result.durationMs,
        nextInMs,
        notable: heartbeat || isNotable(counts),
        ...counts,
      });
    },
  };
}

/** Blocks that are a brake's doing are told by `brake.engaged`, but for a quarantine, which concerns one alone. */
function isToldByItself(change: Change & { action: 'blocked' }): boolean {
  return change.held === null || change.code === 'fight' || change.code === 'unsettled_create';
}

function forgetMissing(conditions: Map<string, Condition>, plan: Plan): void {
  const present = new Set(plan.changes.map(({ key }) => key));
  for (const key of conditions.keys()) if (!present.has(key)) conditions.delete(key);
}

function about(
  { key, name, file, id: planned }: Change,
  id: number | null = planned,
): { readonly connector: ConnectorRef; readonly file: string | null } {
  return { connector: { key, id, name }, file };
}
