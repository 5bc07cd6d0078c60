/**
 * The stream of server-sent events, opened again whenever it breaks or is given up.
 *
 * ```text
 *      +------- error, given up -----------------+
 *      |                                         v
 * connecting --------> live ------------------> lost
 *      ^       open            error, given up   |
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

export interface Stream {
  /**
   * For a daemon that is silent, which is no error to EventSource: end the connection, or the try to make one, and try again
   * as after an error. Does nothing between two tries.
   */
  giveUp(): void;
  close(): void;
}

export function openStream(url: string, listener: StreamListener): Stream {
  let failures = 0;
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const disconnect = (): void => {
    source?.close();
    source = null;
  };
  const giveUp = (): void => {
    if (source === null) return;
    disconnect();
    failures += 1;
    listener.onLost();
    timer = setTimeout(connect, retryDelay(failures));
  };
  const connect = (): void => {
    const opened = new EventSource(url);
    source = opened;
    const on = (event: StreamEvent, act: (data: string) => void): void =>
      opened.addEventListener(event, (message: Event) => act(String((message as MessageEvent).data)));
    opened.addEventListener('open', () => {
      failures = 0;
      listener.onOpen();
    });
    opened.addEventListener('error', giveUp);
    on('status', listener.onStatus);
    on('changed', listener.onChanged);
  };
  connect();

  return {
    giveUp,
    close() {
      clearTimeout(timer);
      disconnect();
    },
  };
}
