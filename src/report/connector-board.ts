/**
 * How every connector stands now: one row each. It is told of the same things as the log, as a pass goes on, so that the
 * rows change while a long pass works; at the end of a pass they are what it has found.
 *
 * A row keeps what may be shown and nothing else: no value that would be sent.
 */

import type { Change, Plan } from '../model/change.ts';
import type { ValidConnector } from '../model/connector.ts';
import { isDue } from '../model/due-change.ts';
import { rememberLast } from '../model/remember-last.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Desired, InvalidDefinition, Problem } from '../model/problem.ts';
import type { SourceLines } from '../model/source.ts';
import type { ConnectorDetail, ConnectorRow, ConnectorState, ProblemWithFrame } from '../model/status-api.ts';
import { CONNECTOR_STATES } from '../model/status-api.ts';
import { quotableLine } from './quotable-line.ts';
import { codeFrame } from './render-problems/code-frame.ts';
import type { DefinitionFacts, Standing } from './standing.ts';
import { standingAfter, standingInvalid, standingPlanned, standingUnlisted } from './standing.ts';

export interface ConnectorBoard {
  /** @param lines of the files that the plan was made of */
  planned(desired: Desired, planned: { readonly plan: Plan }, lines: SourceLines): void;
  outcome(outcome: Outcome): void;
  /** The files were read, and nothing could be planned: what they say by themselves. */
  unplanned(desired: Desired, lines: SourceLines): void;
  /** Sorted by key. */
  rows(): readonly ConnectorRow[];
  counts(): Readonly<Record<ConnectorState, number>>;
  detail(key: string): Omit<ConnectorDetail, 'events'> | null;
}

interface Entry {
  readonly row: ConnectorRow;
  readonly standing: Standing;
  /** Milliseconds since the epoch. */
  readonly retryAt: number | null;
  readonly lines: SourceLines;
}

type Identity = Pick<ConnectorRow, 'key' | 'id' | 'name' | 'file'>;

export interface ConnectorBoardOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly onChange: () => void;
}

export function createConnectorBoard({ now, onChange }: ConnectorBoardOptions): ConnectorBoard {
  const entries = new Map<string, Entry>();
  const counts = Object.fromEntries(CONNECTOR_STATES.map((state) => [state, 0])) as Record<ConnectorState, number>;
  /** Null after a key has come or gone. */
  let sortedKeys: readonly string[] | null = null;
  const describe = rememberLast(describeDefinitions);
  let definitions = describe(EMPTY);
  let sourceLines = NO_LINES;
  /** Whose keys the entries are. */
  let lastPlan: Plan | null = null;

  const remove = (key: string): void => {
    const known = entries.get(key);
    if (known === undefined) return;
    entries.delete(key);
    counts[known.row.state] -= 1;
    sortedKeys = null;
    onChange();
  };

  const place = ({ key, id, name, file }: Identity, standing: Standing): void => {
    const known = entries.get(key);
    if (known === undefined) sortedKeys = null;
    else counts[known.row.state] -= 1;
    counts[standing.state] += 1;
    const { state, cause, action, message, problems, retryInMs } = standing;
    const since = known?.row.state === state ? known.row.since : now();
    const line = problems[0]?.line ?? null;
    entries.set(key, {
      row: { key, id, name, file, line, state, cause, action, since, message },
      // What the server adjusts is told once, with the write.
      standing: action === 'none' && state === 'in_sync' ? { ...standing, adjusted: adjustedOf(known) } : standing,
      retryAt: retryInMs === null ? null : now() + retryInMs,
      // A snapshot of every file: only as long as there is a line of it to show.
      lines: problems.length > 0 ? sourceLines : NO_LINES,
    });
    onChange();
  };

  const move = (from: string, to: string): void => {
    const known = entries.get(from);
    if (known === undefined || entries.has(to)) return;
    entries.delete(from);
    entries.set(to, { ...known, row: { ...known.row, key: to } });
    sortedKeys = null;
  };

  const dropAbsent = ({ changes, moves }: Plan): void => {
    const present = new Set(changes.map(({ key }) => key));
    for (const { from, to } of moves) if (!present.has(from)) move(from, to);
    for (const key of entries.keys()) if (!present.has(key)) remove(key);
  };

  const factsOf = (change: Change): DefinitionFacts => ({
    suspended: definitions.suspended.has(change.key),
    problems:
      definitions.problemsByKey.get(change.key) ??
      (change.file === null ? undefined : definitions.problemsByFile.get(change.file)) ??
      [],
  });

  const read = (desired: Desired, lines: SourceLines): void => {
    definitions = describe(desired);
    sourceLines = lines;
  };

  return {
    planned(desired, { plan }, lines) {
      read(desired, lines);
      if (plan !== lastPlan) dropAbsent(plan);
      lastPlan = plan;
      for (const change of plan.changes) {
        const known = entries.get(change.key);
        if (known !== undefined && isStillInSync(known, change)) continue;
        // Until it has been tried again, it is what it was.
        const isRetry = isDue(change) && known?.row.state === 'failing';
        if (!isRetry) place(change, standingPlanned(change, factsOf(change)));
      }
    },

    outcome(outcome) {
      // The rest is decided by the plan alone.
      if (!isDue(outcome.change)) return;
      const { key, name, file } = outcome.change;
      const standing = standingAfter(outcome, factsOf(outcome.change));
      if (standing === null) remove(key);
      else place({ key, id: outcome.id, name, file }, standing);
    },

    unplanned(desired, lines) {
      lastPlan = null;
      read(desired, lines);
      for (const { key, id, name, file, problems } of desired.invalid) {
        const all = definitions.problemsByKey.get(key) ?? problems;
        place({ key, id: id ?? entries.get(key)?.row.id ?? null, name, file }, standingInvalid({ problems: all }));
      }
      for (const connector of desired.connectors) {
        if (!entries.has(connector.key)) place(identityOf(connector), standingUnlisted(connector));
      }
    },

    rows() {
      sortedKeys ??= [...entries.keys()].sort();
      return sortedKeys.flatMap((key) => entries.get(key)?.row ?? []);
    },

    counts: () => ({ ...counts }),

    detail(key) {
      const entry = entries.get(key);
      if (entry === undefined) return null;
      const { row, standing, retryAt, lines } = entry;
      const { fields, adjusted } = standing;
      const problems = standing.problems.map((problem) => withFrame(problem, lines));
      return { ...row, fields, problems, adjusted, retryAt };
    },
  };
}

const NO_LINES: SourceLines = () => null;
const EMPTY: Desired = { connectors: [], invalid: [], warnings: [], files: 0 };

function describeDefinitions({ connectors, invalid }: Desired): {
  readonly suspended: ReadonlySet<string>;
  readonly problemsByKey: ReadonlyMap<string, readonly Problem[]>;
  /** Of files that could not be read as a whole. */
  readonly problemsByFile: ReadonlyMap<string, readonly Problem[]>;
} {
  return {
    suspended: new Set(connectors.filter(({ sync }) => sync.suspend).map(({ key }) => key)),
    problemsByKey: problemsBy('key', invalid),
    problemsByFile: problemsBy(
      'file',
      invalid.filter(({ wholeFile }) => wholeFile),
    ),
  };
}

/** Two files may claim one key, and then they are one trouble. */
function problemsBy(
  name: 'key' | 'file',
  invalid: readonly InvalidDefinition[],
): ReadonlyMap<string, readonly Problem[]> {
  const found = new Map<string, Problem[]>();
  for (const definition of invalid) {
    const known = found.get(definition[name]);
    if (known === undefined) found.set(definition[name], [...definition.problems]);
    else known.push(...definition.problems);
  }
  return found;
}

/** A name that a placeholder is part of is not shown before its fingerprint is known. */
function identityOf({ key, id, file, config, secretPaths }: ValidConnector): Identity {
  return { key, id, file, name: secretPaths.includes('/name') ? null : config.name };
}

function adjustedOf(known: Entry | undefined): Standing['adjusted'] {
  return known?.standing.state === 'in_sync' ? known.standing.adjusted : [];
}

/** Nearly every connector is in sync, pass after pass: that costs no new row. */
function isStillInSync({ row }: Entry, change: Change): boolean {
  const isSettled = row.state === 'in_sync' && row.action === 'none' && change.action === 'none';
  if (!isSettled || change.outcome !== 'unchanged') return false;
  return row.id === change.id && row.name === change.name && row.file === change.file;
}

function withFrame(problem: Problem, lines: SourceLines): ProblemWithFrame {
  const line = lines(problem.file, problem.line);
  const quotable = line === null ? null : quotableLine(line, problem);
  if (quotable === null || quotable.trim() === '') return { ...problem, frame: null };
  const { shown, caret } = codeFrame(quotable, problem.column);
  return { ...problem, frame: `${shown}\n${' '.repeat(caret)}^` };
}
