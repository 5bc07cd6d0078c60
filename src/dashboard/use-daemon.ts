/** What the daemon tells, kept fresh. */

import { useEffect, useState } from 'preact/hooks';
import { clockOffset } from './clock-offset.ts';
import type { Status } from '../model/status-api.ts';
import { fetchJson } from './fetch-json.ts';
import type { Stream } from './stream.ts';
import { openStream } from './stream.ts';

/** Of the stream; `lost` also when it was never there. */
export type Link = 'connecting' | 'live' | 'lost';

export interface Daemon {
  readonly status: Status | null;
  readonly link: Link;
  /** How far the daemon's clock is ahead of this one; milliseconds. */
  readonly offsetMs: number;
  /** When the status came; milliseconds since the epoch, on this clock. */
  readonly heardAt: number | null;
  /** Grows whenever rows, passes or events should be asked for again. */
  readonly generation: number;
}

/** Half-open connections are silent, and so is a daemon that hangs: a question now and then finds them. */
const CHECK_MS = 30_000;

const UNKNOWN: Daemon = { status: null, link: 'connecting', offsetMs: 0, heardAt: null, generation: 0 };

/**
 * The stream is open only while the page is seen: a browser opens six connections to a server at most, and forgotten tabs
 * would use them up. A page in the background asks for the status now and then, for its title.
 */
export function useDaemon(): Daemon {
  const [daemon, setDaemon] = useState<Daemon>(UNKNOWN);

  useEffect(() => {
    const change = (news: Partial<Daemon>): void => setDaemon((before) => ({ ...before, ...news }));
    const changed = (): void => setDaemon((before) => ({ ...before, generation: before.generation + 1 }));
    let streamed = 0;
    const ask = (onFailed?: () => void): void => {
      const before = streamed;
      fetchJson<Status>('api/status').then(
        ({ body, sentAt }) => {
          const now = Date.now();
          change({ offsetMs: clockOffset(sentAt, now) });
          // What the stream has told meanwhile is newer.
          if (streamed === before) change({ status: body, heardAt: now });
          // While the page is seen, the stream says how the connection is.
          return document.hidden && change({ link: 'live' });
        },
        () => {
          if (document.hidden) change({ link: 'lost' });
          // What the stream has told meanwhile shows that it lives.
          else if (streamed === before) onFailed?.();
        },
      );
    };
    const askForAll = (): void => {
      ask();
      changed();
    };
    const listener = {
      onOpen: () => {
        change({ link: 'live' });
        askForAll();
      },
      onStatus: (body: string) => {
        streamed += 1;
        change({ status: JSON.parse(body) as Status, heardAt: Date.now() });
      },
      onChanged: changed,
      onLost: () => {
        change({ link: 'lost' });
        // Some proxies pass answers and no streams.
        ask();
      },
    };

    let stream: Stream | null = null;
    const follow = (): void => {
      stream?.close();
      stream = document.hidden ? null : openStream('api/stream', listener);
    };
    const check = (): void => {
      // Not one that is opened meanwhile.
      const checked = stream;
      ask(() => checked?.giveUp());
      if (!document.hidden) changed();
    };
    ask();
    follow();
    document.addEventListener('visibilitychange', follow);
    addEventListener('online', follow);
    const timer = setInterval(check, CHECK_MS);
    return () => {
      stream?.close();
      document.removeEventListener('visibilitychange', follow);
      removeEventListener('online', follow);
      clearInterval(timer);
    };
  }, []);
  return daemon;
}
