import { describe, expect, test } from 'vitest';
import type { Change } from '../../src/model/change.ts';
import { hasPendingChanges, planDocument, renderPlanMarkdown, renderPlanText } from '../../src/report/render-plan.ts';
import {
  adopting,
  blocked,
  brake,
  creating,
  deleting,
  field,
  healing,
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
const plan = planOf(
  [
    creating('team/new'),
    adopting('found'),
    adopting('found-too', { fields: [field('/url', 'https://a.example.com', 'https://b.example.com')] }),
    updating('edited', { fields }),
    healing('drifted'),
    deleting('gone'),
    inSync('well'),
    inSync('suspended', { outcome: 'skipped', cause: 'file_changed', reason: '`sync.suspend` is set' }),
    orphan('left'),
    blocked('twice'),
    held('bad'),
  ],
  { unmanaged: 3 },
);
const brakes = [brake({ keys: ['x', 'y'] })];

describe('a plan as text', () => {
  test('has a line for each that is not simply in sync, differences below it, and a summary last', () => {
    expect(renderPlanText(plan, brakes)).toBe(
      [
        '+ create  team/new  new',
        '= adopt   found     id 7, adopted, the only unbound live connector of this name',
        '= adopt   found-too id 7, adopted, the only unbound live connector of this name',
        '      /url: "https://a.example.com" -> "https://b.example.com"',
        '~ update  edited    id 7, file_changed',
        '      /rate_limit: nothing -> 5',
        '      /headers/0: nothing -> {"name":"Authorization","value":"hmac:1a2b3c4d"}',
        '~ update  drifted   id 7, remote_changed',
        '      /method: "get" -> "post"',
        '- delete  gone      id 7, removed_from_source, gone.yaml no longer defines it',
        '  skip    suspended id 7, file_changed, `sync.suspend` is set',
        '  report  left      id 7, removed_from_source, left.yaml no longer defines it; policy upsert-only never deletes',
        '! blocked twice     ambiguous_name, 2 live connectors have this name (ids 7, 8); pin one with `id`',
        '! held    bad       id 7, invalid, The method must be one of these.',
        '! brake mass_delete holds 2: 4 of 10 bound connectors would be deleted',
        '1 to create, 2 to adopt, 2 to update, 1 to delete, 1 blocked, 1 held, 3 unchanged or left out, 3 unmanaged',
        '',
      ].join('\n'),
    );
  });

  test('of nothing is the summary alone', () => {
    expect(renderPlanText(planOf([]), [])).toBe(
      '0 to create, 0 to adopt, 0 to update, 0 to delete, 0 blocked, 0 held, 0 unchanged or left out, 0 unmanaged\n',
    );
  });

  test('hands no control character to the terminal, and keeps each thing on its line', () => {
    const hostile = '\u001b[2Jx\ny\u009b1m\u202ez\u200b';
    const change = updating(hostile, { reason: hostile, fields: [field('/name', hostile, hostile)] });
    const text = renderPlanText(planOf([change]), [brake({ reason: hostile })]);
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(text).toContain(String.raw`\u{1b}[2Jx\u{a}y\u{9b}1m\u{202e}z\u{200b}`);
    expect(text.split('\n')).toHaveLength(5);
  });
});

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

describe('a plan as Markdown', () => {
  test('is a table, and a table of differences for each connector that has any', () => {
    expect(
      renderPlanMarkdown(planOf([creating('team/new'), updating('edited', { fields }), inSync('well')]), brakes),
    ).toBe(
      `### databar-sync plan: 1 to create, 0 to adopt, 1 to update, 0 to delete, 0 blocked, 0 held, 1 unchanged or left out, 0 unmanaged

> **Brake mass\\_delete**: 4 of 10 bound connectors would be deleted

| action | connector | id | why |
|---|---|---|---|
| create | \`team/new\` |  | new |
| update | \`edited\` | 7 | id 7, file\\_changed |

<details><summary><code>edited</code></summary>

| field | live | desired |
|---|---|---|
| \`/rate_limit\` | \`nothing\` | \`5\` |
| \`/headers/0\` | \`nothing\` | \`{"name":"Authorization","value":"hmac:1a2b3c4d"}\` |

</details>

`,
    );
  });

  test('of nothing is the headline alone', () => {
    expect(renderPlanMarkdown(planOf([]), [])).toMatch(/^### databar-sync plan: 0 to create.* unmanaged\n\n$/u);
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
