import { describe, expect, test } from 'vitest';
import type { PassResult } from '../../src/model/pass.ts';
import { isAllWell, passError, renderSyncText, syncDocument } from '../../src/report/render-sync.ts';
import { desiredOf, invalid, problem } from '../support/builders.ts';
import {
  applied,
  blocked,
  creating,
  failed,
  held,
  inSync,
  outcomeOf,
  passResult,
  reportedDrift,
  updating,
} from '../support/pass-builders.ts';

const suspended = inSync('left-alone', { outcome: 'skipped', cause: 'file_changed', reason: '`sync.suspend` is set' });
const outcomes = [
  applied(creating('new'), { id: 42 }),
  outcomeOf(inSync('well'), 'unchanged'),
  failed(updating('team/broken')),
  outcomeOf(blocked('twice'), 'blocked'),
  outcomeOf(held('bad'), 'held'),
  outcomeOf(suspended, 'skipped'),
  outcomeOf(reportedDrift('moved'), 'reported'),
];

describe('the result of a pass as text', () => {
  test('has a line for each that is not simply unchanged, and a summary last', () => {
    expect(renderSyncText(passResult({ outcomes }))).toBe(
      [
        '+ created  new          "NEW" (id 42)  new',
        '✗ failed   team/broken  "TEAM/BROKEN" (id 7)  update, file_changed: PUT /v1/connectors/7 answered 503; again after 1 s',
        '! blocked  twice        "TWICE"  ambiguous_name: 2 live connectors have this name (ids 7, 8); pin one with `id`',
        '      remedy: Pin one with `id`: the message names the candidates. Rename or delete the others if they are left over.',
        '! held     bad          "BAD" (id 7)  invalid: The method must be one of these.',
        '  skipped  left-alone   "LEFT-ALONE" (id 7)  file_changed: `sync.suspend` is set',
        '  reported moved        "MOVED" (id 7)  remote_changed: drift is reported, not healed',
        '      /method: "get" → "post"',
        '1 applied, 1 unchanged, 1 reported, 1 failed, 1 blocked, 1 held, 1 skipped',
        '',
      ].join('\n'),
    );
  });

  test('shows what an update changed, and only then', () => {
    const text = renderSyncText(passResult({ outcomes: [applied(updating('a')), failed(updating('b'))] }));
    expect(text.match(/\/method: "get" → "post"/gu)).toHaveLength(1);
  });

  test('says where in the files a refusal lies', () => {
    const problems = [problem({ file: 'a.yaml', line: 4, column: 7, message: 'The server says no.' })];
    const text = renderSyncText(passResult({ outcomes: [failed(updating('a'), { problems })] }));
    expect(text).toContain('\n      a.yaml:4:7: The server says no.\n');
  });

  test('is its summary and its failures alone where quiet is asked for', () => {
    const text = renderSyncText(passResult({ outcomes }), { colour: false, quiet: true });
    expect(text.split('\n')).toHaveLength(3);
    expect(text).toMatch(/^✗ failed/u);
  });

  test('of a dry run says what would have been done', () => {
    const text = renderSyncText(passResult({ outcomes: [outcomeOf(updating('a'), 'skipped')] }));
    expect(text).toBe('~ skipped  a  "A" (id 7)  update, file_changed\n      /method: "get" → "post"\n1 skipped\n');
  });

  test('of nothing says so, and why', () => {
    expect(renderSyncText(passResult())).toBe('nothing to do\n');
    const api = { status: 'unreachable', code: null, message: 'GET /v1/connectors/ got no answer' } as const;
    expect(renderSyncText(passResult({ api, plan: null }))).toBe(
      'nothing was done: GET /v1/connectors/ got no answer\n',
    );
  });

  test('hands no control character to the terminal, and keeps each thing on its line', () => {
    const hostile = '\u001b]0;x\u0007\ny\u2028z';
    const api = { status: 'unreachable', code: 500, message: hostile } as const;
    const text = renderSyncText(passResult({ outcomes: [failed(updating(hostile), { message: hostile })], api }));
    expect(text.split('\n')).toHaveLength(3);
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Zl}]/u);
  });
});

describe('the result of a pass as JSON', () => {
  test('has the documented shape, with files as seen by the reader and ids after the change', () => {
    const document = syncDocument(passResult({ outcomes: outcomes.slice(0, 3) }), (file) => `connectors/${file}`);
    expect(document).toEqual({
      results: [
        {
          key: 'new',
          file: 'connectors/new.yaml',
          id: 42,
          name: 'NEW',
          action: 'create',
          cause: 'new',
          outcome: 'applied',
          error: null,
        },
        {
          key: 'well',
          file: 'connectors/well.yaml',
          id: 7,
          name: 'WELL',
          action: 'none',
          cause: 'in_sync',
          outcome: 'unchanged',
          error: null,
        },
        {
          key: 'team/broken',
          file: 'connectors/team/broken.yaml',
          id: 7,
          name: 'TEAM/BROKEN',
          action: 'update',
          cause: 'file_changed',
          outcome: 'failed',
          error: 'PUT /v1/connectors/7 answered 503',
        },
      ],
      summary: { applied: 1, unchanged: 1, reported: 0, failed: 1, blocked: 0, held: 0, skipped: 0 },
    });
    expect(Object.keys(document)).toEqual(['results', 'summary']);
  });

  test('names what has moved when a reviewed plan is refused', () => {
    const objections = [{ key: 'a', moved: 'live', message: 'connector 7 changed in the workspace' }] as const;
    const refused = passResult({ objections });
    expect(syncDocument(refused, String)).toMatchObject({ results: [], refused: objections });
    expect(isAllWell(refused)).toBe(false);
  });

  test('has an error only when the pass as a whole had one', () => {
    const source = { status: 'missing', message: 'connectors does not exist' } as const;
    expect(syncDocument(passResult({ source }), String)).toMatchObject({ results: [], error: source.message });
  });

  test('says null where no file was ever known', () => {
    const orphaned = outcomeOf(inSync('a', { file: null }), 'unchanged');
    expect(syncDocument(passResult({ outcomes: [orphaned] }), String).results).toMatchObject([{ file: null }]);
  });
});

test.each<[string, boolean, Partial<PassResult>]>([
  ['nothing', true, {}],
  [
    'what was applied, is unchanged, reported or left out',
    true,
    { outcomes: [outcomes[0], outcomes[1], outcomes[5], outcomes[6]].flatMap((one) => one ?? []) },
  ],
  ['a failure', false, { outcomes: [failed(updating('a'))] }],
  ['a block', false, { outcomes: [outcomeOf(blocked('a'), 'blocked')] }],
  ['a held definition', false, { outcomes: [outcomeOf(held('a'), 'held')] }],
  ['an invalid definition', false, { desired: desiredOf([], [invalid()]) }],
  ['a source that is away', false, { source: { status: 'unreadable', message: 'EACCES' } }],
  ['a refused key', false, { api: { status: 'unauthorized', code: 403, message: 'GET answered 403' } }],
  ['an API that does not answer', false, { api: { status: 'unreachable', code: null, message: 'no answer' } }],
  ['a pass that was cut short', false, { withdrawn: true }],
])('with %s, all is well: %s', (_, well, result) => {
  expect(isAllWell(passResult(result))).toBe(well);
});

test('what kept a pass from its work is a sentence, the source first', () => {
  const source = { status: 'missing', message: 'no directory' } as const;
  const api = { status: 'unauthorized', code: 403, message: 'GET /v1/connectors/ answered 403' } as const;
  expect(passError(passResult())).toBe(null);
  expect(passError(passResult({ api }))).toBe('the server refuses the API key: GET /v1/connectors/ answered 403');
  expect(passError(passResult({ api, source }))).toBe('no directory');
  expect(passError(passResult({ withdrawn: true }))).toBe('the pass was broken off before its end');
});
