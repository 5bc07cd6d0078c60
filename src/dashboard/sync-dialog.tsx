import type { JSX } from 'preact';
import { useId, useRef } from 'preact/hooks';
import { ModalDialog } from './modal-dialog.tsx';
import type { SyncState } from './sync-now.tsx';

interface Props {
  readonly state: Exclude<SyncState, 'idle' | 'asking' | 'accepted'>;
  readonly onToken: (token: string) => void;
  readonly onClose: () => void;
}

export function SyncDialog({ state, onToken, onClose }: Props): JSX.Element {
  const title = useId();
  return (
    <ModalDialog class="dialog" labelledBy={title} onClose={onClose}>
      <Content state={state} title={title} onToken={onToken} onClose={onClose} />
    </ModalDialog>
  );
}

function Content({ state, title, onToken, onClose }: Props & { readonly title: string }): JSX.Element {
  switch (state) {
    case 'off':
      return (
        <>
          <h2 id={title}>The trigger is off</h2>
          <p>
            Set <code>http.triggerTokenFile</code> (or the environment variable <code>DATABAR_SYNC_TRIGGER_TOKEN</code>)
            and start the daemon again. Until then, SIGHUP asks it for a pass.
          </p>
          <CloseButton onClose={onClose} />
        </>
      );
    case 'failed':
      return (
        <>
          <h2 id={title}>The daemon did not take the request</h2>
          <p role="alert">No pass was asked for. Try again when the connection is back.</p>
          <CloseButton onClose={onClose} />
        </>
      );
    case 'token-needed':
    case 'token-wrong':
      return <TokenForm title={title} isWrong={state === 'token-wrong'} onToken={onToken} onClose={onClose} />;
  }
}

function CloseButton({ onClose }: Pick<Props, 'onClose'>): JSX.Element {
  return (
    <p class="dialog-actions">
      <button type="button" class="button" onClick={onClose}>
        Close
      </button>
    </p>
  );
}

interface FormProps extends Pick<Props, 'onToken' | 'onClose'> {
  readonly title: string;
  readonly isWrong: boolean;
}

function TokenForm({ title, isWrong, onToken, onClose }: FormProps): JSX.Element {
  const field = useId();
  const input = useRef<HTMLInputElement>(null);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const token = input.current?.value.trim() ?? '';
        if (token === '') input.current?.focus();
        else onToken(token);
      }}
    >
      <h2 id={title}>Sync now</h2>
      <label htmlFor={field}>Trigger token</label>
      <input
        ref={input}
        id={field}
        type="password"
        autocomplete="off"
        aria-invalid={isWrong}
        aria-describedby={`${field}-note`}
      />
      {isWrong && (
        <p class="tone-bad" role="alert">
          That is not the token. The daemon refused it.
        </p>
      )}
      <p id={`${field}-note`} class="muted">
        The value of <code>http.triggerToken</code>. It stays in this page until you close or reload it.
      </p>
      <p class="dialog-actions">
        <button type="button" class="button" onClick={onClose}>
          Cancel
        </button>
        <button type="submit" class="button primary">
          Sync now
        </button>
      </p>
    </form>
  );
}
