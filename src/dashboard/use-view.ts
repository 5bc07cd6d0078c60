/** The view in the address bar. */

import { useCallback, useEffect, useState } from 'preact/hooks';
import type { View } from './url-state.ts';
import { readView, writeView } from './url-state.ts';

/** `replace` leaves no entry in the history: for steps that nobody wants to go back to one by one. */
export type Navigate = (change: Partial<View>, how?: 'push' | 'replace') => void;

export function useView(): { readonly view: View; readonly navigate: Navigate } {
  const [view, setView] = useState(() => readView(location.search));
  useEffect(() => {
    const follow = (): void => setView(readView(location.search));
    addEventListener('popstate', follow);
    return () => removeEventListener('popstate', follow);
  }, []);
  const navigate = useCallback<Navigate>((change, how = 'push') => {
    const next = { ...readView(location.search), ...change };
    const url = writeView(next) || location.pathname;
    if (how === 'push') history.pushState(null, '', url);
    else history.replaceState(null, '', url);
    setView(next);
  }, []);
  return { view, navigate };
}
