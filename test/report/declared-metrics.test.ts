/** The rules of prometheus.io/docs/practices/naming, and those of `promtool check metrics`. */

import { describe, expect, test } from 'vitest';
import type { MetricDeclaration } from '../../src/report/metrics/declared.ts';
import { BRAKE_CODES, METRICS, PER_CONNECTOR } from '../../src/report/metrics/declared.ts';
import { BLOCK_GUIDE } from '../../src/report/guide/block-guide.ts';

const ALL: readonly MetricDeclaration[] = Object.values({ ...METRICS, ...PER_CONNECTOR });

/** What a base unit is written as; anything else that looks like a unit is none. */
const BASE_UNITS = ['seconds', 'bytes'];
const NO_BASE_UNITS = /(?:^|_)(?:ms|milliseconds|minutes|hours|days|kilobytes|megabytes|mb|kb|percent)(?:_|$)/u;

describe.each(ALL.map((metric) => [metric.name, metric] as const))('%s', (name, { type, help, labels, buckets }) => {
  test('has a name of ours, or of what every process has', () => {
    expect(name).toMatch(/^(?:databar_sync|process)(?:_[a-z][a-z0-9]*)+$/u);
    expect(name).not.toMatch(NO_BASE_UNITS);
    expect(name).not.toMatch(/_(?:counter|gauge|histogram|summary|count|sum|bucket)(?:_|$)/u);
  });

  test('ends in _total if it is a counter, and only then', () => {
    expect(name.endsWith('_total')).toBe(type === 'counter');
  });

  test('measures in a base unit, if it is a histogram', () => {
    if (type !== 'histogram') return expect(buckets).toBeUndefined();
    expect(BASE_UNITS.some((unit) => name.endsWith(`_${unit}`))).toBe(true);
    expect(buckets).toEqual([...(buckets ?? [])].sort((a, b) => a - b));
    expect(buckets?.length).toBeGreaterThan(5);
  });

  test('says what it is in a sentence', () => {
    expect(help).toMatch(/^[A-Z0-9].*\.$/u);
    expect(help).not.toMatch(/\n/u);
  });

  test('has labels that may be used', () => {
    for (const label of Object.keys(labels)) {
      expect(label).toMatch(/^[a-z][a-z_]*$/u);
      expect(['le', 'quantile', 'job', 'instance']).not.toContain(label);
      expect(name.split('_')).not.toContain(label);
    }
  });
});

test('no name is there twice', () => {
  expect(new Set(ALL.map(({ name }) => name)).size).toBe(ALL.length);
});

test('no metric has a label for each connector, unless it is asked for', () => {
  const labels = Object.values(METRICS).flatMap((metric) => Object.keys(metric.labels));
  expect(labels).not.toContain('key');
  expect(labels).not.toContain('name');
});

test('every block code is that of a brake, or of one connector alone', () => {
  const ofOne = ['ambiguous_name', 'pinned_id_missing', 'id_claimed', 'name_held', 'unsettled_create', 'masked_value'];
  expect([...BRAKE_CODES, ...ofOne].sort()).toEqual(Object.keys(BLOCK_GUIDE).sort());
});
