/** An answer of the daemon, asked for again when it may have changed. */

import { useEffect, useRef, useState } from 'preact/hooks';
import { AnswerError, fetchJson } from './fetch-json.ts';
import type { Repeater } from './repeater.ts';
import { createRepeater } from './repeater.ts';

export interface Resource<T> {
  /** The last answer; that of an earlier URL while the new one is on its way. Null before the first. */
  readonly data: T | null;
  /** True while the answer shown is that of another URL, or none. */
  readonly stale: boolean;
  /** True when the daemon says that there is no such thing. */
  readonly missing: boolean;
}

/** A busy daemon says four times a second that something changed. */
const REST_MS = 400;

interface Answer<T> {
  readonly url: string;
  readonly data: T | null;
}

/**
 * @param url null asks for nothing
 * @param generation when it grows, the same URL is asked for again
 */
export function useResource<T>(url: string | null, generation: number): Resource<T> {
  const [answer, setAnswer] = useState<Answer<T> | null>(null);
  const repeater = useRef<Repeater | null>(null);

  useEffect(() => {
    if (url === null) return undefined;
    const ask = async (signal: AbortSignal): Promise<void> => {
      try {
        const { body } = await fetchJson<T>(url, signal);
        setAnswer({ url, data: body });
      } catch (error) {
        // Otherwise what is shown stays: the head of the page tells of a lost connection.
        if (error instanceof AnswerError && error.status === 404) setAnswer({ url, data: null });
      }
    };
    const asking = createRepeater(ask, REST_MS);
    repeater.current = asking;
    return () => {
      repeater.current = null;
      asking.stop();
    };
  }, [url]);
  useEffect(() => {
    if (generation > 0) repeater.current?.again();
  }, [generation]);

  const fits = answer?.url === url;
  return { data: answer?.data ?? null, stale: !fits, missing: fits && answer?.data === null };
}
