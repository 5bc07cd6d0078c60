/** The fields that differ, in Databar and in git, one below the other. */

import type { JSX } from 'preact';
import type { FieldChange } from '../model/change.ts';
import { Icon } from './icon.tsx';
import type { ShownValue } from './shown-value.ts';
import { showValue, splitChange } from './shown-value.ts';

export function FieldDifferences({ fields }: { readonly fields: readonly FieldChange[] }): JSX.Element {
  return (
    <ul class="differences">
      {fields.map(({ path, live, desired }) => (
        <li key={path}>
          <Difference path={path} live={showValue(live)} desired={showValue(desired)} />
        </li>
      ))}
    </ul>
  );
}

interface DifferenceProps {
  readonly path: string;
  readonly live: ShownValue;
  readonly desired: ShownValue;
}

function Difference({ path, live, desired }: DifferenceProps): JSX.Element {
  const split = live.kind === 'text' && desired.kind === 'text' ? splitChange(live.text, desired.text) : null;
  return (
    <>
      <h4>
        <code>{path === '' ? 'the whole connector' : path}</code>
      </h4>
      <dl class="difference">
        <div class="side-live">
          <dt>
            <span aria-hidden="true">−</span> Databar
          </dt>
          <dd>
            <Value value={live} ends={split === null ? null : [split.before, split.live, split.after]} />
          </dd>
        </div>
        <div class="side-desired">
          <dt>
            <span aria-hidden="true">+</span> Git
          </dt>
          <dd>
            <Value value={desired} ends={split === null ? null : [split.before, split.desired, split.after]} />
          </dd>
        </div>
      </dl>
    </>
  );
}

interface ValueProps {
  readonly value: ShownValue;
  /** The text in three parts, of which the middle one differs; null when there is nothing to compare. */
  readonly ends: readonly [string, string, string] | null;
}

function Value({ value, ends }: ValueProps): JSX.Element {
  switch (value.kind) {
    case 'absent':
      return <span class="muted">nothing</span>;
    case 'hidden':
      return (
        <span class="hidden-value" title="A secret: only a fingerprint of it is shown">
          <Icon name="lock" />
          hidden <code>{value.fingerprint}</code>
        </span>
      );
    case 'text':
      return (
        <code class="value">
          {ends === null ? (
            value.text
          ) : (
            <>
              {ends[0]}
              <mark>{ends[1]}</mark>
              {ends[2]}
            </>
          )}
        </code>
      );
  }
}
