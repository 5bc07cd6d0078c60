import type { JSX } from 'preact';
import type { ConnectorDetail } from '../model/status-api.ts';
import { formatCountdown } from './age.ts';
import { useNow } from './clock.tsx';
import { Moment, formatMoment } from './moment.tsx';
import { Place } from './place.tsx';
import { ACTIONS, CAUSES } from './words.ts';

export function DetailFacts({ detail }: { readonly detail: ConnectorDetail }): JSX.Element {
  const { id, file, line, cause, action, since, state, retryAt } = detail;
  return (
    <dl class="detail-facts">
      <dt>Since</dt>
      <dd>
        <Moment at={since} /> <span class="muted">({formatMoment(since)})</span>
      </dd>
      {cause !== null && (
        <>
          <dt>Cause</dt>
          <dd>
            {CAUSES[cause]} <code class="muted">{cause}</code>
          </dd>
        </>
      )}
      {action !== null && action !== 'none' && (
        <>
          <dt>{state === 'in_sync' ? 'Last action' : 'Action'}</dt>
          <dd>{ACTIONS[action]}</dd>
        </>
      )}
      {state === 'failing' && (
        <>
          <dt>Tried again</dt>
          <dd>{retryAt === null ? 'when its file changes' : <Countdown to={retryAt} />}</dd>
        </>
      )}
      <dt>File</dt>
      <dd>{file === null ? 'not known' : <Place file={file} line={line} />}</dd>
      <dt>Id in Databar</dt>
      <dd>{id ?? 'none yet'}</dd>
    </dl>
  );
}

function Countdown({ to }: { readonly to: number }): JSX.Element {
  return <>{formatCountdown(to - useNow())}</>;
}
