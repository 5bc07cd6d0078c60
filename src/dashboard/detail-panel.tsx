/** Everything about one connector, beside the table. */

import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import type { ConnectorDetail } from '../model/status-api.ts';
import { DetailFacts } from './detail-facts.tsx';
import { EventList } from './event-list.tsx';
import { FieldDifferences } from './field-differences.tsx';
import { Icon } from './icon.tsx';
import { ModalDialog } from './modal-dialog.tsx';
import { ProblemList } from './problem-list.tsx';
import { StateBadge } from './state-badge.tsx';
import { STATES } from './states.ts';
import { detailUrl } from './url-state.ts';
import { useResource } from './use-resource.ts';
import type { Navigate } from './use-view.ts';

interface Props {
  readonly keyName: string;
  readonly generation: number;
  readonly navigate: Navigate;
}

export function DetailPanel({ keyName, generation, navigate }: Props): JSX.Element {
  const { data, stale, missing } = useResource<ConnectorDetail>(detailUrl(keyName), generation);
  const title = useId();
  const detail = stale ? null : data;
  const close = (): void => navigate({ open: null });
  return (
    <ModalDialog class="panel" labelledBy={title} onClose={close}>
      <header class="panel-head">
        <div>
          {detail !== null && <StateBadge state={detail.state} />}
          <h2 id={title}>{detail?.name ?? keyName}</h2>
          <p class="row-key">{keyName}</p>
        </div>
        <button type="button" class="button icon-button" aria-label="Close" onClick={close}>
          <Icon name="cross" />
        </button>
      </header>
      {missing && <p class="waiting">There is no connector of that key any more.</p>}
      {stale && <p class="waiting">Asking for the details …</p>}
      {detail !== null && <Detail detail={detail} />}
    </ModalDialog>
  );
}

function Detail({ detail }: { readonly detail: ConnectorDetail }): JSX.Element {
  const { state, message, fields, problems, adjusted, events } = detail;
  return (
    <div class="panel-body">
      <div class={`callout tone-${STATES[state].tone}`}>
        <p>{message ?? STATES[state].meaning}</p>
      </div>
      <DetailFacts detail={detail} />
      {problems.length > 0 && (
        <section>
          <h3>Problems</h3>
          <ProblemList problems={problems} />
        </section>
      )}
      {fields.length > 0 && (
        <section>
          <h3>Differences</h3>
          <FieldDifferences fields={fields} />
        </section>
      )}
      {adjusted.length > 0 && (
        <section>
          <h3>Adjusted by Databar</h3>
          <p class="muted">
            Databar keeps a value of its own for{' '}
            {adjusted.map((field) => (
              <code key={field}>{field}</code>
            ))}
            . That is no drift.
          </p>
        </section>
      )}
      <section>
        <h3>Last events</h3>
        <EventList events={events} first={20} navigate={null} />
      </section>
    </div>
  );
}
