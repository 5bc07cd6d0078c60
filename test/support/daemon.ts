/** A running daemon, watched through its log: tests wait for what it says, never for an amount of time. */

import type { ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createInterface } from 'node:readline';

export interface LogLine {
  readonly level: string;
  readonly event?: string;
  readonly msg: string;
  readonly connector?: { readonly key: string; readonly id: number | null; readonly name: string | null };
  readonly [field: string]: unknown;
}

export interface Daemon {
  /** Every line so far. */
  readonly lines: readonly LogLine[];
  /** What it wrote to stderr so far. */
  readonly stderr: () => string;
  readonly pid: number;
  /** The next line (or one already said after the last one waited for) that matches. */
  until(event: string, matches?: (line: LogLine) => boolean): Promise<LogLine>;
  /** All lines of one event. */
  said(event: string): readonly LogLine[];
  signal(signal: NodeJS.Signals): void;
  /** The exit code; null when it was killed. */
  readonly exited: Promise<number | null>;
  /** SIGTERM, and the exit code. */
  stop(): Promise<number | null>;
}

const DEADLINE_MS = 20_000;

export function watchDaemon(child: ChildProcess): Daemon {
  const lines: LogLine[] = [];
  const news = new EventEmitter().setMaxListeners(100);
  let seen = 0;
  let errors = '';
  let open = true;
  if (child.stdout === null || child.stderr === null) throw new Error('the daemon has no output');

  createInterface({ input: child.stdout }).on('line', (text) => {
    lines.push(JSON.parse(text) as LogLine);
    news.emit('line');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString('utf8');
  });
  const exited = once(child, 'close').then(([code]) => {
    open = false;
    news.emit('line');
    return code as number | null;
  });

  const daemon: Daemon = {
    lines,
    stderr: () => errors,
    pid: child.pid ?? 0,
    async until(event, matches = () => true) {
      const deadline = AbortSignal.timeout(DEADLINE_MS);
      for (;;) {
        const index = lines.findIndex((line, at) => at >= seen && line.event === event && matches(line));
        const line = lines[index];
        if (line !== undefined) {
          seen = index + 1;
          return line;
        }
        if (!open || deadline.aborted) {
          const log = lines
            .slice(-30)
            .map((each) => JSON.stringify(each))
            .join('\n');
          throw new Error(`the daemon ${open ? 'never said' : 'ended without saying'} ${event}\n${log}\n${errors}`);
        }
        await once(news, 'line', { signal: deadline }).catch(() => undefined);
      }
    },
    said: (event) => lines.filter((line) => line.event === event),
    signal: (signal) => {
      child.kill(signal);
    },
    exited,
    async stop() {
      child.kill('SIGTERM');
      return exited;
    },
  };
  return daemon;
}
