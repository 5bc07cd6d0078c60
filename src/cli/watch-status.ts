/**
 * `status --watch`: the status again whenever it changes. On a terminal the screen is drawn anew, every second besides, for
 * ages grow; elsewhere each status is printed below the one before.
 */

import { setTimeout as delay } from 'node:timers/promises';
import type { ConnectorState } from '../model/status-api.ts';
import { plainText } from '../report/plain-text.ts';
import { renderStatus } from '../report/render-status.ts';
import type { StatusReport } from '../report/status-report.ts';
import type { DaemonClient } from './daemon-client.ts';
import type { Output, Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** Between two readings; with thousands of connectors one takes a while. Milliseconds. */
const LEAST_MS = 500;
/** Until a daemon that does not answer is asked again. Milliseconds. */
const AGAIN_MS = 2_000;
const REDRAW_MS = 1_000;
/** To the upper left corner, and everything away. */
const CLEAR = '\u001B[H\u001B[2J';

/** @returns when a signal ends it, or when nobody reads it any more: 0 when the daemon was healthy at last, else 1 */
export async function watchStatus(
  { stdout, process }: Pick<Terminal, 'stdout' | 'process'>,
  daemon: DaemonClient,
  states: readonly ConnectorState[],
  output: 'text' | 'json',
): Promise<number> {
  const signalled = new AbortController();
  const onSignal = (): void => signalled.abort();
  const stop = AbortSignal.any([signalled.signal, stdout.ended]);
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  const screen = openScreen(stdout, output);
  try {
    while (!stop.aborted) {
      try {
        await followOnce(daemon, stop, async () => screen.show(await daemon.report(states)));
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        if (!stop.aborted) screen.lose(error.message);
      }
      await delay(AGAIN_MS, undefined, { signal: stop }).catch(() => undefined);
    }
  } finally {
    screen.close();
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
  return screen.healthy() ? 0 : 1;
}

/** Read at the start and after changes, as long as one connection lasts. */
async function followOnce(daemon: DaemonClient, signal: AbortSignal, read: () => Promise<void>): Promise<void> {
  const state = { isOpen: true, hasNews: true };
  let wake = (): void => undefined;
  const connection = new AbortController();
  const onNews = (): void => {
    state.hasNews = true;
    wake();
  };
  const followed = daemon.follow(onNews, AbortSignal.any([signal, connection.signal])).finally(() => {
    state.isOpen = false;
    wake();
  });
  // Awaited at the end; until then a failure is no unhandled one.
  followed.catch(() => undefined);
  try {
    while (state.isOpen) {
      if (state.hasNews) {
        state.hasNews = false;
        await read();
        await delay(LEAST_MS, undefined, { signal }).catch(() => undefined);
      } else {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        await promise;
      }
    }
  } finally {
    connection.abort();
  }
  await followed;
}

interface Screen {
  show(report: StatusReport): void;
  /** The daemon does not answer. */
  lose(reason: string): void;
  healthy(): boolean;
  close(): void;
}

function openScreen(stdout: Output, output: 'text' | 'json'): Screen {
  let last: StatusReport | null = null;
  let lost: string | null = null;
  const isDrawn = output === 'text' && stdout.isTerminal;

  const draw = (): void => {
    if (last === null) return;
    const size = stdout.size();
    const { colour } = stdout;
    const text = renderStatus(last, {
      colour,
      width: size?.columns ?? null,
      // Room for the cursor, and for a line that says that nobody answers.
      height: size === null ? null : size.rows - 2,
      now: Date.now(),
    });
    stdout.write(isDrawn ? `${CLEAR}${text}${lost === null ? '' : `${plainText(lost)}\n`}` : `${text}\n`);
  };
  const redraw = isDrawn ? setInterval(draw, REDRAW_MS) : undefined;

  return {
    show(report) {
      last = report;
      lost = null;
      if (output === 'json') stdout.write(`${JSON.stringify(report)}\n`);
      else draw();
    },
    lose(reason) {
      const isNews = lost !== reason;
      lost = reason;
      if (output === 'json') {
        if (isNews) stdout.write(`${JSON.stringify({ error: reason })}\n`);
      } else if (isDrawn && last !== null) draw();
      else if (isNews) stdout.write(`${plainText(reason)}\n`);
    },
    healthy: () => lost === null && last?.healthy === true,
    close: () => clearInterval(redraw),
  };
}
