import type { JSX } from 'preact';
import { formatDuration } from './age.ts';
import type { Bar, Pass } from './chart-geometry.ts';
import { CHART, layOut } from './chart-geometry.ts';
import type { Tone } from './states.ts';

export const RESULTS: Readonly<Record<Pass['result'], { readonly word: string; readonly tone: Tone }>> = {
  ok: { word: 'went well', tone: 'good' },
  problems: { word: 'had problems', tone: 'warn' },
  failed: { word: 'failed', tone: 'bad' },
};

interface Props {
  /** Newest first. */
  readonly passes: readonly Pass[];
  /** The number of the pass that is marked. */
  readonly pointed: number;
  readonly onPoint: (pass: number | null) => void;
}

/** Room below the bars for the marks that tell results apart without colour. */
const MARKS = 12;

export function PassChart({ passes, pointed, onPoint }: Props): JSX.Element {
  const { bars, lines } = layOut(passes);
  const width = CHART.slots * CHART.slotWidth;
  return (
    <svg
      class="pass-chart"
      viewBox={`0 -10 ${width} ${CHART.height + MARKS + 10}`}
      role="img"
      aria-label={describe(passes)}
      onMouseLeave={() => onPoint(null)}
    >
      {lines.map(({ y, milliseconds }) => (
        <g key={y} class="chart-line">
          <line x1="0" x2={width} y1={y} y2={y} />
          <text x="0" y={y - 2}>
            {formatDuration(milliseconds)}
          </text>
        </g>
      ))}
      <line class="chart-base" x1="0" x2={width} y1={CHART.height} y2={CHART.height} />
      {bars.map((bar) => (
        <PassBar key={bar.pass.pass} bar={bar} isPointed={bar.pass.pass === pointed} onPoint={onPoint} />
      ))}
    </svg>
  );
}

interface BarProps {
  readonly bar: Bar;
  readonly isPointed: boolean;
  readonly onPoint: Props['onPoint'];
}

/** A triangle below the bar means problems, a cross means failed. */
function PassBar({ bar: { pass, x, y, height }, isPointed, onPoint }: BarProps): JSX.Element {
  const middle = x + CHART.barWidth / 2;
  const below = CHART.height + 3;
  return (
    <g class={`pass-bar fill-${RESULTS[pass.result].tone} ${isPointed ? 'is-pointed' : ''}`}>
      <rect x={x} y={y} width={CHART.barWidth} height={height} rx="1" />
      {pass.result === 'problems' && <path d={`M${middle} ${below}l2.4 4.4h-4.8z`} />}
      {pass.result === 'failed' && (
        <path class="pass-cross" d={`M${middle - 2} ${below}l4 4.4M${middle + 2} ${below}l-4 4.4`} />
      )}
      <rect
        class="pass-target"
        x={x - 1}
        y={-10}
        width={CHART.slotWidth}
        height={CHART.height + MARKS + 10}
        onMouseEnter={() => onPoint(pass.pass)}
        onClick={() => onPoint(pass.pass)}
      />
    </g>
  );
}

function describe(passes: readonly Pass[]): string {
  const count = (result: Pass['result']): number => passes.filter((pass) => pass.result === result).length;
  const longest = Math.max(...passes.map(({ durationMs }) => durationMs));
  return (
    `Duration and result of the last ${passes.length} passes: ${count('ok')} went well, ${count('problems')} had problems, ` +
    `${count('failed')} failed; the longest took ${formatDuration(longest)}.`
  );
}
