import { describe, expect, test } from 'vitest';
import type { ConnectorRow } from '../../src/model/status-api.ts';
import { cellsOf, cutCells, padCells } from '../../src/report/cells.ts';
import { formatAge } from '../../src/report/format-age.ts';
import { renderStatus } from '../../src/report/render-status.ts';
import { reportStatus } from '../../src/report/status-report.ts';
import { NO_CONNECTORS, STARTED_AT, statusOf } from '../support/pass-builders.ts';

const NOW = STARTED_AT + 20_000;
const OK = { status: 'ok', reason: 'last success 20 s ago' } as const;
type Changes = Parameters<typeof statusOf>[0];
type Options = Partial<Parameters<typeof renderStatus>[1]>;

const row = (key: string, changes: Partial<ConnectorRow> = {}): ConnectorRow => ({
  key,
  id: 7,
  name: 'A name',
  file: `${key}.yaml`,
  line: null,
  state: 'in_sync',
  cause: null,
  action: null,
  since: NOW - 5_000,
  message: null,
  ...changes,
});

function render(changes: Changes, rows: readonly ConnectorRow[] = [], options: Options = {}): string {
  const report = reportStatus(statusOf(changes), rows, { live: OK, ready: OK });
  return renderStatus(report, { colour: false, width: null, height: null, now: NOW, ...options });
}

test('the daemon is told in two lines, its connectors in a table, and the verdict last', () => {
  const rows = [
    row('team/bad', {
      id: null,
      name: null,
      state: 'invalid',
      line: 3,
      message: 'No such method.',
      since: NOW - 400_000,
    }),
    row('score'),
  ];
  const connectors = { ...NO_CONNECTORS, invalid: 1, in_sync: 1 };
  expect(render({ revision: '8d0f2b6c1e4a7935d2c8', nextPassAt: NOW + 41_000, connectors }, rows)).toBe(
    `databar-sync 1.2.3: waiting, revision 8d0f2b6c1e4a, upsert-only, drift heal
last pass 19s ago took 120 ms, next in 41s; API ok

KEY       ID  NAME    STATE    SINCE  MESSAGE
team/bad  -   -       invalid  6m     team/bad.yaml:3 No such method.
score     7   A name  in_sync  5s

2 connectors: 1 invalid, 1 in_sync
not healthy: 1 invalid
`,
  );
});

describe('the second line tells', () => {
  test.each<[string, Changes]>([
    ['no pass yet', { lastPass: null }],
    [
      'API unauthorized: answered 401',
      { lastPass: { api: { status: 'unauthorized', code: 401, message: 'answered 401' } } },
    ],
    ['source missing: no directory', { lastPass: { source: { status: 'missing', message: 'no directory' } } }],
    ['brake mass_delete holds 4', { lastPass: { brakes: [{ code: 'mass_delete', reason: 'too many', blocked: 4 }] } }],
    ['the server asks for 30s of quiet', { queue: { pending: 0, inFlight: 0, pausedUntil: NOW + 30_000 } }],
    ['12 requests wait', { queue: { pending: 12, inFlight: 4, pausedUntil: null } }],
    ['files are polled', { watch: 'polling' }],
    ['state in memory only', { stateDurable: false }],
  ])('%s', (expected, changes) => {
    expect(render(changes).split('\n')[1]?.split('; ')).toContain(expected);
  });
});

test('the first line tells of a sandbox, a dry run, and how far a pass is', () => {
  const changes = { mode: 'syncing', sandbox: true, dryRun: true, progress: { done: 3, total: 40 } } as const;
  expect(render(changes)).toMatch(/^databar-sync 1\.2\.3: syncing \(3 of 40 written\), .*, SANDBOX, DRY RUN\n/u);
});

describe('a daemon is', () => {
  const report = (changes: Changes, probes: Partial<Parameters<typeof reportStatus>[2]> = {}) => {
    const { healthy, reason } = reportStatus(statusOf(changes), [], { live: OK, ready: OK, ...probes });
    return [healthy, reason];
  };

  test('healthy when it says so and no connector wants somebody to look', () => {
    const connectors = { ...NO_CONNECTORS, drifted: 1, pending: 1, orphaned: 1, suspended: 1, in_sync: 1 };
    expect(report({ connectors })).toEqual([true, 'last success 20 s ago']);
  });

  test('not healthy when a probe fails, whatever its connectors', () => {
    const failing = { status: 'failing', reason: 'the next pass is 200 s overdue' } as const;
    expect(report({}, { live: failing })).toEqual([false, failing.reason]);
    expect(report({ connectors: { ...NO_CONNECTORS, failing: 1 } }, { ready: failing })).toEqual([
      false,
      failing.reason,
    ]);
  });

  test('not healthy with connectors that are invalid, failing or blocked', () => {
    expect(report({ connectors: { ...NO_CONNECTORS, failing: 2, blocked: 1 } })).toEqual([
      false,
      '2 failing, 1 blocked',
    ]);
  });
});

describe('on a terminal', () => {
  test('columns stand in line also with characters that take two cells', () => {
    const rows = [row('a', { name: '漢字', message: 'x' }), row('b', { name: 'ascii', message: 'x' })];
    const lines = render({}, rows).split('\n');
    const cells = lines.filter((line) => line.endsWith('x')).map(cellsOf);
    expect(cells).toHaveLength(2);
    expect(new Set(cells).size).toBe(1);
  });

  test('no line is longer than the terminal is wide, and no more lines are drawn than it has', () => {
    const rows = Array.from({ length: 50 }, (_, at) => row(`k${at}`, { message: 'word '.repeat(40) }));
    const text = render({}, rows, { width: 80, height: 15 });
    const lines = text.trimEnd().split('\n');
    expect(Math.max(...lines.map(cellsOf))).toBe(80);
    expect(lines).toHaveLength(15);
    expect(lines[11]).toBe('… and 43 more');
  });

  test('states are painted, and only where colours are wanted', () => {
    const rows = [row('a', { state: 'failing' })];
    expect(render({}, rows, { colour: true })).toContain('\u001b[31mfailing\u001b[39m');
    expect(render({}, rows)).not.toContain('\u001b');
  });

  test('no text from files or servers speaks to it', () => {
    const hostile = '\u001b[2J\u0007\nforged\u009b1m\u202e';
    const message = hostile;
    const rows = [row(hostile, { name: hostile, message, file: hostile, line: 1 })];
    const api = { status: 'unreachable', code: null, message: hostile } as const;
    const text = render({ revision: hostile, lastPass: { api } }, rows);
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(text).not.toMatch(/^forged/mu);
  });
});

test.each([
  [-5, '0s'],
  [19_999, '19s'],
  [119_999, '119s'],
  [120_000, '2m'],
  [7_199_999, '119m'],
  [7_200_000, '2h'],
  [172_800_000, '2d'],
  [8_640_000_000, '100d'],
])('%d ms are %s', (milliseconds, age) => {
  expect(formatAge(milliseconds)).toBe(age);
});

test('text is padded and cut by the cells it takes', () => {
  expect(padCells('漢', 4)).toBe('漢  ');
  expect(padCells('longer', 2)).toBe('longer');
  expect(cutCells('abcdef', 6)).toBe('abcdef');
  expect(cutCells('abcdef', 5)).toBe('abcd…');
  expect(cutCells('漢字漢字', 5)).toBe('漢字…');
});
