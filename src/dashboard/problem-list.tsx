import type { JSX } from 'preact';
import type { ProblemWithFrame } from '../model/status-api.ts';
import { Icon } from './icon.tsx';
import { numberFrame } from './number-frame.ts';
import { Place } from './place.tsx';

export function ProblemList({ problems }: { readonly problems: readonly ProblemWithFrame[] }): JSX.Element {
  return (
    <ul class="problems">
      {problems.map(({ code, severity, file, line, column, message, hint, frame }) => (
        <li key={`${code} ${line} ${column}`} class={severity === 'error' ? 'tone-bad' : 'tone-warn'}>
          <p class="problem-message">
            <Icon name={severity === 'error' ? 'cross' : 'alert'} />
            <span>
              <span class="visually-hidden">{severity}: </span>
              {message} {hint !== null && <span class="muted">{hint}</span>}
            </span>
          </p>
          {frame === null ? null : (
            <pre class="frame" role="group" tabIndex={0} aria-label={`Line ${line} of ${file}`}>
              {numberFrame(frame, line)}
            </pre>
          )}
          <p class="event-facts">
            <Place file={file} line={line} column={column} /> · <code>{code}</code>
          </p>
        </li>
      ))}
    </ul>
  );
}
