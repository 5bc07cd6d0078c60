/** Timers that all end together, so that closing the sandbox leaves nothing pending. */

export interface Timers {
  /** Run `task` once after `ms` milliseconds, unless stopped before. */
  after(ms: number, task: () => void): void;
  /** Resolves after `ms` milliseconds; never, when stopped before. */
  wait(ms: number): Promise<void>;
  /** End every pending timer; later ones never start. */
  stop(): void;
}

export function createTimers(): Timers {
  const pending = new Set<NodeJS.Timeout>();
  let stopped = false;
  function after(ms: number, task: () => void): void {
    if (stopped) return;
    const timer = setTimeout(() => {
      pending.delete(timer);
      task();
    }, ms);
    pending.add(timer);
  }
  return {
    after,
    wait: async (ms) => {
      await new Promise<void>((resolve) => {
        after(ms, resolve);
      });
    },
    stop() {
      stopped = true;
      for (const timer of pending) clearTimeout(timer);
      pending.clear();
    },
  };
}
