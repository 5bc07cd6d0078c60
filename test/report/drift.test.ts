import { describe, expect, test } from 'vitest';
import { invalid, problem } from '../support/builders.ts';
import {
  applied,
  blocked,
  brake,
  creating,
  failed,
  field,
  healing,
  held,
  inSync,
  orphan,
  reportedDrift,
  updating,
} from '../support/pass-builders.ts';
import { tracked } from '../support/tracked-conditions.ts';

const BAD = invalid({ key: 'a', problems: [problem()] });
const EDITED = [field('/method', 'put', 'post')];

describe('drift', () => {
  test('that is healed is told with cause and fields, then what was written, then the end', () => {
    const { run } = tracked();
    expect(run({ outcomes: [applied(healing('a', { fields: EDITED }))] })).toEqual([
      expect.objectContaining({ event: 'drift.detected', cause: 'remote_changed', fields: EDITED }),
      expect.objectContaining({ event: 'connector.updated', cause: 'remote_changed', fields: EDITED }),
      expect.objectContaining({ event: 'drift.healed', cause: 'remote_changed' }),
    ]);
  });

  test('that comes back after it was healed is told again', () => {
    const { pass } = tracked();
    pass({ outcomes: [applied(healing('a'))] });
    expect(pass({ outcomes: [applied(healing('a'))] })[0]).toBe('drift.detected a remote_changed');
  });

  test('by deletion is healed by a new connector, and its id is told', () => {
    const { run } = tracked();
    const gone = creating('a', { cause: 'remote_deleted', id: 7 });
    expect(run({ outcomes: [applied(gone, { id: 9 })] })).toMatchObject([
      { event: 'drift.detected', cause: 'remote_deleted', connector: { id: 7 } },
      { event: 'connector.created', connector: { id: 9 } },
      { event: 'drift.healed', cause: 'remote_deleted', connector: { id: 9 } },
    ]);
  });

  test('together with a changed file is told with what is overwritten', () => {
    const { pass } = tracked();
    expect(pass({ outcomes: [applied(updating('a', { cause: 'both_changed' }))] })).toEqual([
      'drift.detected a both_changed',
      'connector.updated a both_changed',
      'drift.healed a both_changed',
    ]);
  });

  test('that is only reported is told once, again when something else moves, and cleared when it is undone by hand', () => {
    const { pass } = tracked();
    expect(pass({ changes: [reportedDrift('a')] })).toEqual(['drift.detected a remote_changed']);
    expect(pass({ changes: [reportedDrift('a')] })).toEqual([]);
    expect(pass({ changes: [reportedDrift('a', { fields: EDITED })] })).toEqual(['drift.detected a remote_changed']);
    expect(pass({ changes: [inSync('a')] })).toEqual(['drift.cleared a']);
    expect(pass({ changes: [inSync('a')] })).toEqual([]);
  });

  test('that is reported and then overwritten by a new file is healed', () => {
    const { pass } = tracked();
    pass({ changes: [reportedDrift('a')] });
    expect(pass({ outcomes: [applied(updating('a', { cause: 'both_changed' }))] })).toEqual([
      'drift.detected a both_changed',
      'connector.updated a both_changed',
      'drift.healed a both_changed',
    ]);
  });

  test('that fails to heal is told once, as is the failure, and both have their end', () => {
    const { pass } = tracked();
    expect(pass({ outcomes: [failed(healing('a'))] })).toEqual([
      'drift.detected a remote_changed',
      'connector.failed a 503',
    ]);
    expect(pass({ outcomes: [failed(healing('a'))] })).toEqual([]);
    expect(pass({ outcomes: [applied(healing('a'))] })).toEqual([
      'connector.updated a remote_changed',
      'drift.healed a remote_changed',
      'connector.recovered a failed',
    ]);
  });

  test('of a connector that was failing already is told all the same', () => {
    const { pass } = tracked();
    pass({ outcomes: [failed(updating('a'))] });
    expect(pass({ outcomes: [failed(healing('a'))] })).toEqual(['drift.detected a remote_changed']);
  });

  test('that fails to heal and is undone by hand is cleared, and the connector has recovered', () => {
    const { pass } = tracked();
    pass({ outcomes: [failed(healing('a'))] });
    expect(pass({ changes: [inSync('a')] })).toEqual(['drift.cleared a', 'connector.recovered a failed']);
  });

  test('in a fight is told, with the quarantine of that one, and both have their end', () => {
    const { pass } = tracked();
    const fight = blocked('a', { code: 'fight', cause: 'remote_changed', held: 'update', fields: EDITED });
    const brakes = [brake({ code: 'fight' })];
    expect(pass({ changes: [fight], brakes })).toEqual([
      'drift.detected a remote_changed',
      'connector.blocked a fight',
      'brake.engaged fight',
    ]);
    expect(pass({ changes: [fight], brakes })).toEqual([]);
    expect(pass({ changes: [inSync('a')] })).toEqual([
      'drift.cleared a',
      'connector.recovered a blocked',
      'brake.released fight',
    ]);
  });

  test('is unknown, not ended, while the definition is invalid', () => {
    const { pass } = tracked();
    pass({ changes: [reportedDrift('a')] });
    expect(pass({ invalid: [BAD], changes: [held('a')] })).toEqual(['connector.invalid a']);
    expect(pass({ changes: [reportedDrift('a')] })).toEqual(['connector.recovered a invalid']);
  });

  test('ends when the file is removed, for then nothing is compared any more', () => {
    const { pass } = tracked();
    pass({ changes: [reportedDrift('a')] });
    expect(pass({ changes: [orphan('a')] })).toEqual(['drift.cleared a', 'connector.orphaned a']);
    const other = tracked();
    other.pass({ changes: [reportedDrift('a')] });
    expect(other.pass({ changes: [], plan: { forget: ['a'] } })).toEqual(['drift.cleared a']);
  });

  test('is not believed of a live list that fell short', () => {
    const { pass } = tracked();
    const missing = blocked('a', { code: 'live_list_short', cause: 'remote_deleted', held: 'create', id: 7 });
    expect(pass({ changes: [missing], brakes: [brake({ code: 'live_list_short' })] })).toEqual([
      'brake.engaged live_list_short',
    ]);
    expect(pass({ changes: [inSync('a')] })).toEqual(['brake.released live_list_short']);
  });

  test('follows its definition to another path', () => {
    const { pass } = tracked();
    pass({ changes: [reportedDrift('a')] });
    const moves = [{ from: 'a', to: 'b', file: 'b.yaml' }];
    expect(pass({ changes: [reportedDrift('b')], plan: { moves } })).toEqual([]);
    expect(pass({ changes: [inSync('b')] })).toEqual(['drift.cleared b']);
  });

  test('ends under its new path, once, when the file is removed before anything was compared there', () => {
    const { run, pass } = tracked();
    pass({ changes: [reportedDrift('a')] });
    const moves = [{ from: 'a', to: 'b', file: 'b.yaml' }];
    expect(pass({ changes: [held('b')], plan: { moves } })).toEqual([]);
    expect(run({ changes: [], plan: { forget: ['b'] } })).toMatchObject([
      { event: 'drift.cleared', connector: { key: 'b', id: 7 }, file: 'b.yaml' },
    ]);
    expect(pass({ changes: [] })).toEqual([]);
  });
});
