/** The result of one pass for people and programs. */

import type { ChangeAction } from '../model/change.ts';
import type { Outcome, OutcomeKind } from '../model/outcome.ts';
import type { PassResult } from '../model/pass.ts';
import type { Objection } from '../model/plan-seal.ts';
import { longest } from './longest.ts';
import type { Paint } from './paint.ts';
import { createPaint } from './paint.ts';
import { plainText } from './plain-text.ts';
import { BLOCK_GUIDE } from './guide/block-guide.ts';
import { SIGNS, subjectOf, whyOf } from './render-plan/describe-change.ts';
import { differenceRows } from './render-plan/plan-text.ts';
import { seconds } from './seconds.ts';

/** Programs read this; its shape is API. */
export interface SyncDocument {
  readonly results: readonly {
    readonly key: string;
    readonly file: string | null;
    readonly id: number | null;
    readonly name: string | null;
    readonly action: string;
    readonly cause: string;
    readonly outcome: OutcomeKind;
    readonly error: string | null;
  }[];
  readonly summary: Readonly<Record<OutcomeKind, number>>;
  /** What kept the pass from doing its work; absent when nothing did. */
  readonly error?: string;
  /** Why a reviewed plan was not applied; absent when it was, or there was none. */
  readonly refused?: readonly Objection[];
}

/** @param displayFile turns a path relative to the source into one relative to where the reader stands */
export function syncDocument(result: PassResult, displayFile: (file: string) => string): SyncDocument {
  const error = passError(result);
  return {
    results: result.outcomes.map((outcome) => {
      const { key, file, name, action, cause } = outcome.change;
      return {
        key,
        file: file === null ? null : displayFile(file),
        id: outcome.id,
        name,
        action,
        cause,
        outcome: outcome.outcome,
        error: errorOf(outcome),
      };
    }),
    summary: countOutcomes(result.outcomes),
    ...(error === null ? {} : { error }),
    ...(result.objections.length === 0 ? {} : { refused: result.objections }),
  };
}

export interface SyncTextOptions {
  readonly colour: boolean;
  /** The summary alone, but for what failed. */
  readonly quiet: boolean;
}

/** Lines of text: one an object that is not simply unchanged, with the differences of what was written; a summary last. */
export function renderSyncText(
  result: PassResult,
  { colour, quiet }: SyncTextOptions = { colour: false, quiet: false },
): string {
  const paint = createPaint(colour);
  const shown = result.outcomes.filter(({ outcome }) => outcome !== 'unchanged' && (!quiet || outcome === 'failed'));
  const width = longest(shown.map(({ change }) => plainText(change.key)));
  const rows = shown.flatMap((outcome) => {
    const { change, id } = outcome;
    const head = `${signOf(outcome)} ${doneWord(outcome).padEnd(8)} ${plainText(change.key).padEnd(width)}`;
    const row = [paint(COLOURS[outcome.outcome], head), subjectOf({ ...change, id }), whyDone(outcome)];
    const remedy = change.action === 'blocked' ? [`      remedy: ${BLOCK_GUIDE[change.code].remedy}`] : [];
    const places = (outcome.failure?.problems ?? []).map(
      ({ file, line, column, message }) => `      ${plainText(file)}:${line}:${column}: ${plainText(message)}`,
    );
    const isNews = outcome.outcome === 'applied' || outcome.outcome === 'reported' || outcome.outcome === 'skipped';
    const line = row.filter((part) => part !== '').map((part, at) => (at === 0 ? part : plainText(part)));
    return [line.join('  '), ...(isNews ? differenceRows(change, paint) : []), ...places, ...remedy];
  });
  const error = passError(result);
  const counts = Object.entries(countOutcomes(result.outcomes)).flatMap(([name, n]) => (n > 0 ? [`${n} ${name}`] : []));
  return [...rows, paint('bold', summarise(counts, error)), ''].join('\n');
}

function summarise(counts: readonly string[], error: string | null): string {
  if (counts.length === 0) return error === null ? 'nothing to do' : `nothing was done: ${plainText(error)}`;
  return error === null ? counts.join(', ') : `${counts.join(', ')}; ${plainText(error)}`;
}

const COLOURS: Readonly<Record<OutcomeKind, Parameters<Paint>[0]>> = {
  applied: 'green',
  unchanged: 'gray',
  reported: 'yellow',
  failed: 'red',
  blocked: 'magenta',
  held: 'magenta',
  skipped: 'gray',
};

const DONE: Readonly<Record<ChangeAction, string>> = {
  create: 'created',
  adopt: 'adopted',
  update: 'updated',
  delete: 'deleted',
  none: 'recorded',
  blocked: 'blocked',
  held: 'held',
};

function signOf({ change, outcome }: Outcome): string {
  return outcome === 'failed' ? '✗' : SIGNS[change.action];
}

function doneWord({ change, outcome }: Outcome): string {
  return outcome === 'applied' ? DONE[change.action] : outcome;
}

function whyDone(outcome: Outcome): string {
  const { change, failure } = outcome;
  const { action, cause } = change;
  if (failure !== null) {
    const again =
      failure.retryInMs === null ? 'not again until its content changes' : `again after ${seconds(failure.retryInMs)}`;
    return `${action}, ${cause}: ${failure.message}; ${again}`;
  }
  if (outcome.outcome === 'skipped' && change.action !== 'none') return `${action}, ${whyOf(change)}`;
  return outcome.outcome === 'applied' ? cause : whyOf(change);
}

/** True when everything is as the files say, or is left out on purpose. */
export function isAllWell(result: PassResult): boolean {
  return (
    passError(result) === null &&
    result.desired.invalid.length === 0 &&
    !result.outcomes.some(({ outcome }) => outcome === 'failed' || outcome === 'blocked' || outcome === 'held')
  );
}

/** What kept the pass from doing its work, as a sentence; null when nothing did. */
export function passError({ source, api, objections, withdrawn }: PassResult): string | null {
  if (source.status !== 'ok') return source.message;
  if (objections.length > 0) return 'the plan is not applied, for something has moved since it was made';
  switch (api.status) {
    case 'ok':
      return withdrawn ? 'the pass was broken off before its end' : null;
    case 'unauthorized':
      return `the server refuses the API key: ${api.message}`;
    case 'unreachable':
      return api.message;
  }
}

function errorOf({ change, failure, outcome }: Outcome): string | null {
  if (failure !== null) return failure.message;
  return outcome === 'blocked' || outcome === 'held' || outcome === 'skipped' ? change.reason : null;
}

function countOutcomes(outcomes: readonly Outcome[]): Record<OutcomeKind, number> {
  const counts: Record<OutcomeKind, number> = {
    applied: 0,
    unchanged: 0,
    reported: 0,
    failed: 0,
    blocked: 0,
    held: 0,
    skipped: 0,
  };
  for (const { outcome } of outcomes) counts[outcome] += 1;
  return counts;
}
