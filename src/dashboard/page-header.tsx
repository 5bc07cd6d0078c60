import type { JSX } from 'preact';
import type { DaemonStatus } from './daemon-status.ts';
import { Icon } from './icon.tsx';
import { SyncNow } from './sync-now.tsx';
import type { Link } from './use-daemon.ts';

const LINKS: Readonly<Record<Link, string>> = { connecting: 'Connecting', live: 'Live', lost: 'Trying again' };

interface Props {
  readonly status: DaemonStatus | null;
  readonly link: Link;
}

export function PageHeader({ status, link }: Props): JSX.Element {
  return (
    <header class="page-header">
      <div class="page-header-inner">
        <h1>
          <span class="brand-mark">
            <Icon name="sync" />
          </span>
          databar-sync
        </h1>
        {status !== null && (
          <p class="target">
            <span class="target-version">{status.version}</span>
            {status.sandbox && <span class="tag tone-busy">Sandbox</span>}
            {status.dryRun && <span class="tag tone-busy">Dry run</span>}
          </p>
        )}
        <p class={`link link-${link}`}>
          <span class="link-dot" aria-hidden="true" />
          {LINKS[link]}
        </p>
        <SyncNow />
      </div>
    </header>
  );
}
