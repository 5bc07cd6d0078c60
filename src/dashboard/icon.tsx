/** An icon in the colour of the text around it. It repeats a word beside it, and so is hidden from readers. */

import type { JSX } from 'preact';
import type { IconName } from './icon-paths.ts';
import { ICON_PATHS } from './icon-paths.ts';

export function Icon({ name }: { readonly name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path d={ICON_PATHS[name]} />
    </svg>
  );
}
