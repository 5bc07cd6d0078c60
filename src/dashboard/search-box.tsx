import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from './icon.tsx';
import { MAX_QUERY } from './url-state.ts';
import type { Navigate } from './use-view.ts';

interface Props {
  readonly query: string;
  readonly navigate: Navigate;
}

/** Long enough to type on, short enough to feel like none. */
const TYPING_MS = 150;

/** What is typed in one go is one step of the history. The key `/` leads here from anywhere. */
export function SearchBox({ query, navigate }: Props): JSX.Element {
  const [text, setText] = useState(query);
  const input = useRef<HTMLInputElement>(null);
  const typed = useRef({ timer: 0, isFurther: false });

  useEffect(() => {
    // Back and forward change what is searched for; typing is ahead of it.
    if (typed.current.timer === 0) setText(query);
  }, [query]);
  useEffect(() => {
    const lead = (event: KeyboardEvent): void => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      event.preventDefault();
      input.current?.focus();
    };
    addEventListener('keydown', lead);
    return () => removeEventListener('keydown', lead);
  }, []);

  const search = (next: string): void => {
    setText(next);
    clearTimeout(typed.current.timer);
    typed.current.timer = setTimeout(() => {
      typed.current.timer = 0;
      navigate({ query: next, page: 1 }, typed.current.isFurther ? 'replace' : 'push');
      typed.current.isFurther = true;
    }, TYPING_MS);
  };
  return (
    <div class="search" role="search">
      <Icon name="search" />
      <input
        ref={input}
        type="search"
        aria-label="Search by name, key, file or id"
        aria-keyshortcuts="/"
        placeholder="Search name, key, file or id"
        value={text}
        maxLength={MAX_QUERY}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => search(event.currentTarget.value)}
        onBlur={() => {
          typed.current.isFurther = false;
        }}
      />
      <kbd aria-hidden="true">/</kbd>
    </div>
  );
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches('input, textarea, select, dialog, dialog *');
}
