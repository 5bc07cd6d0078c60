/** Search, filter, table and pages of the connectors. */

import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { ConnectorPage } from '../model/status-api.ts';
import type { DaemonStatus } from './daemon-status.ts';
import { ConnectorTable } from './connector-table.tsx';
import { Pager } from './pager.tsx';
import { SearchBox } from './search-box.tsx';
import { StateFilter } from './state-filter.tsx';
import type { View } from './url-state.ts';
import { rowsUrl } from './url-state.ts';
import { useResource } from './use-resource.ts';
import type { Navigate } from './use-view.ts';
import { countOf } from './words.ts';

interface Props {
  readonly view: View;
  readonly navigate: Navigate;
  readonly generation: number;
  readonly status: DaemonStatus;
}

export function ConnectorSection({ view, navigate, generation, status }: Props): JSX.Element {
  const { data, stale } = useResource<ConnectorPage>(rowsUrl(view), generation);
  useLastPage(data, stale, view, navigate);
  const isFiltered = view.query.trim() !== '' || view.states.length > 0;

  return (
    <section class="card connectors" aria-labelledby="connectors">
      <div class="connectors-head">
        <h2 id="connectors">Connectors</h2>
        <p class="count" role="status">
          {data !== null && countFound(data.total, isFiltered)}
        </p>
        <SearchBox query={view.query} navigate={navigate} />
      </div>
      {data !== null && <StateFilter counts={data.states} chosen={view.states} navigate={navigate} />}
      {data === null ? (
        <p class="waiting">Asking for the connectors …</p>
      ) : (
        <>
          {data.rows.length > 0 && (
            <ConnectorTable rows={data.rows} busy={stale} open={view.open} navigate={navigate} />
          )}
          {data.total === 0 && <NoRows isFiltered={isFiltered} status={status} navigate={navigate} />}
          <Pager page={data} navigate={navigate} />
        </>
      )}
    </section>
  );
}

function countFound(total: number, isFiltered: boolean): string {
  return isFiltered ? countOf(total, 'connector matches', 'connectors match') : countOf(total, 'connector');
}

/** A page can cease to be: the last one that there is takes its place. */
function useLastPage(data: ConnectorPage | null, stale: boolean, view: View, navigate: Navigate): void {
  const last = data === null ? null : Math.max(1, Math.ceil(data.total / data.size));
  useEffect(() => {
    if (!stale && last !== null && view.page > last) navigate({ page: last }, 'replace');
  }, [last, stale, view.page, navigate]);
}

interface NoRowsProps {
  readonly isFiltered: boolean;
  readonly status: DaemonStatus;
  readonly navigate: Navigate;
}

function NoRows({ isFiltered, status: { lastPass, sourceDir }, navigate }: NoRowsProps): JSX.Element {
  if (isFiltered) {
    return (
      <div class="no-rows">
        <p>No connector matches.</p>
        <button type="button" class="button" onClick={() => navigate({ query: '', states: [], page: 1 })}>
          Show all
        </button>
      </div>
    );
  }
  return lastPass === null ? (
    <div class="no-rows">
      <p>Nothing is known yet.</p>
      <p class="muted">Connectors appear here as the first pass comes to them.</p>
    </div>
  ) : (
    <div class="no-rows">
      <p>No connectors yet.</p>
      <p class="muted">
        Put a definition, such as <code>lead-score.yaml</code>, into <code>{sourceDir}</code>. The next pass creates its
        connector, and it appears here.
      </p>
    </div>
  );
}
