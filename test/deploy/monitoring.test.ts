/** deploy/monitoring names only metrics and labels that exist, and each alert fires for what it is about, and for nothing else. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import type { PassResult } from '../../src/model/pass.ts';
import { METRICS } from '../../src/report/metrics/declared.ts';
import type { MetricDeclaration } from '../../src/report/metrics/declared.ts';
import { createMetrics } from '../../src/report/metrics/metrics.ts';
import { desiredOf, definition, invalid } from '../support/builders.ts';
import { REPOSITORY_ROOT } from '../support/generated-files.ts';
import type { Sample } from '../support/parse-exposition.ts';
import { parseExposition } from '../support/parse-exposition.ts';
import { NO_CONNECTORS, passResult, statusOf } from '../support/pass-builders.ts';
import type { Selector } from '../support/promql.ts';
import { evaluate, namedIn } from '../support/promql.ts';
import { codeSpans } from '../support/read-markdown.ts';

const read = (path: string): string => readFileSync(join(REPOSITORY_ROOT, path), 'utf8');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: { readonly type: string; readonly uid: string };
  readonly targets?: readonly {
    readonly refId: string;
    readonly expr: string;
    readonly legendFormat: string;
    readonly datasource: { readonly uid: string };
  }[];
  readonly fieldConfig?: { readonly defaults: { readonly unit: string } };
}

interface Dashboard {
  readonly title: string;
  readonly uid: string;
  readonly schemaVersion: number;
  readonly templating: { readonly list: readonly { readonly name: string; readonly type: string }[] };
  readonly panels: readonly Panel[];
}

const rules = (
  parseYaml(read('deploy/monitoring/alerts.yaml')) as { groups: readonly { name: string; rules: readonly Rule[] }[] }
).groups.flatMap(({ rules: each }) => each);
const dashboard = JSON.parse(read('deploy/monitoring/grafana-dashboard.json')) as Dashboard;

/** Given to every series by the scrape. */
const TARGET_LABELS: readonly string[] = ['job', 'instance'];
const BY_NAME: ReadonlyMap<string, MetricDeclaration> = new Map(
  Object.values<MetricDeclaration>(METRICS).flatMap((metric) =>
    metric.type === 'histogram'
      ? ['_bucket', '_sum', '_count'].map((part) => [`${metric.name}${part}`, metric] as const)
      : [[metric.name, metric] as const],
  ),
);

function labelsOf(name: string): readonly string[] {
  const own = Object.keys(BY_NAME.get(name)?.labels ?? {});
  return [...TARGET_LABELS, ...own, ...(name.endsWith('_bucket') ? ['le'] : [])];
}

/** What is wrong with a selector: an unknown metric or label, or a value that the label never has. */
function strangersIn({ name, matchers }: Selector): readonly string[] {
  // Made by Prometheus itself.
  if (name === 'up') return [];
  const metric = BY_NAME.get(name);
  if (metric === undefined) return [name];
  return matchers.flatMap(({ label, op, value }) => {
    if (!labelsOf(name).includes(label)) return [`${name}{${label}}`];
    const known = metric.labels[label] ?? null;
    const isKnown = known === null || !['=', '!='].includes(op) || known.includes(value);
    return isKnown ? [] : [`${name}{${label}="${value}"}`];
  });
}

/** Grafana fills its variables in before Prometheus sees an expression. */
const filled = (expression: string): string => expression.replaceAll('$__rate_interval', '5m');

describe.each([
  ['the alerts', rules.map(({ alert, expr }) => [alert, expr] as const)],
  [
    'the dashboard',
    dashboard.panels.flatMap(({ title, targets = [] }) =>
      targets.map(({ refId, expr }) => [`${title} ${refId}`, filled(expr)] as const),
    ),
  ],
  [
    'docs/metrics.md',
    codeSpans(read('docs/metrics.md').split('## Questions')[1] ?? '').flatMap((span) =>
      span.includes('databar_sync_') ? [[span, span] as const] : [],
    ),
  ],
])('%s', (_what, expressions) => {
  test('ask something', () => {
    expect(expressions.length).toBeGreaterThan(5);
  });

  test.each(expressions)('%s: every metric, label and value exists', (_name, expression) => {
    const { selectors, grouped } = namedIn(expression);
    expect(selectors.length).toBeGreaterThan(0);
    expect(selectors.flatMap(strangersIn)).toEqual([]);
    const labels = new Set(selectors.flatMap(({ name }) => labelsOf(name)));
    expect(grouped.filter((label) => !labels.has(label))).toEqual([]);
  });
});

describe('the alerts', () => {
  test.each(rules.map((rule) => [rule.alert, rule] as const))('%s is well-formed', (alert, rule) => {
    expect(Object.keys(rule).toSorted()).toEqual(['alert', 'annotations', 'expr', 'for', 'labels']);
    expect(alert).toMatch(/^DatabarSync[A-Z]\w+$/u);
    expect(rule.for).toMatch(/^[1-9]\d*m$/u);
    expect(['critical', 'warning', 'info']).toContain(rule.labels['severity']);
    expect(Object.keys(rule.annotations)).toEqual(['summary', 'description', 'runbook']);
    const text = Object.values(rule.annotations).join(' ');
    const named = [...text.matchAll(/\{\{ \$(labels\.\w+|value) \}\}/gu)].map(([, name = '']) => name);
    expect(text.match(/\{\{/gu)?.length ?? 0).toBe(named.length);
    const labels = new Set(namedIn(rule.expr).selectors.flatMap(({ name }) => labelsOf(name)));
    expect(named.filter((name) => name !== 'value' && !labels.has(name.slice('labels.'.length)))).toEqual([]);
  });

  test('have names of their own', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  });

  test.each(rules.map(({ alert, annotations }) => [alert, annotations['runbook'] ?? ''] as const))(
    '%s leads to a heading of its name',
    (alert, runbook) => {
      expect(runbook).toBe(`docs/operations.md#${alert.toLowerCase()}`);
    },
  );

  test.runIf(existsSync(join(REPOSITORY_ROOT, 'docs/operations.md')))('have a heading each in the runbook', () => {
    const headings = new Set(
      read('docs/operations.md')
        .split('\n')
        .flatMap((line) => /^#+ `?(\w+)`?$/u.exec(line)?.[1] ?? []),
    );
    expect(rules.map(({ alert }) => alert).filter((alert) => !headings.has(alert))).toEqual([]);
  });

  test('are told one by one in docs/monitoring.md', () => {
    const told = codeSpans(read('docs/monitoring.md')).filter((span) => span.startsWith('DatabarSync'));
    expect(told).toEqual(rules.map(({ alert }) => alert));
  });
});

const NOW = 1_000_000;
const UP: Sample = { name: 'up', labels: { job: 'databar-sync', instance: 'a:8700' }, value: 1 };

interface Situation {
  readonly status?: Parameters<typeof statusOf>[0];
  readonly pass?: Partial<PassResult>;
  readonly up?: readonly Sample[];
}

/** The alerts whose expression finds something in what a daemon in this situation really exposes. */
async function firing({ status, pass, up = [UP] }: Situation): Promise<readonly string[]> {
  const metrics = createMetrics({
    status: () => statusOf({ lastSuccessAt: NOW * 1_000 - 30_000, ...status }),
    process: () => ({ cpuSeconds: 1, residentBytes: 1, startedAt: 1, nodeVersion: 'v26' }),
    connectors: null,
    now: () => NOW * 1_000,
  });
  metrics.passed(passResult(pass));
  const exposed = parseExposition((await metrics.expose()).text).flatMap(({ samples }) => samples);
  const scraped = exposed.map((sample) => ({ ...sample, labels: { ...UP.labels, ...sample.labels } }));
  return rules.filter(({ expr }) => evaluate(expr, [...scraped, ...up], NOW).length > 0).map(({ alert }) => alert);
}

describe('of a daemon', () => {
  const brake = (code: 'mass_delete' | 'unconfirmed_delete'): Situation['status'] => ({
    lastPass: { brakes: [{ code, reason: 'x', blocked: 3 }] },
  });

  test.each<[string, Situation, readonly string[]]>([
    ['that is well', {}, []],
    ['that is not scraped', { up: [] }, ['DatabarSyncDown']],
    ['that cannot be reached', { up: [{ ...UP, value: 0 }] }, ['DatabarSyncDown']],
    ['that never had a good pass', { status: { lastSuccessAt: null } }, ['DatabarSyncNoSuccess']],
    [
      'whose last good pass is long ago',
      { status: { lastSuccessAt: NOW * 1_000 - 601_000 } },
      ['DatabarSyncNoSuccess'],
    ],
    [
      'whose key is refused',
      { pass: { api: { status: 'unauthorized', code: 403, message: 'x' } } },
      ['DatabarSyncUnauthorized'],
    ],
    ['that reports drift', { status: { connectors: { ...NO_CONNECTORS, drifted: 2 } } }, ['DatabarSyncDrift']],
    ['whose brake holds', { status: brake('mass_delete') }, ['DatabarSyncBrakeEngaged']],
    ['that waits to confirm a delete', { status: brake('unconfirmed_delete') }, []],
    [
      'with an invalid definition',
      { pass: { desired: desiredOf([definition()], [invalid({ key: 'b' })]) } },
      ['DatabarSyncDefinitionsInvalid'],
    ],
    [
      'whose writes fail',
      { status: { connectors: { ...NO_CONNECTORS, failing: 1 } } },
      ['DatabarSyncConnectorsFailing'],
    ],
    ['with orphans alone', { status: { connectors: { ...NO_CONNECTORS, orphaned: 1, suspended: 1 } } }, []],
    ['without a disk', { status: { stateDurable: false } }, ['DatabarSyncStateNotDurable']],
    ['without a disk in a dry run', { status: { stateDurable: false, dryRun: true } }, []],
    ['that polls', { status: { watch: 'polling' } }, ['DatabarSyncWatchDegraded']],
  ])('%s, exactly the right alerts fire', async (_what, situation, expected) => {
    expect(await firing(situation)).toEqual(expected);
  });
});

describe('the dashboard', () => {
  const shown = dashboard.panels.filter(({ type }) => type !== 'row');

  test('has what Grafana needs to load it', () => {
    expect(dashboard).toMatchObject({ title: 'databar-sync', uid: 'databar-sync', schemaVersion: 39 });
    expect(dashboard.templating.list.map(({ name, type }) => [name, type])).toEqual([
      ['datasource', 'datasource'],
      ['job', 'query'],
      ['instance', 'query'],
    ]);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  });

  test.each(shown.map((panel) => [panel.title, panel] as const))('%s can be read', (_title, panel) => {
    expect(['stat', 'timeseries']).toContain(panel.type);
    expect(panel.description).toMatch(/\.$/u);
    expect(['none', 'short', 's', 'reqps', 'bytes', 'percentunit']).toContain(panel.fieldConfig?.defaults.unit);
    expect(panel.datasource).toEqual({ type: 'prometheus', uid: '${datasource}' });
    const targets = panel.targets ?? [];
    expect(targets.map(({ refId }) => refId)).toEqual(['A', 'B', 'C'].slice(0, targets.length));
    for (const { expr, legendFormat, datasource } of targets) {
      expect(datasource.uid).toBe('${datasource}');
      const { selectors, grouped } = namedIn(filled(expr));
      for (const { matchers } of selectors) {
        expect(matchers.map(({ label, value }) => `${label}=${value}`)).toEqual(
          expect.arrayContaining(['job=$job', 'instance=$instance']),
        );
      }
      const named = [...legendFormat.matchAll(/\{\{(\w+)\}\}/gu)].map(([, label]) => label);
      expect(named.filter((label) => !grouped.includes(label ?? ''))).toEqual([]);
    }
  });

  test('lays no panel over another, and none beyond the 24 columns', () => {
    const taken = new Set<string>();
    for (const { gridPos, title } of dashboard.panels) {
      const { x, y, w, h } = gridPos;
      expect(x + w).toBeLessThanOrEqual(24);
      for (let cell = 0; cell < w * h; cell += 1) {
        const place = `${x + (cell % w)},${y + Math.floor(cell / w)}`;
        expect(taken.has(place) ? [title, place] : null).toBeNull();
        taken.add(place);
      }
    }
  });

  test('shows every metric but those that say no more than others', () => {
    const named = new Set(
      shown.flatMap(({ targets = [] }) =>
        targets.flatMap(({ expr }) => namedIn(filled(expr)).selectors.map(({ name }) => name)),
      ),
    );
    const unseen = Object.values<MetricDeclaration>(METRICS).filter(
      ({ name, type }) => !named.has(type === 'histogram' ? `${name}_bucket` : name),
    );
    expect(unseen.map(({ name }) => name)).toEqual([
      'databar_sync_last_pass_timestamp_seconds',
      'databar_sync_next_pass_timestamp_seconds',
      'process_start_time_seconds',
    ]);
  });

  test('speaks of alerts that exist', () => {
    const named = shown.flatMap(({ description = '' }) => description.match(/DatabarSync\w+/gu) ?? []);
    expect(new Set(named).size).toBeGreaterThan(5);
    expect(named.filter((name) => !rules.some(({ alert }) => alert === name))).toEqual([]);
  });
});
