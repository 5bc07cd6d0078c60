import { describe, expect, test } from 'vitest';
import type { Change, Plan } from '../../src/model/change.ts';
import type { Outcome } from '../../src/model/outcome.ts';
import type { Desired } from '../../src/model/problem.ts';
import { createConnectorBoard } from '../../src/report/connector-board.ts';
import { definition, desiredOf, invalid, problem } from '../support/builders.ts';
import {
  adopting,
  applied,
  blocked,
  creating,
  deleting,
  failed,
  failureOf,
  field,
  healing,
  held,
  inSync,
  orphan,
  outcomeOf,
  planOf,
  reportedDrift,
  updating,
} from '../support/pass-builders.ts';

const NOTHING = desiredOf([]);

function open() {
  const clock = { now: 1_000 };
  const told = { changes: 0 };
  const board = createConnectorBoard({
    now: () => clock.now,
    onChange: () => {
      told.changes += 1;
    },
  });
  const plan = (changes: readonly Change[], desired: Desired = NOTHING, rest: Partial<Plan> = {}): void =>
    board.planned(desired, { plan: planOf(changes, rest) }, () => null);
  const pass = (...outcomes: readonly Outcome[]): void => {
    plan(outcomes.map(({ change }) => change));
    for (const outcome of outcomes) board.outcome(outcome);
  };
  const row = (key: string) => board.rows().find((each) => each.key === key);
  return { clock, told, board, plan, pass, row };
}

describe('after a pass, a connector is', () => {
  test.each<[string, Outcome, string | null]>([
    ['in_sync', outcomeOf(inSync('a'), 'unchanged'), null],
    ['in_sync', applied(creating('a')), null],
    ['in_sync', applied(adopting('a')), null],
    ['in_sync', applied(healing('a')), null],
    ['failing', failed(updating('a')), 'PUT /v1/connectors/7 answered 503'],
    ['blocked', outcomeOf(blocked('a'), 'blocked'), '2 live connectors have this name (ids 7, 8); pin one with `id`'],
    ['invalid', outcomeOf(held('a'), 'held'), 'The method must be one of these.'],
    ['orphaned', outcomeOf(orphan('a'), 'reported'), 'a.yaml no longer defines it; policy upsert-only never deletes'],
    [
      'drifted',
      outcomeOf(reportedDrift('a'), 'reported'),
      'changed outside of git: /method; drift is reported, not healed',
    ],
    ['drifted', outcomeOf(healing('a'), 'skipped'), 'changed outside of git: /method'],
    [
      'drifted',
      outcomeOf(creating('a', { cause: 'remote_deleted', id: 7, reason: 'connector 7 is gone' }), 'skipped'),
      'deleted outside of git; connector 7 is gone',
    ],
    ['pending', outcomeOf(updating('a'), 'skipped'), 'update is due: /method'],
    ['pending', outcomeOf(creating('a'), 'skipped'), 'create is due'],
    [
      'pending',
      outcomeOf(
        inSync('a', { cause: 'new', outcome: 'skipped', reason: 'policy update-only does not create' }),
        'skipped',
      ),
      'policy update-only does not create',
    ],
  ])('%s when %j', (state, outcome, message) => {
    const { pass, row, board } = open();
    pass(outcome);
    expect(row('a')).toMatchObject({ state, message, cause: outcome.change.cause, action: outcome.change.action });
    expect(board.counts()[state as 'in_sync']).toBe(1);
  });

  test('gone when it was deleted', () => {
    const { pass, board } = open();
    pass(outcomeOf(inSync('a'), 'unchanged'));
    pass(applied(deleting('a')));
    expect(board.rows()).toEqual([]);
    expect(board.counts().in_sync).toBe(0);
  });

  test('suspended when its file says so', () => {
    const { plan, row } = open();
    const desired = desiredOf([definition({ key: 'a', sync: { suspend: true } })]);
    plan([inSync('a', { outcome: 'skipped', reason: '`sync.suspend` is set' })], desired);
    expect(row('a')).toMatchObject({ state: 'suspended', message: '`sync.suspend` is set' });
  });
});

describe('while a pass is under way', () => {
  test('what is due is pending, or drifted, and each row changes as its outcome comes', () => {
    const { plan, board, row } = open();
    plan([creating('a'), healing('b')]);
    expect(board.rows().map(({ state }) => state)).toEqual(['pending', 'drifted']);
    board.outcome(applied(creating('a')));
    expect(row('a')).toMatchObject({ state: 'in_sync', id: 7 });
    expect(row('b')).toMatchObject({ state: 'drifted' });
    expect(board.counts()).toMatchObject({ in_sync: 1, drifted: 1, pending: 0 });
  });

  test('one that failed before stays so until it has been tried again', () => {
    const { pass, plan, board, row } = open();
    pass(failed(updating('a')));
    plan([updating('a')]);
    expect(row('a')?.state).toBe('failing');
    board.outcome(applied(updating('a')));
    expect(row('a')?.state).toBe('in_sync');
  });
});

describe('since', () => {
  test('a state stays as old as it is, and begins anew when it is another one', () => {
    const { clock, pass, row } = open();
    pass(failed(updating('a')));
    clock.now = 5_000;
    pass(failed(updating('a'), { message: 'answered 500' }));
    expect(row('a')).toMatchObject({ since: 1_000, message: 'answered 500' });
    clock.now = 9_000;
    pass(applied(updating('a')));
    expect(row('a')?.since).toBe(9_000);
    clock.now = 10_000;
    pass(outcomeOf(inSync('a'), 'unchanged'));
    expect(row('a')).toMatchObject({ since: 9_000, action: 'none', cause: 'in_sync' });
  });

  test('a definition that moved keeps it', () => {
    const { clock, pass, plan, row, board } = open();
    pass(outcomeOf(inSync('a'), 'unchanged'));
    clock.now = 5_000;
    plan([inSync('b')], NOTHING, { moves: [{ from: 'a', to: 'b', file: 'b.yaml' }] });
    expect(board.rows()).toHaveLength(1);
    expect(row('b')).toMatchObject({ since: 1_000, file: 'b.yaml' });
  });
});

test('a connector that the plan does not speak of any more has no row', () => {
  const { pass, board } = open();
  pass(outcomeOf(inSync('a'), 'unchanged'), outcomeOf(inSync('b'), 'unchanged'));
  pass(outcomeOf(inSync('b'), 'unchanged'));
  expect(board.rows().map(({ key }) => key)).toEqual(['b']);
});

test('rows are sorted by key, however they came', () => {
  const { pass, board } = open();
  pass(outcomeOf(inSync('c'), 'unchanged'), outcomeOf(inSync('a'), 'unchanged'));
  pass(...['c', 'b', 'a'].map((key) => outcomeOf(inSync(key), 'unchanged')));
  expect(board.rows().map(({ key }) => key)).toEqual(['a', 'b', 'c']);
});

test('a pass that changes nothing tells of no change', () => {
  const { told, pass } = open();
  const outcomes = [outcomeOf(inSync('a'), 'unchanged'), outcomeOf(inSync('b'), 'unchanged')];
  pass(...outcomes);
  const before = told.changes;
  pass(...outcomes);
  expect(told.changes).toBe(before);
});

describe('without a list of what is live', () => {
  const desired = desiredOf(
    [definition({ key: 'a', id: 4 }), definition({ key: 'b', secretPaths: ['/name'] })],
    [invalid({ key: 'c', problems: [problem({ line: 3 }), problem({ line: 9 })] })],
  );

  test('definitions wait, and bad ones are invalid; a secret name is not shown', () => {
    const { board, row } = open();
    board.unplanned(desired, () => null);
    const message = 'the live connectors could not be listed yet';
    expect(row('a')).toMatchObject({ state: 'pending', id: 4, name: 'Lead score', message });
    expect(row('b')).toMatchObject({ state: 'pending', name: null });
    expect(row('c')).toMatchObject({ state: 'invalid', line: 3, message: 'method must be a string (and 1 more)' });
  });

  test('what had no place in the plan is gone again when that very plan comes back', () => {
    const { board } = open();
    const plan = planOf([inSync('a')]);
    board.planned(desiredOf([]), { plan }, () => null);
    board.unplanned(desired, () => null);
    board.planned(desiredOf([]), { plan }, () => null);
    expect(board.rows().map(({ key }) => key)).toEqual(['a']);
  });

  test('what was known of a connector stays, also its id', () => {
    const { board, pass, row } = open();
    pass(outcomeOf(inSync('a'), 'unchanged'), outcomeOf(inSync('c'), 'unchanged'));
    board.unplanned(desired, () => null);
    expect(row('a')?.state).toBe('in_sync');
    expect(row('c')).toMatchObject({ state: 'invalid', id: 7 });
  });
});

describe('the detail of a connector', () => {
  test('is null for a key that nobody knows', () => {
    expect(open().board.detail('a')).toBeNull();
  });

  test('has the differences that are not written yet, and no value that would be sent', () => {
    const { board, plan } = open();
    const fields = [field('/headers/0/value', 'hmac:00000000', 'hmac:11111111')];
    const change = updating('a', { fields });
    plan([{ ...change, send: { ...change.send, headers: [{ name: 'X', value: 'a secret' }] } }]);
    expect(board.detail('a')).toMatchObject({ fields, problems: [], adjusted: [], retryAt: null });
    expect(JSON.stringify(board.detail('a'))).not.toContain('a secret');
    board.outcome(applied(updating('a', { fields }), { adjusted: ['rate_limit'] }));
    expect(board.detail('a')).toMatchObject({ fields: [], adjusted: ['rate_limit'] });
  });

  test('still says what the server adjusts when later passes find nothing to do', () => {
    const { board, pass } = open();
    pass(applied(updating('a'), { adjusted: ['rate_limit'] }));
    pass(outcomeOf(inSync('a'), 'unchanged'));
    expect(board.detail('a')?.adjusted).toEqual(['rate_limit']);
  });

  test('says when a failing connector is tried again', () => {
    const { board, pass } = open();
    pass(failed(updating('a'), failureOf({ retryInMs: 4_000 })));
    expect(board.detail('a')?.retryAt).toBe(5_000);
    pass(failed(updating('a'), failureOf({ kind: 'permanent', retryInMs: null })));
    expect(board.detail('a')?.retryAt).toBeNull();
  });

  test('has every problem of its file with a line of it, where the line bears no secret', () => {
    const { board } = open();
    const lines = ['name: A', 'method: fetch', 'headers: secret', '  - value: secret'];
    const bad = invalid({
      key: 'a',
      problems: [
        problem({ path: '/method', line: 2, column: 9, file: 'a.yaml' }),
        problem({ path: '/headers/0/value', line: 4, column: 12, file: 'a.yaml' }),
        problem({ path: '/headers', line: 3, column: 1, file: 'a.yaml' }),
        problem({ line: 99, file: 'a.yaml' }),
      ],
    });
    board.planned(desiredOf([], [bad]), { plan: planOf([held('a')]) }, (file, line) =>
      file === 'a.yaml' ? (lines[line - 1] ?? null) : null,
    );
    expect(board.detail('a')?.problems.map(({ frame }) => frame)).toEqual([
      'method: fetch\n        ^',
      '  - value: …\n           ^',
      'headers: …\n^',
      null,
    ]);
  });

  test('has the problems of a file that could not be read, for each definition bound to it', () => {
    const { board, plan, row } = open();
    plan([held('a#x', { file: 'a.yaml' })], desiredOf([], [invalid({ key: 'a', wholeFile: true, file: 'a.yaml' })]));
    expect(row('a#x')).toMatchObject({ state: 'invalid', line: 3, message: 'method must be a string' });
    expect(board.detail('a#x')?.problems).toHaveLength(1);
  });
});
