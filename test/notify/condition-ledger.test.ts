/** What people are told of, when, and how often. */

import { describe, expect, test } from 'vitest';
import type { SyncEvent } from '../../src/model/event.ts';
import { EVENTS } from '../support/event-examples.ts';
import { aboutKey, driftEvent, failedEvent, invalidEvent, ledgerOf } from '../support/notices.ts';
import { inSync, planOf } from '../support/pass-builders.ts';

const recovered = (key: string, was: 'failed' | 'invalid' | 'blocked' | 'orphaned' = 'failed'): SyncEvent => ({
  event: 'connector.recovered',
  was,
  ...aboutKey(key),
});
const healed = (key: string): SyncEvent => ({ event: 'drift.healed', cause: 'remote_changed', ...aboutKey(key) });
const cleared = (key: string): SyncEvent => ({ event: 'drift.cleared', ...aboutKey(key) });

describe('a failing connector', () => {
  test('is told once, when it has failed for so many passes, and its recovery once', () => {
    const { pass } = ledgerOf(3);
    expect(pass([failedEvent('a')])).toEqual([]);
    expect(pass([])).toEqual([]);
    expect(pass([])).toEqual(['a "A" (id 7) has failed for 3 passes: PUT /v1/connectors/7 answered 503']);
    expect(pass([])).toEqual([]);
    expect(pass([recovered('a')])).toEqual(['a "A" (id 7) no longer fails']);
    expect(pass([])).toEqual([]);
  });

  test('that recovers before that is never told of', () => {
    const { pass } = ledgerOf(3);
    for (const events of [[failedEvent('a')], [], [recovered('a')], [failedEvent('a')], [], [recovered('a')]]) {
      expect(pass(events)).toEqual([]);
    }
  });

  test('is not told again for another status, id or number of attempts', () => {
    const { pass } = ledgerOf(1);
    expect(pass([failedEvent('a')])).toHaveLength(1);
    expect(pass([failedEvent('a', { status: 500, attempts: 2 })])).toEqual([]);
    expect(pass([failedEvent('a', { status: null, retryInMs: 900_000, ...aboutKey('a', 9) })])).toEqual([]);
  });

  test('is told again when its trouble becomes another one', () => {
    const { pass } = ledgerOf(2);
    pass([failedEvent('a')]);
    expect(pass([])).toHaveLength(1);
    expect(pass([invalidEvent('a')])).toEqual(['a "A" (id 7) has an invalid definition: unknown field at a.yaml:3:1']);
    expect(pass([recovered('a', 'invalid')])).toEqual(['a "A" (id 7) is no longer invalid']);
  });

  test('has no passes counted that could not look at it', () => {
    const { pass } = ledgerOf(2);
    pass([failedEvent('a')]);
    expect(pass([], { plan: null })).toEqual([]);
    expect(pass([], { withdrawn: true })).toEqual([]);
    expect(pass([], { source: { status: 'missing', message: 'gone' } })).toEqual([]);
    expect(pass([])).toHaveLength(1);
  });

  test('is the same one under a new path', () => {
    const { pass } = ledgerOf(1);
    pass([failedEvent('old')]);
    const plan = planOf([inSync('new')], { moves: [{ from: 'old', to: 'new', file: 'new.yaml' }] });
    expect(pass([recovered('new')], { plan })).toEqual(['old "OLD" (id 7) no longer fails']);
    expect(pass([])).toEqual([]);
  });

  test('whose file is gone has no trouble any more, and with it may come the same one again', () => {
    const { pass } = ledgerOf(1);
    const orphaned: SyncEvent = { event: 'connector.orphaned', ...aboutKey('a') };
    expect(pass([invalidEvent('a')])).toHaveLength(1);
    expect(pass([orphaned])).toEqual(['a "A" (id 7) is no longer invalid']);
    expect(pass([recovered('a', 'orphaned')])).toEqual([]);
    expect(pass([invalidEvent('a')])).toHaveLength(1);
  });

  test('whose file is gone before it is told is never told of', () => {
    const { pass } = ledgerOf(2);
    pass([failedEvent('a')]);
    expect(pass([{ event: 'connector.orphaned', ...aboutKey('a') }])).toEqual([]);
    expect(pass([])).toEqual([]);
  });

  test('that is deleted has no trouble any more', () => {
    const { pass } = ledgerOf(1);
    pass([failedEvent('a')]);
    expect(pass([{ event: 'connector.deleted', ...aboutKey('a') }])).toEqual(['a "A" (id 7) no longer fails']);
    expect(pass([failedEvent('a')])).toHaveLength(1);
  });
});

describe('drift', () => {
  test('that is healed in the pass that found it is told as one thing', () => {
    const { pass } = ledgerOf(3);
    expect(pass([driftEvent('a'), healed('a')])).toEqual(['a "A" (id 7) was changed outside of git: /url; healed']);
    expect(pass([])).toEqual([]);
  });

  test('that stays is told at once, and its end', () => {
    const { pass } = ledgerOf(3);
    expect(pass([driftEvent('a')])).toEqual(['a "A" (id 7) was changed outside of git: /url']);
    expect(pass([])).toEqual([]);
    expect(pass([cleared('a')])).toEqual(['a "A" (id 7) drifted, and is as its file says again']);
  });

  test('is told again when it reaches another field, not when the same one moves on', () => {
    const { pass } = ledgerOf(3);
    pass([driftEvent('a')]);
    expect(pass([driftEvent('a', { fields: [{ path: '/url', live: 'x', desired: 'y' }] })])).toEqual([]);
    const fields = ['/url', '/method'].map((path) => ({ path, live: 1, desired: 2 }));
    expect(pass([driftEvent('a', { fields })])).toEqual(['a "A" (id 7) was changed outside of git: /url, /method']);
  });

  test('of a connector that vanished names its cause', () => {
    const { pass } = ledgerOf(3);
    expect(pass([driftEvent('a', { cause: 'remote_deleted', fields: [] })])).toEqual([
      'a "A" (id 7) was deleted outside of git',
    ]);
  });

  test('of many is told in one sentence', () => {
    const { pass } = ledgerOf(3);
    const keys = Array.from({ length: 37 }, (_, index) => `c${String(index)}`);
    expect(pass(keys.map((key) => driftEvent(key)))).toEqual(['37 connectors drifted: c0, c1, c2 and 34 more']);
    expect(pass(keys.map(healed))).toEqual([
      '37 connectors that drifted are as their files say again: c0, c1, c2 and 34 more',
    ]);
  });
});

describe('the API, the source and brakes', () => {
  test('a refused key is told at once, an API that does not answer after so many passes', () => {
    const { pass } = ledgerOf(2);
    expect(pass([{ event: 'api.unauthorized', status: 403 }])).toEqual([
      'the API refuses the key (403); nothing is written until it is accepted',
    ]);
    expect(pass([{ event: 'api.recovered' }])).toEqual(['the API accepts the key again']);

    const unreachable: SyncEvent = {
      event: 'api.unreachable',
      status: null,
      error: 'GET /v1/connectors/ failed: ECONNREFUSED',
    };
    expect(pass([unreachable], { plan: null })).toEqual([]);
    expect(pass([], { plan: null })).toEqual([
      'the API has not answered as it should for 2 passes: GET /v1/connectors/ failed: ECONNREFUSED',
    ]);
    expect(pass([{ event: 'api.recovered' }])).toEqual(['the API answers again']);
  });

  test('a source that is away for long is told, without a brake beside it', () => {
    const { pass } = ledgerOf(2);
    const brake = {
      event: 'brake.engaged',
      code: 'source_unavailable',
      reason: 'x',
      blocked: 2,
      keys: ['a', 'b'],
    } as const;
    expect(pass([{ event: 'source.unavailable', reason: 'The directory is gone.' }, brake])).toEqual([]);
    expect(pass([])).toEqual(['the source cannot be read: The directory is gone; nothing is changed until it is back']);
    expect(pass([{ event: 'source.recovered' }, { event: 'brake.released', code: 'source_unavailable' }])).toEqual([
      'the source can be read again',
    ]);
  });

  test('a brake is told once, whatever it comes to hold, and its release', () => {
    const { pass } = ledgerOf(3);
    const brake = { event: 'brake.engaged', code: 'mass_delete', reason: '6 of 8 would be deleted', keys: [] } as const;
    expect(pass([{ ...brake, blocked: 6 }])).toEqual(['brake mass_delete holds 6 changes: 6 of 8 would be deleted']);
    expect(pass([{ ...brake, blocked: 7, reason: '7 of 8 would be deleted' }])).toEqual([]);
    expect(pass([{ event: 'brake.released', code: 'mass_delete' }])).toEqual(['brake mass_delete is released']);
  });

  test('a delete that waits for its confirmation is nobody’s concern', () => {
    const { pass } = ledgerOf(1);
    const brake = { event: 'brake.engaged', code: 'unconfirmed_delete', reason: 'x', blocked: 1, keys: ['a'] } as const;
    expect(pass([brake, { event: 'brake.released', code: 'unconfirmed_delete' }])).toEqual([]);
  });

  test('a quarantine is told as a brake, and not as a blocked connector too', () => {
    const { pass } = ledgerOf(1);
    const reason = 'somebody fights';
    const events: readonly SyncEvent[] = [
      { event: 'brake.engaged', code: 'fight', reason, blocked: 1, keys: ['a'] },
      { event: 'connector.blocked', code: 'fight', reason, ...aboutKey('a') },
    ];
    expect(pass(events)).toEqual(['brake fight holds 1 change: somebody fights']);
  });
});

test('what comes first is what stops everything, and last what is over', () => {
  const { pass } = ledgerOf(1);
  pass([driftEvent('b')]);
  const events: readonly SyncEvent[] = [
    cleared('b'),
    driftEvent('a'),
    invalidEvent('c'),
    { event: 'api.unauthorized', status: 401 },
  ];
  expect(pass(events).map((sentence) => sentence.split(' ').slice(0, 2).join(' '))).toEqual([
    'the API',
    'c "C"',
    'a "A"',
    'b "B"',
  ]);
});

test('no value of a field is taken over from any event', () => {
  const { notices } = ledgerOf(1);
  const told = Object.values(EVENTS).flatMap(({ examples }) => notices(examples));
  expect(told.length).toBeGreaterThan(5);
  expect(JSON.stringify(told)).not.toMatch(/hijacked|hmac:|acme-scoring|"live"|"desired"/u);
});

test('a name that is a fingerprint is left out', () => {
  const connector = { key: 'a', id: 1, name: 'hmac:1a2b3c4d' };
  expect(ledgerOf(1).pass([driftEvent('a', { connector })])).toEqual(['a (id 1) was changed outside of git: /url']);
});
