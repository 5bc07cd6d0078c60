import { describe, expect, test } from 'vitest';
import type { Pass } from '../../src/dashboard/chart-geometry.ts';
import { CHART, describeCounts, layOut } from '../../src/dashboard/chart-geometry.ts';
import { passes } from '../support/dashboard/scene.ts';

const pass = (number: number, durationMs: number): Pass => ({
  pass: number,
  revision: null,
  startedAt: number,
  durationMs,
  result: 'ok',
  counts: {},
});

describe('the chart of passes', () => {
  test('puts the newest pass at the right edge, and few passes beside it', () => {
    const { bars } = layOut([pass(3, 100), pass(2, 100), pass(1, 100)]);
    expect(bars.map(({ pass }) => pass.pass)).toEqual([1, 2, 3]);
    expect(bars.map(({ x }) => x)).toEqual([47, 48, 49].map((slot) => slot * CHART.slotWidth));
  });

  test('shows fifty passes at most', () => {
    expect(layOut(passes(80)).bars).toHaveLength(50);
  });

  test('grows with the square root of the duration, up to a round number above the longest', () => {
    const { bars, lines } = layOut([pass(2, 4_000), pass(1, 1_000)]);
    expect(bars.map(({ height }) => height)).toEqual([CHART.height / 2, CHART.height]);
    expect(lines).toEqual([
      { y: 0, milliseconds: 4_000 },
      { y: CHART.height / 2, milliseconds: 1_000 },
    ]);
  });

  test('stays within its frame, and shows even the shortest pass', () => {
    for (const { y, height } of layOut([pass(2, 9_001), pass(1, 0)]).bars) {
      expect(y).toBeGreaterThanOrEqual(0);
      expect(height).toBeGreaterThanOrEqual(CHART.leastHeight);
      expect(y + height).toBeCloseTo(CHART.height);
    }
  });

  test('is empty without a pass', () => {
    expect(layOut([]).bars).toEqual([]);
  });
});

test('a pass is told by what changed in it', () => {
  expect(describeCounts({ unchanged: 7, updated: 2, failed: 1, unmanaged: 3 })).toBe('2 updated, 1 failed');
  expect(describeCounts({ unchanged: 7 })).toBeNull();
});
