import type { JSX } from 'preact';
import { formatAge } from './age.ts';
import { useNow } from './clock.tsx';
import { Icon } from './icon.tsx';

/** @param heardAt when the daemon was last heard, on its clock; null for never */
export function LostNotice({ heardAt }: { readonly heardAt: number | null }): JSX.Element {
  const now = useNow();
  return (
    <div class="notice tone-bad lost">
      <Icon name="alert" />
      <p>
        <strong>Connection lost, trying again.</strong>{' '}
        {heardAt === null ? 'The daemon does not answer.' : `What you see was told ${formatAge(now - heardAt)}.`}
      </p>
    </div>
  );
}
