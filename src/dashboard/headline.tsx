import type { JSX } from 'preact';
import type { DaemonStatus } from './daemon-status.ts';
import type { IconName } from './icon-paths.ts';
import { Icon } from './icon.tsx';
import { InternalLink } from './internal-link.tsx';
import { Moment } from './moment.tsx';
import { ShareBar } from './share-bar.tsx';
import type { Navigate } from './use-view.ts';
import type { Verdict } from './verdict.ts';

const ICONS: Readonly<Record<Verdict['tone'], IconName>> = {
  good: 'check',
  busy: 'clock',
  warn: 'alert',
  bad: 'alert',
};

interface Props {
  readonly verdict: Verdict;
  readonly status: DaemonStatus;
  readonly navigate: Navigate;
}

export function Headline({ verdict, status, navigate }: Props): JSX.Element {
  const { tone, title, detail, states, isBlind } = verdict;
  return (
    <section class={`headline tone-${tone}`} aria-labelledby="verdict">
      <span class="headline-icon">
        <Icon name={ICONS[tone]} />
      </span>
      <div class="headline-words">
        <h2 id="verdict">{title}</h2>
        {detail !== null && (
          <p>
            {detail}
            {isBlind && status.lastSuccessAt !== null && (
              <>
                {' '}
                The connectors are shown as they were <Moment at={status.lastSuccessAt} />.
              </>
            )}
          </p>
        )}
      </div>
      {states.length > 0 && (
        <InternalLink class="button" change={{ states, query: '', page: 1 }} navigate={navigate}>
          Show them
        </InternalLink>
      )}
      {!isBlind && <ShareBar connectors={status.connectors} />}
    </section>
  );
}
