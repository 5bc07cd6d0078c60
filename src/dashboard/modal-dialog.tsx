/** A dialog of the browser's own: it keeps the focus in, closes on Escape, and gives the focus back. */

import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface Props {
  readonly class: string;
  /** The id of its heading. */
  readonly labelledBy: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

export function ModalDialog({ class: name, labelledBy, onClose, children }: Props): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  // Before the element leaves the page, for with it the focus would be lost.
  useLayoutEffect(() => {
    const { current } = dialog;
    const before = document.activeElement;
    current?.showModal();
    return () => {
      current?.close();
      // The browser gives the focus back only to what is still in its place.
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class={name}
      aria-labelledby={labelledBy}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => {
        // The backdrop is a part of the element. Not on click, which ends a selection of text begun inside, too.
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div class="dialog-inner">{children}</div>
    </dialog>
  );
}
