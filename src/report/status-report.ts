/** What a daemon says of itself, all together, and whether that is well. */

import type { ConnectorRow, ConnectorState, Status } from '../model/status-api.ts';

/** The answer of a probe. */
export interface ProbeAnswer {
  readonly status: 'ok' | 'failing';
  readonly reason: string;
}

/** Programs read it; its shape is API. */
export interface StatusReport {
  readonly healthy: boolean;
  /** A sentence: why not, or how it goes. */
  readonly reason: string;
  readonly status: Status;
  /** Worst first; those that were asked for. */
  readonly connectors: readonly ConnectorRow[];
}

/** What wants somebody to look: the same that makes `sync` end with 1. */
const BAD: readonly ConnectorState[] = ['invalid', 'failing', 'blocked'];

/** Healthy: the daemon moves, a pass succeeded lately, and no connector is invalid, failing or blocked. */
export function reportStatus(
  status: Status,
  connectors: readonly ConnectorRow[],
  { live, ready }: { readonly live: ProbeAnswer; readonly ready: ProbeAnswer },
): StatusReport {
  const failing = [live, ready].find((probe) => probe.status === 'failing');
  const bad = BAD.filter((state) => status.connectors[state] > 0);
  const badWords = bad.map((state) => `${status.connectors[state]} ${state}`).join(', ');
  return {
    healthy: failing === undefined && bad.length === 0,
    reason: failing?.reason ?? (bad.length > 0 ? badWords : ready.reason),
    status,
    connectors,
  };
}
