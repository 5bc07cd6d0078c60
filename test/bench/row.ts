/** One line of the table. */

export interface Row {
  readonly what: string;
  readonly ours: string;
  /** The limit, or what the peer came to in the same run. */
  readonly peer: string;
  /** Ours over the peer's; null where there is no peer. */
  readonly ratio: number | null;
  readonly target: string;
  readonly met: boolean;
}

/** How thoroughly to measure. */
export interface Effort {
  /** Runs of each side of a comparison. */
  readonly runs: number;
  /** False leaves out what takes minutes. */
  readonly full: boolean;
}

/** Makes the rows of one subject. */
export type Measure = (effort: Effort) => Promise<readonly Row[]>;

export function renderTable(rows: readonly Row[]): string {
  const lines = rows.map(({ what, ours, peer, ratio, target, met }) =>
    [what, ours, peer, ratio === null ? '-' : ratio.toFixed(2), target, met ? 'yes' : 'NO'].join(' | '),
  );
  return [
    '| what | ours | limit or peer | ratio | target | met |',
    '|---|---|---|---|---|---|',
    ...lines.map((line) => `| ${line} |`),
  ].join('\n');
}

export function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}

export function inMs(milliseconds: number): string {
  return milliseconds >= 10_000 ? `${(milliseconds / 1000).toFixed(1)} s` : `${milliseconds.toFixed(0)} ms`;
}
