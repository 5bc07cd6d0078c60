/** Tells readers of the screen what changed, in words and without moving them. */

import type { JSX } from 'preact';
import type { Link } from './use-daemon.ts';
import type { Verdict } from './verdict.ts';

interface Props {
  readonly link: Link;
  readonly verdict: Verdict | null;
}

/** Its text changes only when there is news, so it is read only then. */
export function Announcer({ link, verdict }: Props): JSX.Element {
  const news = link === 'lost' ? 'Connection lost, trying again.' : (verdict?.title ?? '');
  return (
    <p class="visually-hidden" role="status">
      {news}
    </p>
  );
}
