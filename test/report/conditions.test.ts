import { describe, expect, test } from 'vitest';
import type { SyncEvent } from '../../src/model/event.ts';
import type { SourceHealth } from '../../src/model/pass.ts';
import { invalid } from '../support/builders.ts';
import {
  adopting,
  applied,
  blocked,
  brake,
  creating,
  deleting,
  failed,
  field,
  healing,
  held,
  heldDelete,
  inSync,
  orphan,
  outcomeOf,
  reportedDrift,
  updating,
} from '../support/pass-builders.ts';
import type { Pass } from '../support/tracked-conditions.ts';
import { tracked } from '../support/tracked-conditions.ts';

const failedCreate = creating('c');

describe('an adjusted connector', () => {
  const update = (rate: number) => {
    const change = updating('a');
    return applied({ ...change, send: { ...change.send, rate_limit: rate } }, { adjusted: ['rate_limit'] });
  };

  test('is told once with the fields, also when a later write is clamped in the same way', () => {
    const { run, pass } = tracked();
    expect(run({ outcomes: [update(100)] })).toContainEqual(
      expect.objectContaining({ event: 'connector.adjusted', fields: ['rate_limit'] }),
    );
    expect(pass({ changes: [inSync('a')] })).toEqual([]);
    expect(pass({ outcomes: [update(100)] })).not.toContain('connector.adjusted a');
  });

  test('is told again when another value is asked for, and when it was taken in between', () => {
    const { pass } = tracked();
    pass({ outcomes: [update(100)] });
    expect(pass({ outcomes: [update(200)] })).toContain('connector.adjusted a');
    pass({ outcomes: [applied(updating('a'))] });
    expect(pass({ outcomes: [update(200)] })).toContain('connector.adjusted a');
  });

  test('is told when it is created', () => {
    const { pass } = tracked();
    expect(pass({ outcomes: [applied(creating('a'), { adjusted: ['rate_limit'] })] })).toEqual([
      'connector.created a',
      'connector.adjusted a',
    ]);
  });
});

describe('what was written', () => {
  test('is told one by one', () => {
    const { pass } = tracked();
    const fields = [field('/url', 'x', 'y')];
    const outcomes = [
      applied(creating('a')),
      applied(adopting('b')),
      applied(adopting('c', { fields })),
      applied(updating('d')),
      applied(deleting('e')),
    ];
    expect(pass({ outcomes })).toEqual([
      'connector.created a',
      'connector.adopted b',
      'connector.adopted c',
      'connector.updated c adopted',
      'connector.updated d file_changed',
      'connector.deleted e',
    ]);
  });

  test('a created connector is told with its new id', () => {
    const { run } = tracked();
    expect(run({ outcomes: [applied(creating('a'), { id: 42 })] })).toMatchObject([
      { connector: { key: 'a', id: 42 } },
    ]);
  });
});

describe('brakes', () => {
  test('are told when they engage, with the first ten keys, and when they are released', () => {
    const { run, pass } = tracked();
    const keys = Array.from({ length: 12 }, (_, index) => `c${index}`);
    const brakes = [brake({ keys })];
    expect(run({ changes: keys.map((key) => heldDelete(key)), brakes })).toEqual([
      {
        event: 'brake.engaged',
        code: 'mass_delete',
        reason: '4 of 10 bound connectors would be deleted',
        blocked: 12,
        keys: keys.slice(0, 10),
      },
    ]);
    expect(pass({ changes: keys.map((key) => heldDelete(key)), brakes })).toEqual([]);
    expect(pass({ changes: keys.map((key) => inSync(key)) })).toEqual(['brake.released mass_delete']);
    expect(pass({ changes: [] })).toEqual([]);
  });

  test.each([
    ['more connectors', { keys: ['a', 'b'] }],
    ['as many, but others', { keys: ['b'] }],
    ['the same for other numbers', { reason: '4 of 11 bound connectors would be deleted' }],
  ])('are told again when they hold %s', (_, change) => {
    const { pass } = tracked();
    pass({ changes: [heldDelete('a'), heldDelete('b')], brakes: [brake()] });
    expect(pass({ changes: [heldDelete('a'), heldDelete('b')], brakes: [brake(change)] })).toEqual([
      'brake.engaged mass_delete',
    ]);
  });

  test('stay as they were when nothing could be planned', () => {
    const { pass } = tracked();
    pass({ changes: [heldDelete('a')], brakes: [brake()] });
    expect(pass({ result: { plan: null } })).toEqual([]);
    expect(pass({ changes: [heldDelete('a')], brakes: [brake()] })).toEqual([]);
  });

  test('are told instead of the changes that they hold', () => {
    const { pass } = tracked();
    expect(pass({ changes: [heldDelete('a'), heldDelete('b')], brakes: [brake({ keys: ['a', 'b'] })] })).toEqual([
      'brake.engaged mass_delete',
    ]);
  });
});

describe('the source', () => {
  const MISSING: SourceHealth = { status: 'missing', message: 'connectors does not exist' };
  const gone = heldDelete('a', 'source_unavailable');
  const brakes = [brake({ code: 'source_unavailable' })];

  test('is told when it goes, when it goes otherwise, and when it is back', () => {
    const { run, pass } = tracked();
    expect(run({ source: MISSING })).toEqual([{ event: 'source.unavailable', reason: MISSING.message }]);
    expect(pass({ source: MISSING })).toEqual([]);
    expect(pass({ source: { status: 'unreadable', message: 'EACCES' } })).toEqual(['source.unavailable']);
    expect(pass({})).toEqual(['source.recovered']);
  });

  test('that is away ends no condition, of bound and of unbound definitions', () => {
    const { pass } = tracked();
    const bad = invalid({ key: 'bad' });
    const before: Pass = {
      invalid: [bad],
      changes: [blocked('a'), held('bad', { id: null }), failedCreate, reportedDrift('d'), orphan('o')],
      outcomes: [failed(failedCreate)],
    };
    expect(pass(before)).toHaveLength(5);
    expect(pass({ source: MISSING, changes: [gone], brakes })).toEqual([
      'source.unavailable',
      'brake.engaged source_unavailable',
    ]);
    expect(pass(before)).toEqual(['source.recovered', 'brake.released source_unavailable']);
  });
});

describe('a pass', () => {
  const completed = (events: readonly SyncEvent[]) => events.filter(({ event }) => event === 'pass.completed');

  test('is told with its counts and the time until the next', () => {
    const { events, run } = tracked();
    run({ outcomes: [applied(creating('a')), outcomeOf(inSync('b'), 'unchanged')], plan: { unmanaged: 3 } });
    expect(completed(events)).toMatchObject([
      { durationMs: 120, nextInMs: 60_000, notable: true, created: 1, unchanged: 1, unmanaged: 3, failed: 0 },
    ]);
  });

  test('is notable when something was told or the heartbeat is due, and quiet while troubles only last', () => {
    const { events, run } = tracked();
    run({ outcomes: [failed(updating('a'))] });
    run({ outcomes: [failed(updating('a'), { attempts: 0 })] });
    run({ outcomes: [failed(updating('a'))], heartbeat: true });
    run({ outcomes: [failed(updating('a'))] });
    run({ changes: [blocked('a')] });
    run({ source: { status: 'missing', message: 'gone' } });
    expect(completed(events).map((event) => 'notable' in event && event.notable)).toEqual([
      true,
      false,
      true,
      false,
      true,
      true,
    ]);
  });

  test('that was withdrawn is not told, but what it wrote and a heartbeat it owed make the next one notable', () => {
    for (const withdrawn of [{ outcomes: [applied(creating('a'))] }, { heartbeat: true }] satisfies Pass[]) {
      const { events, run } = tracked();
      run({ ...withdrawn, result: { withdrawn: true } });
      expect(completed(events)).toEqual([]);
      run({ changes: [inSync('a')] });
      expect(completed(events)).toMatchObject([{ notable: true }]);
    }
  });

  test('that was withdrawn leaves the writes it did not send as they were', () => {
    const { pass } = tracked();
    pass({ outcomes: [failed(healing('a'))] });
    expect(pass({ outcomes: [outcomeOf(healing('a'), 'skipped')], result: { withdrawn: true } })).toEqual([]);
    expect(pass({ outcomes: [failed(healing('a'))] })).toEqual([]);
  });

  test('under a dry run tells of drift and moves once, though nothing is ever stored', () => {
    const { pass } = tracked();
    pass({ changes: [orphan('a'), reportedDrift('x'), inSync('y')] });
    const moves = [
      { from: 'a', to: 'b', file: 'b.yaml' },
      { from: 'x', to: 'y', file: 'y.yaml' },
      { from: 'y', to: 'x', file: 'x.yaml' },
    ];
    const again = { changes: [inSync('b'), inSync('x'), reportedDrift('y')], plan: { moves } };
    pass(again);
    expect(pass(again)).toEqual([]);
  });
});
