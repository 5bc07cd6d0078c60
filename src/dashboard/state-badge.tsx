import type { JSX } from 'preact';
import type { ConnectorState } from '../model/status-api.ts';
import { Icon } from './icon.tsx';
import { STATES } from './states.ts';

export function StateBadge({ state }: { readonly state: ConnectorState }): JSX.Element {
  const { word, icon, tone, meaning } = STATES[state];
  return (
    <span class={`badge tone-${tone}`} title={meaning}>
      <Icon name={icon} />
      {word}
    </span>
  );
}
