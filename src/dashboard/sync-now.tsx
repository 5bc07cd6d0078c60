/** The button that asks for a pass, and the dialog behind it. */

import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Icon } from './icon.tsx';
import { requestSync } from './request-sync.ts';
import { SyncDialog } from './sync-dialog.tsx';

export type SyncState = 'idle' | 'asking' | 'accepted' | 'token-needed' | 'token-wrong' | 'off' | 'failed';

/** How long the button says that the request was taken. */
const PRAISE_MS = 6_000;

/** The token is kept in memory, and so until the page is closed or loaded again. */
export function SyncNow(): JSX.Element {
  const [state, setState] = useState<SyncState>('idle');
  const [token, setToken] = useState<string | null>(null);
  useEffect(() => {
    if (state !== 'accepted') return undefined;
    const timer = setTimeout(() => setState('idle'), PRAISE_MS);
    return () => clearTimeout(timer);
  }, [state]);

  const ask = async (given: string | null): Promise<void> => {
    if (state === 'idle') setState('asking');
    const answer = await requestSync(given);
    setToken(answer === 'accepted' ? given : null);
    setState(answer === 'token-needed' && given !== null ? 'token-wrong' : answer);
  };
  const isDialog = state !== 'idle' && state !== 'asking' && state !== 'accepted';
  return (
    <>
      <button type="button" class="button primary" aria-busy={state === 'asking'} onClick={() => void ask(token)}>
        <Icon name={state === 'accepted' ? 'check' : 'sync'} />
        {state === 'accepted' ? 'Asked for' : 'Sync now'}
      </button>
      <span class="visually-hidden" role="status">
        {state === 'accepted' && 'A pass was asked for.'}
      </span>
      {isDialog && <SyncDialog state={state} onToken={(given) => void ask(given)} onClose={() => setState('idle')} />}
    </>
  );
}
