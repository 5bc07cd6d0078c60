import { expect, test } from 'vitest';
import type { PassCounts } from '../../src/model/event.ts';
import type { Outcome } from '../../src/model/outcome.ts';
import { countPass } from '../../src/report/count-pass.ts';
import { desiredOf, invalid } from '../support/builders.ts';
import {
  adopting,
  applied,
  blocked,
  creating,
  deleting,
  failed,
  field,
  healing,
  held,
  inSync,
  NO_COUNTS,
  orphan,
  outcomeOf,
  passResult,
  planOf,
  reportedDrift,
  updating,
} from '../support/pass-builders.ts';

const fields = [field('/url', 'a', 'b')];

test.each<[string, Outcome, Partial<PassCounts>]>([
  ['a create', applied(creating('a')), { created: 1 }],
  ['a plain adoption', applied(adopting('a')), { adopted: 1 }],
  ['an adoption with differences', applied(adopting('a', { fields })), { adopted: 1, updated: 1 }],
  ['an update', applied(updating('a')), { updated: 1 }],
  ['an update that the server adjusted', applied(updating('a'), { adjusted: ['url'] }), { updated: 1, adjusted: 1 }],
  ['a delete', applied(deleting('a')), { deleted: 1 }],
  ['healed drift', applied(healing('a')), { updated: 1, drifted: 1, healed: 1 }],
  ['a healed deletion', applied(creating('a', { cause: 'remote_deleted' })), { created: 1, drifted: 1, healed: 1 }],
  ['drift that fails to heal', failed(healing('a')), { failed: 1, drifted: 1 }],
  ['drift that is reported', outcomeOf(reportedDrift('a'), 'reported'), { drifted: 1 }],
  ['a failure', failed(updating('a')), { failed: 1 }],
  ['a create that was left out', outcomeOf(creating('a'), 'skipped'), {}],
  ['what is in sync', outcomeOf(inSync('a'), 'unchanged'), { unchanged: 1 }],
  ['a block', outcomeOf(blocked('a'), 'blocked'), { blocked: 1 }],
  ['a held definition', outcomeOf(held('a'), 'held'), { held: 1 }],
  ['an orphan', outcomeOf(orphan('a'), 'reported'), { orphaned: 1 }],
  ['a protected orphan', outcomeOf(orphan('a', { outcome: 'skipped' }), 'skipped'), { orphaned: 1 }],
])('%s', (_, outcome, counts) => {
  expect(countPass(passResult({ outcomes: [outcome] }))).toEqual({ ...NO_COUNTS, ...counts });
});

test('invalid definitions and unmanaged connectors are counted too', () => {
  const result = passResult({
    desired: desiredOf([], [invalid(), invalid({ key: 'b' })]),
    plan: planOf([], { unmanaged: 4 }),
  });
  expect(countPass(result)).toEqual({ ...NO_COUNTS, invalid: 2, unmanaged: 4 });
  expect(countPass(passResult({ plan: null }))).toEqual(NO_COUNTS);
});
