import type { JSX, TargetedKeyboardEvent } from 'preact';
import type { ConnectorRow } from '../model/status-api.ts';
import { ConnectorTableRow } from './connector-table-row.tsx';
import type { Navigate } from './use-view.ts';

interface Props {
  readonly rows: readonly ConnectorRow[];
  /** True while other rows are on their way. */
  readonly busy: boolean;
  readonly open: string | null;
  readonly navigate: Navigate;
}

/** Roles are said in full, because narrow screens lay the cells out in another way, and browsers then forget them. */
export function ConnectorTable({ rows, busy, open, navigate }: Props): JSX.Element {
  return (
    <table class="connector-table" role="table" aria-busy={busy} onKeyDown={stepThroughRows}>
      <caption class="visually-hidden">Connectors, worst state first, then by key</caption>
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col" aria-sort="descending" class="column-state">
            State
          </th>
          <th role="columnheader" scope="col" class="column-name">
            Connector
          </th>
          <th role="columnheader" scope="col" class="column-cause">
            Cause
          </th>
          <th role="columnheader" scope="col" class="column-since">
            Since
          </th>
          <th role="columnheader" scope="col" class="column-file">
            File
          </th>
          <th role="columnheader" scope="col" class="column-message">
            Message
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <ConnectorTableRow key={row.key} row={row} isOpen={row.key === open} navigate={navigate} />
        ))}
      </tbody>
    </table>
  );
}

/** The arrow keys go from connector to connector, Home and End to the first and the last. */
function stepThroughRows(event: TargetedKeyboardEvent<HTMLTableElement>): void {
  const links = [...event.currentTarget.querySelectorAll<HTMLAnchorElement>('tbody a')];
  const at = links.findIndex((link) => link === document.activeElement);
  if (at < 0) return;
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    Home: 0,
    End: links.length - 1,
  };
  const link = links[steps[event.key] ?? -1];
  if (link === undefined) return;
  event.preventDefault();
  link.focus();
}
