import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ToldEvent } from '../model/status-api.ts';
import type { IconName } from './icon-paths.ts';
import { Icon } from './icon.tsx';
import { InternalLink } from './internal-link.tsx';
import { Moment } from './moment.tsx';
import type { Tone } from './states.ts';
import type { Navigate } from './use-view.ts';

const LEVELS: Readonly<
  Record<ToldEvent['level'], { readonly word: string; readonly icon: IconName; readonly tone: Tone }>
> = {
  debug: { word: 'debug', icon: 'info', tone: 'quiet' },
  info: { word: 'info', icon: 'info', tone: 'busy' },
  warn: { word: 'warning', icon: 'alert', tone: 'warn' },
  error: { word: 'error', icon: 'cross', tone: 'bad' },
};

interface Props {
  readonly events: readonly ToldEvent[];
  /** How many are shown at first. */
  readonly first: number;
  /** Events link to their connector; null where the connector is shown already. */
  readonly navigate: Navigate | null;
}

export function EventList({ events, first, navigate }: Props): JSX.Element {
  const [isWhole, setWhole] = useState(false);
  if (events.length === 0) return <p class="muted">Nothing has been told yet.</p>;
  return (
    <>
      <ol class="events">
        {events.slice(0, isWhole ? undefined : first).map((event) => (
          <EventItem
            key={`${event.at} ${event.event} ${event.connector?.key ?? ''}`}
            event={event}
            navigate={navigate}
          />
        ))}
      </ol>
      {events.length > first && !isWhole && (
        <button type="button" class="button more" onClick={() => setWhole(true)}>
          Show all {events.length}
        </button>
      )}
    </>
  );
}

function EventItem({
  event,
  navigate,
}: {
  readonly event: ToldEvent;
  readonly navigate: Navigate | null;
}): JSX.Element {
  const { word, icon, tone } = LEVELS[event.level];
  const { connector } = event;
  return (
    <li class={`event tone-${tone}`}>
      <Icon name={icon} />
      <div>
        <p class="event-message">
          <span class="visually-hidden">{word}: </span>
          {event.message}
        </p>
        <p class="event-facts">
          <Moment at={event.at} /> · <code>{event.event}</code>
          {connector !== null && navigate !== null && (
            <>
              {' · '}
              <InternalLink change={{ open: connector.key }} navigate={navigate}>
                {connector.key}
              </InternalLink>
            </>
          )}
        </p>
      </div>
    </li>
  );
}
