/** The result of one pass for people and programs. */

import type { Outcome, OutcomeKind } from '../model/outcome.ts';
import type { PassResult } from '../model/pass.ts';
import { longest } from './longest.ts';
import { plainText } from './plain-text.ts';

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
  };
}

/** Lines of text: one an object that is not simply unchanged, and a summary last. */
export function renderSyncText(result: PassResult): string {
  const shown = result.outcomes.filter(({ outcome }) => outcome !== 'unchanged');
  const width = longest(shown.map(({ change }) => plainText(change.key)));
  const rows = shown.map((outcome) => {
    const { key, action, cause } = outcome.change;
    const why = errorOf(outcome);
    const subject = `${outcome.outcome.padEnd(8)} ${action.padEnd(7)} ${plainText(key).padEnd(width)} ${cause}`;
    return why === null ? subject : `${subject}: ${plainText(why)}`;
  });
  const error = passError(result);
  const counts = Object.entries(countOutcomes(result.outcomes)).flatMap(([name, n]) => (n > 0 ? [`${n} ${name}`] : []));
  const summary = counts.length > 0 ? counts.join(', ') : 'nothing to do';
  return [...rows, error === null ? summary : `${summary}; ${plainText(error)}`, ''].join('\n');
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
export function passError({ source, api, withdrawn }: PassResult): string | null {
  if (source.status !== 'ok') return source.message;
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
