import { describe, expect, test } from 'vitest';
import type { SyncEvent } from '../../src/model/event.ts';
import type { LogContext, LogThreshold } from '../../src/report/log.ts';
import { createLog } from '../../src/report/log.ts';
import { EVENTS } from '../support/event-examples.ts';
import { NO_COUNTS } from '../support/pass-builders.ts';

const COMMIT = '8d0f2b6c1e4a7935d2c8b1f06e7a9d3c5b4f8e21';
const examples: readonly SyncEvent[] = Object.values(EVENTS).flatMap((entry) => [...entry.examples]);

function openLog(level: LogThreshold = 'debug', context: LogContext = { pass: 12, revision: COMMIT }) {
  const texts: string[] = [];
  const destination = { write: (line: string) => void texts.push(line) };
  const log = createLog({ level, destination, context: () => context });
  return { log, texts, lines: () => texts.map((text) => JSON.parse(text) as Readonly<Record<string, unknown>>) };
}

const passOf = (notable: boolean): SyncEvent => ({
  event: 'pass.completed',
  durationMs: 1_234,
  nextInMs: 58_000,
  notable,
  ...NO_COUNTS,
  created: 2,
  unchanged: 40,
});

describe('a line of the log', () => {
  test.each(examples.map((event) => [event.event, event] as const))('%s is told whole', (name, event) => {
    const { log, texts, lines } = openLog();
    log.emit(event);
    const { notable: _, ...told } = { notable: null, ...event };
    expect(lines()).toEqual([
      {
        ...(JSON.parse(JSON.stringify(told)) as object),
        event: name,
        level: expect.stringMatching(/^(?:debug|info|warn|error)$/u) as string,
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u) as string,
        msg: expect.stringMatching(/^\S.+\S$/u) as string,
        pass: 12,
        revision: COMMIT,
      },
    ]);
    expect(texts[0]).toMatch(/^[^\n]+\n$/u);
    expect(texts[0]).not.toContain('notable');
  });

  test('carries pass and revision as they are at that moment, and only when they are known', () => {
    const context = { pass: null as number | null, revision: null as string | null };
    const { log, lines } = openLog('debug', context);
    log.emit({ event: 'api.recovered' });
    context.pass = 3;
    log.emit({ event: 'api.recovered' });
    context.revision = COMMIT;
    log.say('warn', 'odd', { path: 'x' });
    expect(lines().map(({ pass, revision }) => [pass, revision])).toEqual([
      [undefined, undefined],
      [3, undefined],
      [3, COMMIT],
    ]);
    expect(lines()[2]).toMatchObject({ level: 'warn', msg: 'odd', path: 'x' });
    expect(lines()[2]).not.toHaveProperty('event');
  });

  test('leaves per cent signs, line ends and control characters to JSON', () => {
    const { log, lines, texts } = openLog();
    const reason = '100 %s %d\n\u001b[2J';
    log.emit({ event: 'source.unavailable', reason });
    expect(lines()[0]).toMatchObject({ reason, msg: expect.stringContaining(reason) as string });
    expect(texts[0]?.trimEnd()).not.toMatch(/\p{Cc}/u);
  });
});

describe('levels', () => {
  test.each<[LogThreshold, readonly string[]]>([
    ['debug', ['debug', 'info', 'warn', 'error']],
    ['info', ['info', 'warn', 'error']],
    ['warn', ['warn', 'error']],
    ['error', ['error']],
    ['silent', []],
  ])('at %s, %j are written', (level, written) => {
    const { log, lines } = openLog(level);
    log.emit(passOf(false));
    log.emit(passOf(true));
    log.emit({ event: 'watch.degraded', reason: 'ENOSPC' });
    log.emit({ event: 'source.unavailable', reason: 'gone' });
    expect(lines().map((line) => line['level'])).toEqual(written);
  });

  test('go round while the daemon runs, and each change is told whatever the level', () => {
    const { log, lines } = openLog('info');
    const written = (): unknown => {
      const before = lines().length;
      log.cycleLevel();
      log.emit(passOf(false));
      log.emit({ event: 'watch.degraded', reason: 'ENOSPC' });
      return lines()
        .slice(before)
        .map((line) => line['msg'] ?? '');
    };
    const pass = expect.stringContaining('pass took') as string;
    const degraded = expect.stringContaining('ENOSPC') as string;
    expect(written()).toEqual(['the log level is now debug', pass, degraded]);
    expect(written()).toEqual(['the log level is now warn', degraded]);
    expect(written()).toEqual(['the log level is now error']);
    expect(written()).toEqual(['the log level is now info', degraded]);
  });
});

describe('what lines say', () => {
  const said = (event: SyncEvent): unknown => {
    const { log, lines } = openLog();
    log.emit(event);
    return lines()[0]?.['msg'];
  };
  const about = { connector: { key: 'team/a', id: 7, name: 'A' }, file: 'team/a.yaml' };

  test('a pass says its counts, and when the next one is due', () => {
    expect(said(passOf(true))).toBe('pass took 1.2 s: 2 created, 40 unchanged; next in 58 s');
    expect(said({ ...passOf(true), nextInMs: null } as SyncEvent)).toBe('pass took 1.2 s: 2 created, 40 unchanged');
  });

  test('a failure says whether it is tried again', () => {
    const failure = {
      event: 'connector.failed',
      status: 422,
      attempts: 1,
      error: 'PUT answered 422',
      problems: [],
      ...about,
    } as const;
    expect(said({ ...failure, retryInMs: null })).toBe(
      'team/a "A" (id 7) failed: PUT answered 422; not again until its content changes',
    );
    expect(said({ ...failure, retryInMs: 1_500 })).toBe('team/a "A" (id 7) failed: PUT answered 422; again in 1.5 s');
  });

  test('drift says what moved, and not more than five places', () => {
    const fields = Array.from({ length: 7 }, (_, index) => ({ path: `/body/${index}`, live: 1, desired: 2 }));
    expect(said({ event: 'drift.detected', cause: 'remote_changed', fields, ...about })).toBe(
      'drift: team/a "A" (id 7) was changed outside of git: /body/0, /body/1, /body/2, /body/3, /body/4 and 2 more',
    );
    expect(said({ event: 'drift.detected', cause: 'remote_deleted', fields: [], ...about })).toBe(
      'drift: team/a "A" (id 7) was deleted outside of git',
    );
  });

  test('an end says what has ended', () => {
    expect(said({ event: 'connector.recovered', was: 'orphaned', ...about })).toBe(
      'team/a "A" (id 7) is no longer orphaned',
    );
  });

  test('the sandbox and a dry run are said plainly', () => {
    const started = {
      event: 'daemon.started',
      version: '1.2.3',
      commit: null,
      sourceDir: 'connectors',
      baseUrl: 'http://127.0.0.1:8701',
      policy: 'sync',
      drift: 'heal',
      listen: null,
    } as const;
    expect(said({ ...started, dryRun: true, sandbox: true })).toBe(
      'databar-sync 1.2.3 keeps http://127.0.0.1:8701 equal to connectors (policy sync, drift heal)' +
        '; dry run, nothing is written; SANDBOX: an embedded imitation of the API, not the real one',
    );
  });
});
