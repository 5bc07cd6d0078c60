import { describe, expect, test } from 'vitest';
import type { Change } from '../../src/model/change.ts';
import { hasPendingChanges, planDocument } from '../../src/report/render-plan/plan-document.ts';
import {
  adopting,
  blocked,
  creating,
  deleting,
  field,
  held,
  inSync,
  orphan,
  planOf,
  reportedDrift,
  updating,
} from '../support/pass-builders.ts';

const fields = [
  field('/rate_limit', null, 5),
  field('/headers/0', undefined, { name: 'Authorization', value: 'hmac:1a2b3c4d' }),
];
describe('a plan as JSON', () => {
  test('has the documented shape, with files as seen by the reader', () => {
    const document = planDocument(
      planOf([updating('edited', { fields }), blocked('twice')], { unmanaged: 3 }),
      (file) => `connectors/${file}`,
    );
    expect(JSON.parse(JSON.stringify(document))).toEqual({
      changes: [
        {
          key: 'edited',
          file: 'connectors/edited.yaml',
          id: 7,
          name: 'EDITED',
          action: 'update',
          cause: 'file_changed',
          reason: null,
          fields: [
            { path: '/rate_limit', live: null, desired: 5 },
            { path: '/headers/0', live: null, desired: { name: 'Authorization', value: 'hmac:1a2b3c4d' } },
          ],
        },
        {
          key: 'twice',
          file: 'connectors/twice.yaml',
          id: null,
          name: 'TWICE',
          action: 'blocked',
          cause: 'ambiguous_name',
          reason: '2 live connectors have this name (ids 7, 8); pin one with `id`',
          fields: [],
        },
      ],
      summary: { create: 0, adopt: 0, update: 1, delete: 0, none: 0, blocked: 1, held: 0, unmanaged: 3 },
    });
  });

  test('says null where no file was ever known', () => {
    expect(planDocument(planOf([orphan('a', { file: null })]), String).changes).toMatchObject([{ file: null }]);
  });
});

test.each<[string, boolean, Change]>([
  ['a create', true, creating('a')],
  ['an update', true, updating('a')],
  ['a delete', true, deleting('a')],
  ['a block', true, blocked('a')],
  ['an adoption with differences', true, adopting('a', { fields })],
  ['an adoption without', false, adopting('a')],
  ['a held definition', false, held('a')],
  ['drift that is only reported', false, reportedDrift('a')],
  ['an orphan', false, orphan('a')],
  ['what is in sync', false, inSync('a')],
])('%s is pending: %s', (_, pending, change) => {
  expect(hasPendingChanges(planOf([change]))).toBe(pending);
});
