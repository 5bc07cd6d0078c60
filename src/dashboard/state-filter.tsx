import type { JSX } from 'preact';
import type { ConnectorState } from '../model/status-api.ts';
import { Icon } from './icon.tsx';
import { STATES, STATE_NAMES } from './states.ts';
import type { Navigate } from './use-view.ts';
import { formatCount } from './words.ts';

interface Props {
  readonly counts: Readonly<Record<ConnectorState, number>>;
  readonly chosen: readonly ConnectorState[];
  readonly navigate: Navigate;
}

/** One button for each state that some connector is in; those pressed are shown, and all when none is. */
export function StateFilter({ counts, chosen, navigate }: Props): JSX.Element | null {
  const shown = STATE_NAMES.filter((state) => counts[state] > 0 || chosen.includes(state));
  if (shown.length === 0) return null;
  const total = STATE_NAMES.reduce((sum, state) => sum + counts[state], 0);
  const toggle = (state: ConnectorState): void =>
    navigate({
      states: STATE_NAMES.filter((each) => chosen.includes(each) !== (each === state)),
      page: 1,
    });
  return (
    <div class="filter" role="group" aria-label="Filter by state">
      <button
        type="button"
        class="chip"
        aria-pressed={chosen.length === 0}
        onClick={() => navigate({ states: [], page: 1 })}
      >
        All <span class="chip-count">{formatCount(total)}</span>
      </button>
      {shown.map((state) => {
        const { word, icon, tone, meaning } = STATES[state];
        return (
          <button
            key={state}
            type="button"
            class={`chip tone-${tone}`}
            title={meaning}
            aria-pressed={chosen.includes(state)}
            onClick={() => toggle(state)}
          >
            <Icon name={icon} />
            {word} <span class="chip-count">{formatCount(counts[state])}</span>
          </button>
        );
      })}
    </div>
  );
}
