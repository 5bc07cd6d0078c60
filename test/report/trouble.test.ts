import { describe, expect, test } from 'vitest';
import { invalid, problem } from '../support/builders.ts';
import {
  adopting,
  applied,
  blocked,
  brake,
  creating,
  deleting,
  failed,
  held,
  inSync,
  orphan,
  outcomeOf,
  updating,
} from '../support/pass-builders.ts';
import type { Pass } from '../support/tracked-conditions.ts';
import { tracked } from '../support/tracked-conditions.ts';

const BAD = invalid({ key: 'a', problems: [problem()] });

describe('an invalid definition', () => {
  test('is told once, with its problems, and not at every pass', () => {
    const { run, pass } = tracked();
    expect(run({ invalid: [BAD], changes: [held('a')] })).toEqual([
      {
        event: 'connector.invalid',
        connector: { key: 'a', id: null, name: null },
        file: 'a.yaml',
        problems: [problem()],
      },
    ]);
    expect(pass({ invalid: [BAD], changes: [held('a')] })).toEqual([]);
  });

  test.each([
    ['another line', { line: 4 }],
    ['another column', { column: 2 }],
    ['another problem', { code: 'missing_field' }],
    ['another message', { message: 'url must be a string' }],
  ] as const)('is told again with %s', (_, change) => {
    const { pass } = tracked();
    pass({ invalid: [BAD], changes: [held('a')] });
    const worse = invalid({ key: 'a', problems: [problem(change)] });
    expect(pass({ invalid: [worse], changes: [held('a')] })).toEqual(['connector.invalid a']);
  });

  test('of a key that another one claims too is told once for both, with all problems', () => {
    const { run } = tracked();
    const files = ['a.yaml', 'a.yml'];
    const both = files.map((file) => invalid({ key: 'a', file, problems: [problem({ file })] }));
    expect(run({ invalid: both, changes: [held('a')] })).toMatchObject([
      { event: 'connector.invalid', file: 'a.yaml', problems: files.map((file) => ({ file })) },
    ]);
    expect(run({ invalid: both, changes: [held('a')] })).toEqual([]);
  });

  test('that is mended and applied has recovered, after what was written', () => {
    const { pass } = tracked();
    pass({ invalid: [BAD], changes: [held('a')] });
    expect(pass({ outcomes: [applied(updating('a'))] })).toEqual([
      'connector.updated a file_changed',
      'connector.recovered a invalid',
    ]);
    expect(pass({ changes: [inSync('a')] })).toEqual([]);
  });

  test('that is mended without a difference has recovered too', () => {
    const { pass } = tracked();
    pass({ invalid: [BAD], changes: [held('a')] });
    expect(pass({ changes: [inSync('a')] })).toEqual(['connector.recovered a invalid']);
  });

  test('that is mended and then refused goes over to failing, and recovers once', () => {
    const { pass } = tracked();
    pass({ invalid: [BAD], changes: [held('a')] });
    const refused = failed(updating('a'), { kind: 'permanent', status: 422, retryInMs: null });
    expect(pass({ outcomes: [refused] })).toEqual(['connector.failed a 422']);
    expect(pass({ outcomes: [applied(updating('a'))] })).toEqual([
      'connector.updated a file_changed',
      'connector.recovered a failed',
    ]);
  });

  test('that nothing was bound to and whose file is removed has come to its end', () => {
    const { pass } = tracked();
    pass({ invalid: [BAD], changes: [held('a', { id: null })] });
    expect(pass({ changes: [] })).toEqual(['connector.recovered a invalid']);
    expect(pass({ changes: [] })).toEqual([]);
  });

  test('is told also when the workspace cannot be listed, and only once', () => {
    const { pass } = tracked();
    const blind = { invalid: [BAD], result: { plan: null } };
    expect(pass(blind)).toEqual(['connector.invalid a']);
    expect(pass(blind)).toEqual([]);
    expect(pass({ invalid: [BAD], changes: [held('a')] })).toEqual([]);
  });

  test('ends no trouble of the other documents in its file, which are held with it', () => {
    const { pass } = tracked();
    pass({ outcomes: [failed(updating('a#b'))] });
    expect(pass({ invalid: [BAD], changes: [held('a'), held('a#b')] })).toEqual(['connector.invalid a']);
    expect(pass({ outcomes: [failed(updating('a#b'))], changes: [inSync('a'), updating('a#b')] })).toEqual([
      'connector.recovered a invalid',
    ]);
  });
});

describe('a blocked definition', () => {
  test('is told once with code and reason', () => {
    const { run, pass } = tracked();
    expect(run({ changes: [blocked('a')] })).toMatchObject([
      { event: 'connector.blocked', code: 'ambiguous_name', reason: expect.stringContaining('ids 7, 8') as string },
    ]);
    expect(pass({ changes: [blocked('a')] })).toEqual([]);
  });

  test('is told again when something else blocks it, or another id', () => {
    const { pass } = tracked();
    pass({ changes: [blocked('a')] });
    const pinned = blocked('a', { code: 'pinned_id_missing', cause: 'pinned_id_missing', id: 5 });
    expect(pass({ changes: [pinned] })).toEqual(['connector.blocked a pinned_id_missing']);
    expect(pass({ changes: [pinned] })).toEqual([]);
    expect(pass({ changes: [{ ...pinned, id: 6 }] })).toEqual(['connector.blocked a pinned_id_missing']);
  });

  test('that is created later has recovered', () => {
    const { pass } = tracked();
    pass({ changes: [blocked('a')] });
    expect(pass({ outcomes: [applied(creating('a'))] })).toEqual([
      'connector.created a',
      'connector.recovered a blocked',
    ]);
  });

  test('whose definition is gone has come to its end', () => {
    const { pass } = tracked();
    pass({ changes: [blocked('a')] });
    expect(pass({ changes: [] })).toEqual(['connector.recovered a blocked']);
  });

  test('an update that would write a mask over an ignored value is told once', () => {
    const { pass } = tracked();
    const masked = blocked('a', { code: 'masked_value', cause: 'file_changed', held: 'update' });
    expect(pass({ changes: [masked] })).toEqual(['connector.blocked a masked_value']);
    expect(pass({ changes: [masked] })).toEqual([]);
    expect(pass({ changes: [inSync('a')] })).toEqual(['connector.recovered a blocked']);
  });

  test('a create that waits counts its seconds in silence', () => {
    const { pass } = tracked();
    const waiting = (seconds: number) =>
      blocked('a', { code: 'unsettled_create', cause: 'new', held: 'create', reason: `once more in ${seconds} s` });
    expect(pass({ changes: [waiting(30)] })).toEqual(['connector.blocked a unsettled_create']);
    expect(pass({ changes: [waiting(12)] })).toEqual([]);
    expect(pass({ outcomes: [applied(adopting('a'))] })).toEqual([
      'connector.adopted a',
      'connector.recovered a blocked',
    ]);
  });

  test('a create whose answer was lost stays one trouble until it is found', () => {
    const { pass } = tracked();
    const lost = failed(creating('a'), { kind: 'unsettled', status: null, retryInMs: 30_000 });
    expect(pass({ outcomes: [lost] })).toEqual(['connector.failed a ']);
    expect(pass({ changes: [blocked('a', { code: 'unsettled_create', held: 'create' })] })).toEqual([]);
    expect(pass({ outcomes: [applied(adopting('a'))] })).toEqual([
      'connector.adopted a',
      'connector.recovered a failed',
    ]);
  });
});

describe('a failing connector', () => {
  const RESTING = { attempts: 0, retryInMs: 700 };

  test('is told with status, attempts and the time of the next one', () => {
    const { run } = tracked();
    expect(run({ outcomes: [failed(updating('a'))] })).toEqual([
      {
        event: 'connector.failed',
        connector: { key: 'a', id: 7, name: 'A' },
        file: 'a.yaml',
        status: 503,
        attempts: 5,
        retryInMs: 1_000,
        error: 'PUT /v1/connectors/7 answered 503',
        problems: [],
      },
    ]);
  });

  test('is not told again while it rests or fails as before, however the words differ', () => {
    const { pass } = tracked();
    pass({ outcomes: [failed(updating('a'))] });
    expect(pass({ outcomes: [failed(updating('a'), RESTING)] })).toEqual([]);
    expect(pass({ outcomes: [failed(updating('a'), { message: 'request 8a2f failed', retryInMs: 2_000 })] })).toEqual(
      [],
    );
    expect(pass({ outcomes: [outcomeOf(updating('a'), 'skipped')] })).toEqual([]);
    expect(pass({ outcomes: [failed(updating('a'))] })).toEqual([]);
  });

  test('is told again when status or kind changes', () => {
    const { pass } = tracked();
    pass({ outcomes: [failed(updating('a'))] });
    expect(pass({ outcomes: [failed(updating('a'), { status: 500 })] })).toEqual(['connector.failed a 500']);
    const refused = { kind: 'permanent', status: 500, retryInMs: null } as const;
    expect(pass({ outcomes: [failed(updating('a'), refused)] })).toEqual(['connector.failed a 500']);
  });

  test('is told again when the server finds something else in new content, and not while that rests', () => {
    const { pass } = tracked();
    const refused = (line: number) =>
      failed(updating('a'), { kind: 'permanent', status: 422, retryInMs: null, problems: [problem({ line })] });
    const resting = failed(updating('a'), { kind: 'permanent', status: 422, retryInMs: null, attempts: 0 });
    expect(pass({ outcomes: [refused(3)] })).toEqual(['connector.failed a 422']);
    expect(pass({ outcomes: [resting] })).toEqual([]);
    expect(pass({ outcomes: [refused(9)] })).toEqual(['connector.failed a 422']);
    expect(pass({ outcomes: [resting] })).toEqual([]);
  });

  test('that was remembered from before a restart is told once', () => {
    const { pass } = tracked();
    expect(pass({ outcomes: [failed(updating('a'), RESTING)] })).toEqual(['connector.failed a 503']);
    expect(pass({ outcomes: [failed(updating('a'), RESTING)] })).toEqual([]);
  });

  test('has recovered when a write succeeds, when nothing is left to write, and when its definition is gone', () => {
    for (const [pass, told] of [
      [{ outcomes: [applied(updating('a'))] }, ['connector.updated a file_changed', 'connector.recovered a failed']],
      [{ changes: [inSync('a')] }, ['connector.recovered a failed']],
      [{ changes: [inSync('a', { outcome: 'skipped', cause: 'file_changed' })] }, ['connector.recovered a failed']],
      [{ changes: [] }, ['connector.recovered a failed']],
    ] satisfies [Pass, string[]][]) {
      const site = tracked();
      site.pass({ outcomes: [failed(updating('a'))] });
      expect(site.pass(pass)).toEqual(told);
    }
  });

  test('has recovered under its new path when its file was moved, held and removed', () => {
    const { run, pass } = tracked();
    pass({ outcomes: [failed(updating('a'))] });
    const moves = [{ from: 'a', to: 'b', file: 'b.yaml' }];
    expect(pass({ changes: [held('b')], plan: { moves } })).toEqual([]);
    expect(run({ changes: [] })).toMatchObject([
      { event: 'connector.recovered', was: 'failed', connector: { key: 'b', id: 7 }, file: 'b.yaml' },
    ]);
    expect(pass({ changes: [] })).toEqual([]);
  });

  test('is not forgotten while a brake holds it', () => {
    const { pass } = tracked();
    pass({ outcomes: [failed(creating('a'))] });
    const short = blocked('a', { code: 'live_list_short', cause: 'new', held: 'create' });
    pass({ changes: [short], brakes: [brake({ code: 'live_list_short' })] });
    expect(pass({ outcomes: [failed(creating('a'))] })).toEqual(['brake.released live_list_short']);
  });

  test('is not told by a refused key, which concerns all', () => {
    const { pass } = tracked();
    expect(pass({ outcomes: [failed(updating('a'), { kind: 'unauthorized', status: 403, retryInMs: 0 })] })).toEqual(
      [],
    );
  });

  test('whose delete fails and then succeeds is told as deleted, and that is all', () => {
    const { pass } = tracked();
    expect(pass({ outcomes: [failed(deleting('a'))] })).toEqual(['connector.failed a 503']);
    expect(pass({ outcomes: [applied(deleting('a'))] })).toEqual(['connector.deleted a']);
    expect(pass({ changes: [] })).toEqual([]);
  });
});

test.each([
  ['orphans that policy only reports', { code: 'source_empty', cause: 'removed_from_source' }],
  ['a protected orphan', { code: 'mass_delete', cause: 'removed_from_source' }],
  ['an adoption that writes nothing', { code: 'live_list_short', cause: 'adopted' }],
] as const)('a brake that holds %s is told by itself alone', (_, change) => {
  const { pass } = tracked();
  expect(pass({ changes: [blocked('a', { ...change, held: null })] })).toEqual([]);
  expect(pass({ changes: [inSync('a')] })).toEqual([]);
});

describe('an orphan', () => {
  test('is told once', () => {
    const { pass } = tracked();
    expect(pass({ changes: [orphan('a')] })).toEqual(['connector.orphaned a']);
    expect(pass({ changes: [orphan('a')] })).toEqual([]);
  });

  test('that is protected is told too, whatever the policy', () => {
    const { pass } = tracked();
    const reason = '`sync.protect` was set; it is never deleted';
    expect(pass({ changes: [orphan('a', { outcome: 'skipped', reason })] })).toEqual(['connector.orphaned a']);
  });

  test('whose file comes back has recovered, and is told again when it goes again', () => {
    const { pass } = tracked();
    pass({ changes: [orphan('a')] });
    expect(pass({ changes: [inSync('a')] })).toEqual(['connector.recovered a orphaned']);
    expect(pass({ changes: [orphan('a')] })).toEqual(['connector.orphaned a']);
    expect(pass({ outcomes: [applied(updating('a'))] })).toEqual([
      'connector.updated a file_changed',
      'connector.recovered a orphaned',
    ]);
  });

  test('whose file comes back elsewhere has recovered there', () => {
    const { pass } = tracked();
    pass({ changes: [orphan('a')] });
    const moves = [{ from: 'a', to: 'b', file: 'b.yaml' }];
    expect(pass({ changes: [inSync('b')], plan: { moves } })).toEqual(['connector.recovered b orphaned']);
  });

  test('whose connector is removed from the workspace has come to its end', () => {
    const { pass } = tracked();
    pass({ changes: [orphan('a')] });
    expect(pass({ changes: [], plan: { forget: ['a'] } })).toEqual(['connector.recovered a orphaned']);
  });

  test('that another definition is pinned to has come to its end', () => {
    const { pass } = tracked();
    pass({ changes: [orphan('a')] });
    expect(pass({ outcomes: [applied(adopting('b'))] })).toEqual([
      'connector.recovered a orphaned',
      'connector.adopted b',
    ]);
  });

  test('that a short list lacks for once is not told again', () => {
    const { pass } = tracked();
    pass({ changes: [orphan('a')] });
    expect(pass({ changes: [] })).toEqual([]);
    expect(pass({ changes: [orphan('a')] })).toEqual([]);
  });

  test('takes the place of what was wrong with the definition', () => {
    const { pass } = tracked();
    pass({ invalid: [BAD], changes: [held('a')] });
    expect(pass({ changes: [orphan('a')] })).toEqual(['connector.orphaned a']);
    expect(pass({ changes: [inSync('a')] })).toEqual(['connector.recovered a orphaned']);
  });
});
