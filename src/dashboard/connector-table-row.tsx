import type { JSX } from 'preact';
import type { ConnectorRow } from '../model/status-api.ts';
import { InternalLink } from './internal-link.tsx';
import { Moment } from './moment.tsx';
import { Place } from './place.tsx';
import { StateBadge } from './state-badge.tsx';
import type { Navigate } from './use-view.ts';
import { CAUSES } from './words.ts';

interface Props {
  readonly row: ConnectorRow;
  readonly isOpen: boolean;
  readonly navigate: Navigate;
}

/** A click anywhere opens the details; the link in it is there for keyboards, readers and new tabs. */
export function ConnectorTableRow({ row, isOpen, navigate }: Props): JSX.Element {
  const { key, id, name, state, cause, since, file, line, message } = row;
  const open = (event: MouseEvent): void => {
    const isText = getSelection()?.isCollapsed === false;
    if (!isText && event.target instanceof Element && event.target.closest('a') === null) navigate({ open: key });
  };
  return (
    <tr role="row" class={isOpen ? 'is-open' : undefined} onClick={open}>
      <td role="cell" class="column-state">
        <StateBadge state={state} />
      </td>
      <td role="cell" class="column-name">
        <InternalLink class="row-link" change={{ open: key }} navigate={navigate}>
          {name ?? key}
        </InternalLink>
        <span class="row-key">
          {key}
          {id !== null && <span class="row-id"> · {id}</span>}
        </span>
      </td>
      <td role="cell" class="column-cause">
        {cause === null || cause === 'in_sync' ? <span class="muted">–</span> : CAUSES[cause]}
      </td>
      <td role="cell" class="column-since">
        <Moment at={since} />
      </td>
      <td role="cell" class="column-file">
        {file !== null && <Place file={file} line={line} />}
      </td>
      <td role="cell" class="column-message">
        {message !== null && <p class="clamp">{message}</p>}
      </td>
    </tr>
  );
}
