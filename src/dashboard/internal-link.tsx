/** A link to another view of the page: it works in a new tab too. */

import type { ComponentChildren, JSX } from 'preact';
import type { View } from './url-state.ts';
import { readView, writeView } from './url-state.ts';
import type { Navigate } from './use-view.ts';

interface Props {
  readonly change: Partial<View>;
  readonly navigate: Navigate;
  readonly class?: string;
  readonly id?: string;
  readonly current?: boolean;
  readonly children: ComponentChildren;
}

export function InternalLink({ change, navigate, current, children, ...rest }: Props): JSX.Element {
  const follow = (event: MouseEvent): void => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(change);
  };
  const href = writeView({ ...readView(location.search), ...change }) || '?';
  return (
    <a {...rest} href={href} onClick={follow} aria-current={current === true ? 'true' : undefined}>
      {children}
    </a>
  );
}
