import { describe, expect, test } from 'vitest';
import { noticesOf } from '../../src/dashboard/notices.ts';
import { judge } from '../../src/dashboard/verdict.ts';
import { connector, lastPass, NOW, scene } from '../support/dashboard/scene.ts';
import type { SceneName } from '../support/dashboard/scenes.ts';
import { SCENES } from '../support/dashboard/scenes.ts';

describe('the verdict', () => {
  test.each<[SceneName, string, string]>([
    ['starting', 'busy', 'The first pass is under way'],
    ['empty', 'busy', 'There are no connectors yet'],
    ['healthy', 'good', 'All 8 connectors are in sync'],
    ['drifting', 'warn', '2 connectors need attention'],
    ['failing', 'bad', '4 connectors need attention'],
    ['unreachable', 'bad', 'The Databar API cannot be reached'],
    ['unauthorized', 'bad', 'Databar refuses the API key'],
    ['sourceMissing', 'bad', 'The source directory is missing'],
    ['brake', 'warn', '4 connectors need attention'],
    ['tenThousand', 'bad', '1,255 connectors need attention'],
  ])('of the scene %s is %s: %s', (name, tone, title) => {
    expect(judge(SCENES[name].status)).toMatchObject({ tone, title });
  });

  test('tells how far the first pass is', () => {
    const connectors = [connector('a'), connector('b', { state: 'pending' })];
    expect(judge(scene(connectors, { lastPass: null }).status).detail).toBe('1 of 2 connectors are in sync so far.');
    expect(judge(SCENES.starting.status).detail).toBe('Nothing is known of the connectors yet.');
  });

  test('names the states of the connectors it speaks of', () => {
    expect(judge(SCENES.failing.status)).toMatchObject({
      detail: '1 invalid, 1 failing, 1 blocked, 1 drifted; 3 in sync.',
      states: ['invalid', 'failing', 'blocked', 'drifted'],
      isBlind: false,
    });
  });

  test('is blind when the source or the API cannot be read, whatever was known of the connectors', () => {
    const connectors = [connector('a', { state: 'failing' })];
    const source = { status: 'unreadable', message: 'No.' } as const;
    expect(judge(scene(connectors, { lastPass: lastPass({ source }) }).status)).toMatchObject({
      title: 'The source cannot be read',
      isBlind: true,
      states: [],
    });
  });

  test('is calm about connectors that are left alone, and busy while changes are due', () => {
    expect(judge(scene([connector('a'), connector('b', { state: 'suspended' })]).status)).toMatchObject({
      tone: 'good',
      title: '1 of 2 connectors are in sync',
      detail: '1 suspended.',
    });
    expect(judge(scene([connector('a', { state: 'pending' })]).status).tone).toBe('busy');
  });

  test('tells a brake that concerns no connector', () => {
    const brakes = [{ code: 'source_empty', reason: 'The source holds no definition at all.', blocked: 0 }];
    expect(judge(scene([], { lastPass: lastPass({ brakes }) }).status).title).toBe('A brake holds changes back');
  });

  test('says when the daemon is stopping', () => {
    expect(judge(scene([], { mode: 'draining' }).status).title).toBe('The daemon is stopping');
  });
});

describe('notices', () => {
  const titles = (change: Parameters<typeof scene>[1]): readonly string[] =>
    noticesOf(scene([], change).status, NOW).map(({ title }) => title);

  test('are none when there is nothing to say', () => {
    expect(titles({})).toEqual([]);
  });

  test('tell brakes, quiet, state, watching, sandbox and dry run, in this order', () => {
    expect(
      titles({
        lastPass: lastPass({ brakes: [{ code: 'mass_delete', reason: 'Too many.', blocked: 1 }] }),
        queue: { pending: 0, inFlight: 0, pausedUntil: NOW + 12_000 },
        stateDurable: false,
        watch: 'polling',
        sandbox: true,
        dryRun: true,
      }),
    ).toEqual([
      'Brake mass_delete holds 1 change back',
      'Databar asked for quiet',
      'The state is kept in memory only',
      'The system grants no file events',
      'Sandbox',
      'Dry run',
    ]);
  });

  test('tell of a pause only while it lasts', () => {
    expect(titles({ queue: { pending: 0, inFlight: 0, pausedUntil: NOW } })).toEqual([]);
  });
});
