import { expect, test } from 'vitest';
import type { SyncEvent } from '../../src/model/event.ts';
import { createToldEvents } from '../../src/report/told-events.ts';
import { NO_COUNTS } from '../support/pass-builders.ts';

const created = (key: string): SyncEvent => ({
  event: 'connector.created',
  connector: { key, id: 1, name: key },
  file: `${key}.yaml`,
});

test('events are kept as they were told, newest first, and only so many of them', () => {
  let now = 0;
  const events = createToldEvents(() => (now += 1), 3);
  for (const key of ['a', 'b', 'c', 'd']) events.told(created(key));
  expect(events.recent(100).map(({ at, connector }) => [at, connector?.key])).toEqual([
    [4, 'd'],
    [3, 'c'],
    [2, 'b'],
  ]);
  expect(events.recent(1)).toEqual([
    {
      at: 4,
      level: 'info',
      event: 'connector.created',
      message: 'created d "d" (id 1)',
      connector: { key: 'd', id: 1, name: 'd' },
    },
  ]);
});

test('one connector has its own', () => {
  const events = createToldEvents(() => 0);
  for (const key of ['a', 'b', 'a', 'a']) events.told(created(key));
  events.told({ event: 'api.recovered' });
  expect(events.about('a', 2).map(({ connector }) => connector?.key)).toEqual(['a', 'a']);
  expect(events.recent(1)[0]?.connector).toBeNull();
});

test('passes in which nothing happened are left out', () => {
  const events = createToldEvents(() => 0);
  const pass = { event: 'pass.completed', durationMs: 1, nextInMs: null, ...NO_COUNTS } as const;
  events.told({ ...pass, notable: false });
  events.told({ ...pass, notable: true });
  expect(events.recent(10)).toHaveLength(1);
});
