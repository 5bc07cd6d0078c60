/** `databar-sync status`: ask a running daemon how it goes. */

import type { ConnectorState } from '../../model/status-api.ts';
import { CONNECTOR_STATES } from '../../model/status-api.ts';
import { nearestName } from '../../model/nearest-name.ts';
import { renderStatus } from '../../report/render-status.ts';
import { printableJson } from '../../report/render-problems/printable.ts';
import type { StatusReport } from '../../report/status-report.ts';
import type { CommonOptions } from '../common-options.ts';
import { createDaemonClient, parseDaemonUrl, urlOfListen } from '../daemon-client.ts';
import { prepare } from '../prepare.ts';
import type { Output, Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { watchStatus } from '../watch-status.ts';

export interface StatusOptions extends CommonOptions {
  /** Null for where the settings say that the daemon listens. */
  readonly url: string | null;
  readonly output: 'text' | 'json';
  readonly watch: boolean;
  /** Names of states with commas between them; null for all. */
  readonly state: string | null;
}

/** @returns 0 when the daemon is healthy, 1 when it is not. Rejects when nobody answers. */
export async function statusCommand(terminal: Terminal, options: StatusOptions): Promise<number> {
  const { settings } = prepare(terminal, options, 'stderr');
  const url = options.url === null ? urlOfListen(settings.http.listen) : parseDaemonUrl(options.url);
  const states = readStates(options.state);
  const daemon = createDaemonClient(url);
  const { stdout } = terminal;

  if (options.watch) return watchStatus(terminal, daemon, states, options.output);
  const report = await daemon.report(states);
  await stdout.print(options.output === 'json' ? printableJson(report) : renderFor(stdout, report));
  return report.healthy ? 0 : 1;
}

function renderFor(output: Output, report: StatusReport): string {
  const width = output.size()?.columns ?? null;
  return renderStatus(report, { colour: output.colour, width, height: null, now: Date.now() });
}

function readStates(given: string | null): readonly ConnectorState[] {
  return (given ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map((name) => {
      const state = CONNECTOR_STATES.find((known) => known === name);
      if (state !== undefined) return state;
      const near = nearestName(name, CONNECTOR_STATES);
      const hint = near === null ? `expected some of ${CONNECTOR_STATES.join(', ')}` : `did you mean ${near}?`;
      throw new UsageError(`--state: ${JSON.stringify(name)} is no state; ${hint}`);
    });
}
