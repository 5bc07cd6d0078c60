/**
 * The stream of server-sent events, opened again whenever it breaks.
 *
 * ```text
 *              open                  error
 * connecting --------> live ------------------> lost
 *      ^                                         |
 *      +---- after 1 s, 2 s, 4 s ... 15 s -------+
 * ```
 *
 * EventSource can reconnect by itself, but gives up for good when a proxy answers with 502 in between.
 */

import type { STREAM_EVENTS } from '../model/status-api.ts';
import { retryDelay } from './retry-delay.ts';

type StreamEvent = (typeof STREAM_EVENTS)[number];

export interface StreamListener {
  readonly onOpen: () => void;
  /** @param body that of `GET /api/status` */
  readonly onStatus: (body: string) => void;
  readonly onChanged: () => void;
  readonly onLost: () => void;
}

/** @returns ends it */
export function openStream(url: string, listener: StreamListener): () => void {
  let failures = 0;
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const connect = (): void => {
    const opened = new EventSource(url);
    source = opened;
    const on = (event: StreamEvent, act: (data: string) => void): void =>
      opened.addEventListener(event, (message: MessageEvent<string>) => act(message.data));
    opened.addEventListener('open', () => {
      failures = 0;
      listener.onOpen();
    });
    opened.addEventListener('error', () => {
      opened.close();
      failures += 1;
      listener.onLost();
      timer = setTimeout(connect, retryDelay(failures));
    });
    on('status', listener.onStatus);
    on('changed', listener.onChanged);
  };
  connect();

  return () => {
    clearTimeout(timer);
    source?.close();
  };
}
