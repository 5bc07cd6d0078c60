/** Probes: pure judgements over the daemon's status. Each says why. */

import type { Status } from '../model/status-api.ts';

export interface Verdict {
  readonly healthy: boolean;
  readonly reason: string;
}

export interface HealthLimits {
  /** `sync.interval`; milliseconds. */
  readonly intervalMs: number;
  /** The longest that a pass may rightly be silent: a request, or the wait before the next attempt; milliseconds. */
  readonly quietMs: number;
}

/** Live: the loop moves. An outage of the API does not fail it, for a restart would not help. */
export function judgeLive(status: Status, { intervalMs, quietMs: expectedMs }: HealthLimits, now: number): Verdict {
  const patienceMs = Math.max(60_000, 3 * expectedMs);
  switch (status.mode) {
    case 'starting':
    case 'syncing': {
      const quietMs = now - Math.max(status.movedAt, status.pausedUntil ?? 0);
      return quietMs <= patienceMs
        ? { healthy: true, reason: status.mode }
        : { healthy: false, reason: `a pass has not moved for ${seconds(quietMs)}` };
    }
    case 'waiting': {
      const overdueMs = now - (status.nextPassAt ?? now);
      return overdueMs <= patienceMs + intervalMs
        ? { healthy: true, reason: 'waiting for the next pass' }
        : { healthy: false, reason: `the next pass is ${seconds(overdueMs)} overdue` };
    }
    case 'draining':
    case 'stopped':
      return { healthy: true, reason: status.mode };
  }
}

/** Ready: a pass succeeded within three intervals. */
export function judgeReady(status: Status, { intervalMs }: HealthLimits, now: number): Verdict {
  const { lastSuccessAt } = status;
  const trouble = troubleOf(status, now);
  if (lastSuccessAt === null) return { healthy: false, reason: trouble ?? 'no pass has succeeded yet' };
  const ageMs = now - lastSuccessAt;
  return ageMs <= 3 * intervalMs
    ? { healthy: true, reason: trouble ?? `last success ${seconds(ageMs)} ago` }
    : { healthy: false, reason: `last success ${seconds(ageMs)} ago${trouble === null ? '' : `: ${trouble}`}` };
}

/** Started: the first pass is done, even one with failures. */
export function judgeStarted({ passes }: Status): Verdict {
  return passes > 0
    ? { healthy: true, reason: 'the first pass is done' }
    : { healthy: false, reason: 'the first pass is not done yet' };
}

/** Tells files, upstream and writes apart. */
function troubleOf({ lastPass, pausedUntil, progress }: Status, now: number): string | null {
  if (pausedUntil !== null && pausedUntil > now) return `upstream asks for ${seconds(pausedUntil - now)} of quiet`;
  if (progress !== null && progress.total > 0) {
    return `a pass is under way, with ${progress.done} of ${progress.total} changes done`;
  }
  if (lastPass === null) return null;
  const { source, api, counts } = lastPass;
  if (source.status !== 'ok') return `source ${source.status}: ${source.message}`;
  if (api.status === 'unauthorized') return `not authorised: ${api.message}`;
  if (api.status === 'unreachable') return `upstream is failing: ${api.message}`;
  if (counts.failed > 0)
    return counts.failed === 1 ? '1 connector is failing' : `${counts.failed} connectors are failing`;
  if (counts.invalid > 0)
    return counts.invalid === 1 ? '1 definition is invalid' : `${counts.invalid} definitions are invalid`;
  return null;
}

const seconds = (milliseconds: number): string => `${Math.round(milliseconds / 1000)} s`;
