/** What else should be known of the daemon, besides its verdict. */

import { formatCountdown } from './age.ts';
import type { DaemonStatus } from './daemon-status.ts';
import type { IconName } from './icon-paths.ts';
import { countOf } from './words.ts';

export interface Notice {
  readonly id: string;
  readonly tone: 'warn' | 'busy';
  readonly icon: IconName;
  readonly title: string;
  readonly detail: string;
}

/** @param now milliseconds since the epoch, on the daemon's clock */
export function noticesOf(status: DaemonStatus, now: number): readonly Notice[] {
  const { queue, sandbox, dryRun, lastPass, baseUrl } = status;
  const notices: Notice[] = (lastPass?.brakes ?? []).map(({ code, reason, blocked }) => ({
    id: `brake:${code}`,
    tone: 'warn',
    icon: 'barrier',
    title: `Brake ${code} holds ${countOf(blocked, 'change')} back`,
    detail: reason,
  }));
  if (queue.pausedUntil !== null && queue.pausedUntil > now) {
    notices.push({
      id: 'paused',
      tone: 'warn',
      icon: 'pause',
      title: 'Databar asked for quiet',
      detail: `Requests go on ${formatCountdown(queue.pausedUntil - now)}.`,
    });
  }
  if (!status.stateDurable) {
    notices.push({
      id: 'state',
      tone: 'warn',
      icon: 'alert',
      title: 'The state is kept in memory only',
      detail: 'state.dir cannot be written. After a restart, connectors are found again by name.',
    });
  }
  if (status.watch === 'polling') {
    notices.push({
      id: 'watch',
      tone: 'warn',
      icon: 'clock',
      title: 'The system grants no file events',
      detail: 'The source is looked at every 5 seconds instead.',
    });
  }
  if (sandbox) {
    notices.push({
      id: 'sandbox',
      tone: 'busy',
      icon: 'flask',
      title: 'Sandbox',
      detail: `${baseUrl} is an embedded imitation of the Databar API. No real workspace is touched.`,
    });
  }
  if (dryRun) {
    notices.push({
      id: 'dry-run',
      tone: 'busy',
      icon: 'eye',
      title: 'Dry run',
      detail: 'Changes are planned and shown. None is written.',
    });
  }
  return notices;
}
