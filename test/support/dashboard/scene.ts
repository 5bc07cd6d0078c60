/** What a daemon could tell, made up: the material of the page's tests and pictures. */

import type { DaemonStatus, LastPass } from '../../../src/dashboard/daemon-status.ts';
import type { ConnectorDetail, ConnectorState, PassHistory, ToldEvent } from '../../../src/model/status-api.ts';
import { CONNECTOR_STATES } from '../../../src/model/status-api.ts';

export interface Scene {
  readonly status: DaemonStatus;
  readonly connectors: readonly ConnectorDetail[];
  readonly passes: PassHistory['passes'];
  readonly events: readonly ToldEvent[];
}

/** All ages are told from here; whole seconds, as in the answers' `Date`. */
export const NOW = Date.UTC(2026, 10, 26, 9, 30, 0);
export const MINUTE = 60_000;

export function scene(
  connectors: readonly ConnectorDetail[],
  change: Partial<DaemonStatus> = {},
  more: Partial<Scene> = {},
): Scene {
  return {
    status: {
      version: '0.1.0',
      mode: 'waiting',
      dryRun: false,
      sandbox: false,
      policy: 'upsert-only',
      drift: 'heal',
      intervalMs: MINUTE,
      sourceDir: '/git/current/connectors',
      baseUrl: 'https://api.databar.ai',
      revision: '8d0f2b6c1e4a7935d2c8b1f06e7a9d3c5b4f8e21',
      startedAt: NOW - 26 * 60 * MINUTE,
      nextPassAt: NOW + 41_000,
      passes: 1_561,
      progress: null,
      queue: { pending: 0, inFlight: 0, pausedUntil: null },
      connectors: countStates(connectors),
      watch: 'events',
      lastPass: lastPass(),
      lastSuccessAt: NOW - 18_000,
      stateDurable: true,
      ...change,
    },
    connectors,
    passes: passes(50),
    events: [
      told(18_000, 'info', 'pass.completed', 'pass took 0.4 s: 1 updated, 7 unchanged; next in 58.1 s'),
      told(
        19_000,
        'info',
        'connector.updated',
        'updated lead-score "Acme lead score" (id 6) (file_changed): /rate_limit',
        {
          key: 'lead-score',
          id: 6,
          name: 'Acme lead score',
        },
      ),
      told(
        26 * 60 * MINUTE,
        'info',
        'daemon.started',
        'databar-sync 0.1.0 keeps https://api.databar.ai equal to /git/current/connectors (policy upsert-only, drift heal)',
      ),
    ],
    ...more,
  };
}

export function lastPass(change: Partial<LastPass> = {}): LastPass {
  return {
    startedAt: NOW - 18_400,
    durationMs: 412,
    source: { status: 'ok' },
    api: { status: 'ok' },
    counts: {
      created: 0,
      adopted: 0,
      updated: 1,
      deleted: 0,
      unchanged: 7,
      drifted: 0,
      healed: 0,
      adjusted: 0,
      blocked: 0,
      held: 0,
      invalid: 0,
      failed: 0,
      orphaned: 0,
      unmanaged: 2,
    },
    brakes: [],
    ...change,
  };
}

export function connector(key: string, change: Partial<ConnectorDetail> = {}): ConnectorDetail {
  return {
    key,
    id: 4_700 + key.length,
    name: key,
    file: `${key}.yaml`,
    line: null,
    state: 'in_sync',
    cause: 'in_sync',
    action: 'none',
    since: NOW - 50 * 60 * MINUTE,
    message: null,
    fields: [],
    problems: [],
    adjusted: [],
    retryAt: null,
    events: [],
    ...change,
  };
}

export function told(
  agoMs: number,
  level: ToldEvent['level'],
  event: ToldEvent['event'],
  message: string,
  connector: ToldEvent['connector'] = null,
): ToldEvent {
  return { at: NOW - agoMs, level, event, message, connector };
}

/** Newest first; each seventh had problems, one failed, and the first one took long. */
export function passes(count: number): PassHistory['passes'] {
  return Array.from({ length: count }, (_, index) => {
    const result = index === 31 ? 'failed' : index % 7 === 4 ? 'problems' : 'ok';
    return {
      pass: 1_561 - index,
      revision: '8d0f2b6c1e4a7935d2c8b1f06e7a9d3c5b4f8e21',
      startedAt: NOW - 18_400 - index * MINUTE,
      durationMs: index === count - 1 ? 4_800 : result === 'failed' ? 30_000 : 260 + ((index * 137) % 400),
      result,
      counts: { updated: index % 5 === 0 ? 1 : 0, unchanged: 7, failed: result === 'problems' ? 1 : 0 },
    };
  });
}

export function countStates(connectors: readonly { readonly state: ConnectorState }[]): Record<ConnectorState, number> {
  const counts = Object.fromEntries(CONNECTOR_STATES.map((state) => [state, 0])) as Record<ConnectorState, number>;
  for (const { state } of connectors) counts[state] += 1;
  return counts;
}
