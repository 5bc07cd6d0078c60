/** A moment as its age, with the full time for who points at it. */

import type { JSX } from 'preact';
import { formatAge } from './age.ts';
import { useNow } from './clock.tsx';

/** @param at milliseconds since the epoch */
export function Moment({ at }: { readonly at: number }): JSX.Element {
  const now = useNow();
  return (
    <time dateTime={new Date(at).toISOString()} title={formatMoment(at)}>
      {formatAge(now - at)}
    </time>
  );
}

/** In the reader's own zone, with its name. */
export function formatMoment(at: number): string {
  return new Date(at).toLocaleString(undefined, {
    dateStyle: 'medium',
    timeStyle: 'long',
  });
}
