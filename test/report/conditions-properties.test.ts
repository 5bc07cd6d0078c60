import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SyncEvent } from '../../src/model/event.ts';
import type { Outcome } from '../../src/model/outcome.ts';
import {
  applied,
  blocked,
  creating,
  deleting,
  failed,
  healing,
  held,
  heldDelete,
  inSync,
  orphan,
  outcomeOf,
  reportedDrift,
  updating,
} from '../support/pass-builders.ts';
import { tracked } from '../support/tracked-conditions.ts';

const KEYS = ['a', 'b', 'c'];
const changeOf = (key: string): fc.Arbitrary<Outcome> =>
  fc.constantFrom(
    applied(creating(key)),
    applied(updating(key)),
    applied(healing(key)),
    applied(deleting(key)),
    failed(updating(key)),
    failed(healing(key), { status: 500 }),
    failed(updating(key), { attempts: 0 }),
    outcomeOf(healing(key), 'skipped'),
    outcomeOf(inSync(key), 'unchanged'),
    outcomeOf(orphan(key), 'reported'),
    outcomeOf(reportedDrift(key), 'reported'),
    outcomeOf(held(key), 'held'),
    outcomeOf(blocked(key), 'blocked'),
    outcomeOf(heldDelete(key), 'blocked'),
  );
const passes = fc.array(
  fc.array(fc.constantFrom(...KEYS), { maxLength: 3 }).chain((keys) => fc.tuple(...[...new Set(keys)].map(changeOf))),
  { maxLength: 12 },
);

const BEGINS: ReadonlySet<string> = new Set([
  'connector.invalid',
  'connector.blocked',
  'connector.failed',
  'connector.orphaned',
]);

/** Read events as their consumer does: what is open at the end, and ends of what was not open. */
function pairUp(events: readonly SyncEvent[]): {
  readonly open: readonly string[];
  readonly strayEnds: readonly string[];
} {
  const open = new Set<string>();
  const strayEnds: string[] = [];
  const close = (condition: string): void => {
    if (!open.delete(condition)) strayEnds.push(condition);
  };
  for (const event of events) {
    if (!('connector' in event)) continue;
    const { key } = event.connector;
    if (BEGINS.has(event.event)) open.add(`trouble of ${key}`);
    else if (event.event === 'connector.recovered') close(`trouble of ${key}`);
    else if (event.event === 'connector.deleted') open.delete(`trouble of ${key}`);
    else if (event.event === 'drift.detected') open.add(`drift of ${key}`);
    else if (event.event === 'drift.healed' || event.event === 'drift.cleared') close(`drift of ${key}`);
  }
  return { open: [...open], strayEnds };
}

test('every end has its beginning, and when all is well in the end, every beginning has its end', () => {
  fc.assert(
    fc.property(passes, (history) => {
      const { events, pass } = tracked();
      for (const outcomes of history) pass({ outcomes });
      pass({ changes: KEYS.map((key) => inSync(key)) });
      expect(pairUp(events)).toEqual({ open: [], strayEnds: [] });
    }),
  );
  expect.hasAssertions();
});

test('a pass that finds what the pass before found, and writes nothing, tells nothing', () => {
  fc.assert(
    fc.property(passes, (history) => {
      const { pass } = tracked();
      for (const outcomes of history) pass({ outcomes });
      const last = (history.at(-1) ?? []).filter(({ outcome }) => outcome !== 'applied');
      pass({ outcomes: last });
      expect(pass({ outcomes: last })).toEqual([]);
    }),
  );
  expect.hasAssertions();
});
