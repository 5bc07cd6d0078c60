/** What the daemon tells of times, as its readers' clocks call them. */

import type { ConnectorDetail, ConnectorRow, Status, ToldEvent } from '../model/status-api.ts';
import { wallTime } from './clock.ts';

export function statusInWallTime(status: Status): Status {
  const { startedAt, movedAt, pausedUntil, nextPassAt, lastSuccessAt, lastPass, queue } = status;
  return {
    ...status,
    startedAt: wallTime(startedAt),
    movedAt: wallTime(movedAt),
    pausedUntil: wallTime(pausedUntil),
    nextPassAt: wallTime(nextPassAt),
    lastSuccessAt: wallTime(lastSuccessAt),
    lastPass: lastPass === null ? null : { ...lastPass, startedAt: wallTime(lastPass.startedAt) },
    queue: { ...queue, pausedUntil: wallTime(queue.pausedUntil) },
  };
}

export function rowInWallTime(row: ConnectorRow): ConnectorRow {
  return { ...row, since: wallTime(row.since) };
}

export function detailInWallTime<T extends Pick<ConnectorDetail, 'since' | 'retryAt'>>(detail: T): T {
  return { ...detail, since: wallTime(detail.since), retryAt: wallTime(detail.retryAt) };
}

export function eventInWallTime(event: ToldEvent): ToldEvent {
  return { ...event, at: wallTime(event.at) };
}
