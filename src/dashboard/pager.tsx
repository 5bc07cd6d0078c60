import type { JSX } from 'preact';
import type { ConnectorPage } from '../model/status-api.ts';
import { Icon } from './icon.tsx';
import type { Navigate } from './use-view.ts';
import { formatCount } from './words.ts';

interface Props {
  readonly page: ConnectorPage;
  readonly navigate: Navigate;
}

/** Nothing when there is one page only. */
export function Pager({ page: { total, page, size, rows }, navigate }: Props): JSX.Element | null {
  const last = Math.ceil(total / size);
  if (last <= 1) return null;
  const first = (page - 1) * size + 1;
  const turn = (to: number): void => {
    navigate({ page: to });
    document.getElementById('connectors')?.scrollIntoView({ block: 'start' });
  };
  return (
    <nav class="pager" aria-label="Pages of connectors">
      <p>
        {formatCount(first)} to {formatCount(first + rows.length - 1)} of {formatCount(total)}
      </p>
      <button type="button" class="button" disabled={page <= 1} onClick={() => turn(page - 1)}>
        <Icon name="left" />
        Previous
      </button>
      <p>
        Page {formatCount(page)} of {formatCount(last)}
      </p>
      <button type="button" class="button" disabled={page >= last} onClick={() => turn(page + 1)}>
        Next
        <Icon name="right" />
      </button>
    </nav>
  );
}
