/** The states side by side, as wide as they are many. It repeats what the filter says in numbers. */

import type { JSX } from 'preact';
import type { DaemonStatus } from './daemon-status.ts';
import { STATES, STATE_NAMES } from './states.ts';

/** In units of the drawing; a share is never thinner than the eye can see. */
const WIDTH = 1_000;
const LEAST = 6;

export function ShareBar({ connectors }: Pick<DaemonStatus, 'connectors'>): JSX.Element | null {
  const present = STATE_NAMES.filter((state) => connectors[state] > 0);
  const total = present.reduce((sum, state) => sum + connectors[state], 0);
  if (total === 0) return null;
  const wide = WIDTH - LEAST * present.length;
  let x = 0;
  return (
    <svg class="share-bar" viewBox={`0 0 ${WIDTH} 6`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
      {present.map((state) => {
        const width = LEAST + (wide * connectors[state]) / total;
        const left = x;
        x += width;
        return <rect key={state} class={`fill-${STATES[state].tone}`} x={left} y="0" width={width} height="6" />;
      })}
    </svg>
  );
}
