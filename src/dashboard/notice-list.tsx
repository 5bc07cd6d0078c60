import type { JSX } from 'preact';
import { useNow } from './clock.tsx';
import type { DaemonStatus } from './daemon-status.ts';
import { Icon } from './icon.tsx';
import { noticesOf } from './notices.ts';

export function NoticeList({ status }: { readonly status: DaemonStatus }): JSX.Element | null {
  const notices = noticesOf(status, useNow());
  if (notices.length === 0) return null;
  return (
    <ul class="notices" aria-label="Notices">
      {notices.map(({ id, tone, icon, title, detail }) => (
        <li key={id} class={`notice tone-${tone}`}>
          <Icon name={icon} />
          <p>
            <strong>{title}.</strong> {detail}
          </p>
        </li>
      ))}
    </ul>
  );
}
