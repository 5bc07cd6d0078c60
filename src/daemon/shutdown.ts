/**
 * The end of the daemon, in order and in time. The first signal drains: what is in flight finishes and is
 * recorded, nothing new starts. A second signal, or grace running out, breaks off what is in flight.
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
  /** Resolves with the exit code when the daemon may go: 0 drained, 1 broken off. */
  readonly finished: Promise<number>;
}

export function createShutdown({ graceMs, drain, abort, drained }: ShutdownOptions): Shutdown {
  const { promise: finished, resolve } = Promise.withResolvers<number>();
  let phase: 'running' | 'draining' | 'aborting' = 'running';
  let timer: NodeJS.Timeout | undefined;

  const breakOff = (): void => {
    phase = 'aborting';
    void abort();
  };

  void drained.then(() => {
    clearTimeout(timer);
    resolve(phase === 'aborting' ? 1 : 0);
  });

  return {
    signal() {
      if (phase === 'running') {
        phase = 'draining';
        timer = setTimeout(breakOff, graceMs);
        drain();
      } else if (phase === 'draining') {
        clearTimeout(timer);
        breakOff();
      }
    },
    finished,
  };
}
