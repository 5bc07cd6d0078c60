/**
 * The end of the daemon, in order and in time. The first signal drains: what is in flight finishes and is
 * recorded, nothing new starts. A second signal, or grace running out, breaks off what is in flight.
 *
 *     running --signal--> draining --signal, grace over--> aborting
 *        \___________________\_______________________________\____ drained, or too late ----> finished
 */

export interface ShutdownOptions {
  /** `shutdown.grace`; milliseconds. */
  readonly graceMs: number;
  /** Start nothing new. */
  readonly drain: () => void;
  /** Break off what is in flight. */
  readonly abort: () => Promise<void>;
  /** Resolves when nothing is in flight any more. */
  readonly drained: Promise<void>;
}

export interface Shutdown {
  /** A signal to stop came. */
  signal(): void;
  /** Resolves with the exit code when the daemon may go: 0 drained, 1 broken off. Rejects as `drained` and `abort` do. */
  readonly finished: Promise<number>;
}

/** What was broken off has this long to be recorded; then the daemon goes, whatever hangs. Milliseconds. */
const LAST_MS = 2_000;

export function createShutdown({ graceMs, drain, abort, drained }: ShutdownOptions): Shutdown {
  const { promise: finished, resolve, reject } = Promise.withResolvers<number>();
  let phase: 'running' | 'draining' | 'aborting' = 'running';
  let timer: NodeJS.Timeout | undefined;

  const breakOff = async (): Promise<void> => {
    phase = 'aborting';
    clearTimeout(timer);
    timer = setTimeout(() => resolve(1), LAST_MS);
    await abort();
  };

  const waitUntilDrained = async (): Promise<void> => {
    try {
      await drained;
      resolve(phase === 'aborting' ? 1 : 0);
    } finally {
      clearTimeout(timer);
    }
  };
  waitUntilDrained().catch(reject);

  return {
    signal() {
      if (phase === 'running') {
        phase = 'draining';
        timer = setTimeout(() => void breakOff().catch(reject), graceMs);
        drain();
      } else if (phase === 'draining') {
        breakOff().catch(reject);
      }
    },
    finished,
  };
}
