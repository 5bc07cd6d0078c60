/** The daemon in eight short facts. */

import type { ComponentChildren, JSX } from 'preact';
import { formatCountdown, formatDuration } from './age.ts';
import { useNow } from './clock.tsx';
import type { DaemonStatus } from './daemon-status.ts';
import { Moment } from './moment.tsx';
import { MODES, countOf, formatCount } from './words.ts';

export function Facts({ status }: { readonly status: DaemonStatus }): JSX.Element {
  const { lastPass, revision, queue, progress } = status;
  return (
    <dl class="facts card" aria-label="The daemon">
      <Fact
        name="Mode"
        note={
          // A pass that has nothing to write is over before it can be read.
          progress === null || progress.total === 0 ? (
            countOf(status.passes, 'pass done', 'passes done')
          ) : (
            <Progress {...progress} />
          )
        }
      >
        {MODES[status.mode]}
      </Fact>
      <Fact name="Revision" note={isDirty(revision) ? 'with changes that are not committed' : status.sourceDir}>
        {revision === null ? 'Not in git' : <code title={revision}>{revision.slice(0, 8)}</code>}
      </Fact>
      <Fact name="Last pass" note={lastPass === null ? null : `took ${formatDuration(lastPass.durationMs)}`}>
        {lastPass === null ? 'None yet' : <Moment at={lastPass.startedAt + lastPass.durationMs} />}
      </Fact>
      <Fact name="Next pass" note={`every ${formatDuration(status.intervalMs)}`}>
        <NextPass status={status} />
      </Fact>
      <Fact name="Databar API" note={status.baseUrl}>
        <ApiState status={status} />
      </Fact>
      <Fact name="Queue" note={`${formatCount(queue.inFlight)} under way`}>
        {queue.pausedUntil === null ? `${formatCount(queue.pending)} waiting` : 'Paused'}
      </Fact>
      <Fact name="Brakes" note={lastPass?.brakes.map(({ code }) => code).join(', ') ?? null}>
        {lastPass !== null && lastPass.brakes.length > 0 ? (
          <strong class="tone-warn">{lastPass.brakes.length} engaged</strong>
        ) : (
          'None engaged'
        )}
      </Fact>
      <Fact name="Policy" note={status.drift === 'heal' ? 'drift is put right' : 'drift is only reported'}>
        {status.policy}
      </Fact>
    </dl>
  );
}

interface FactProps {
  readonly name: string;
  readonly note: ComponentChildren;
  readonly children: ComponentChildren;
}

function Fact({ name, note, children }: FactProps): JSX.Element {
  return (
    <div class="fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
      <dd class="fact-note">{note}</dd>
    </div>
  );
}

function Progress({ done, total }: NonNullable<DaemonStatus['progress']>): JSX.Element {
  return (
    <>
      <progress value={done} max={total} aria-label="Writes of this pass" />
      {formatCount(done)} of {formatCount(total)} written
    </>
  );
}

function NextPass({ status: { mode, nextPassAt } }: { readonly status: DaemonStatus }): JSX.Element {
  const now = useNow();
  if (mode === 'syncing' || mode === 'starting') return <>Under way</>;
  if (nextPassAt === null || mode !== 'waiting') return <>None planned</>;
  return <>{formatCountdown(nextPassAt - now)}</>;
}

function ApiState({ status: { lastPass } }: { readonly status: DaemonStatus }): JSX.Element {
  switch (lastPass?.api.status) {
    case undefined:
      return <>Not asked yet</>;
    case 'ok':
      return <span class="tone-good">Reachable</span>;
    case 'unauthorized':
      return <strong class="tone-bad">Key refused</strong>;
    case 'unreachable':
      return <strong class="tone-bad">Unreachable</strong>;
  }
}

function isDirty(revision: string | null): boolean {
  return revision?.endsWith('-dirty') ?? false;
}
