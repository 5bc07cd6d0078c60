/** The title and the icon of the tab, for whoever keeps it in the background. */

import { useEffect } from 'preact/hooks';
import type { Link } from './use-daemon.ts';
import type { Verdict } from './verdict.ts';

const COLOURS: Readonly<Record<Verdict['tone'] | 'lost', string>> = {
  good: '#1f9d5b',
  busy: '#3f6fe0',
  warn: '#d08700',
  bad: '#d8373d',
  lost: '#8a94a3',
};

export function usePageMark(verdict: Verdict | null, link: Link): void {
  const title = link === 'lost' ? 'Connection lost' : verdict?.title;
  const colour = COLOURS[link === 'lost' ? 'lost' : (verdict?.tone ?? 'busy')];
  useEffect(() => {
    document.title = title === undefined ? 'databar-sync' : `${title} · databar-sync`;
    const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="${colour}"/></svg>`;
    document.querySelector('link[rel=icon]')?.setAttribute('href', `data:image/svg+xml,${encodeURIComponent(icon)}`);
  }, [title, colour]);
}
