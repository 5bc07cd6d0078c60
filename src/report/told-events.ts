/** The last events of the log, for those who come later: a ring of so many. */

import type { SyncEvent } from '../model/event.ts';
import type { ToldEvent } from '../model/status-api.ts';
import { describeEvent } from './describe-event.ts';

/** What a first sync of many connectors tells is forgotten again, bit by bit. */
const KEPT = 2_000;

export interface ToldEvents {
  told(event: SyncEvent): void;
  /** Newest first. */
  recent(limit: number): readonly ToldEvent[];
  /** Those about one connector, newest first. */
  about(key: string, limit: number): readonly ToldEvent[];
}

/** @param now milliseconds since the epoch */
export function createToldEvents(now: () => number, kept = KEPT): ToldEvents {
  const ring: ToldEvent[] = [];
  let next = 0;

  const newestFirst = function* newestFirst(): Generator<ToldEvent> {
    for (let back = 1; back <= ring.length; back += 1) {
      const event = ring[(next - back + ring.length) % ring.length];
      if (event !== undefined) yield event;
    }
  };

  return {
    told(event) {
      // Once a minute, and of no interest when nothing has happened.
      if (event.event === 'pass.completed' && !event.notable) return;
      const { level, msg } = describeEvent(event);
      const connector = 'connector' in event ? event.connector : null;
      ring[next] = { at: now(), level, event: event.event, message: msg, connector };
      next = (next + 1) % kept;
    },
    recent: (limit) => newestFirst().take(limit).toArray(),
    about: (key, limit) =>
      newestFirst()
        .filter(({ connector }) => connector?.key === key)
        .take(limit)
        .toArray(),
  };
}
