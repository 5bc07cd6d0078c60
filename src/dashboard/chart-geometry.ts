/** Where the bars of the pass history stand. */

import type { PassHistory } from '../model/status-api.ts';

export type Pass = PassHistory['passes'][number];

export interface Bar {
  readonly pass: Pass;
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

export interface Chart {
  /** Oldest first, the newest at the right edge. */
  readonly bars: readonly Bar[];
  /** Lines across, each with the duration it stands for. */
  readonly lines: readonly { readonly y: number; readonly milliseconds: number }[];
}

/** All in units of the drawing. */
export const CHART = { slots: 50, slotWidth: 6, barWidth: 4, height: 64, leastHeight: 3 } as const;

/**
 * Heights grow with the square root of the duration: a first pass that writes everything takes a hundred times as long
 * as those after it, and both must be seen.
 *
 * @param passes newest first
 */
export function layOut(passes: readonly Pass[]): Chart {
  const shown = passes.slice(0, CHART.slots).toReversed();
  const top = roundUp(Math.max(1, ...shown.map(({ durationMs }) => durationMs)));
  const heightOf = (milliseconds: number): number => CHART.height * Math.sqrt(milliseconds / top);
  return {
    bars: shown.map((pass, index) => {
      const height = Math.max(CHART.leastHeight, heightOf(pass.durationMs));
      return { pass, x: (CHART.slots - shown.length + index) * CHART.slotWidth, y: CHART.height - height, height };
    }),
    lines: [top, top / 4].map((milliseconds) => ({ y: CHART.height - heightOf(milliseconds), milliseconds })),
  };
}

/** The next of 1, 2, 4 or 8 times a power of ten. */
function roundUp(milliseconds: number): number {
  const power = 10 ** Math.floor(Math.log10(milliseconds));
  return ([1, 2, 4, 8].find((factor) => factor * power >= milliseconds) ?? 10) * power;
}

/** What changed in a pass, in words; null when nothing did. */
export function describeCounts(counts: Pass['counts']): string | null {
  const told = ['created', 'adopted', 'updated', 'deleted', 'drifted', 'healed', 'blocked', 'invalid', 'failed'];
  const parts = told.flatMap((name) => ((counts[name] ?? 0) > 0 ? [`${counts[name]} ${name}`] : []));
  return parts.length === 0 ? null : parts.join(', ');
}
