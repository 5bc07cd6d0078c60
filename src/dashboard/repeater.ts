/** Asks again and again, one question at a time. */

export interface Repeater {
  /** Ask soon; what is said while a question is under way leads to one more after it. */
  again(): void;
  stop(): void;
}

/**
 * Asks at once.
 *
 * @param ask never rejects
 * @param restMs the least time between the beginnings of two questions; milliseconds
 */
export function createRepeater(ask: (signal: AbortSignal) => Promise<void>, restMs: number): Repeater {
  const ending = new AbortController();
  let state: 'resting' | 'asking' | 'asking, and once more' = 'resting';
  let rested = Promise.resolve();
  const begin = async (): Promise<void> => {
    state = 'asking';
    await rested;
    if (ending.signal.aborted) return;
    state = 'asking';
    rested = new Promise((resolve) => {
      setTimeout(resolve, restMs);
    });
    await ask(ending.signal);
    if (isWanted()) void begin();
    else state = 'resting';
  };
  const isWanted = (): boolean => state === 'asking, and once more' && !ending.signal.aborted;
  void begin();
  return {
    again() {
      if (state === 'resting') void begin();
      else state = 'asking, and once more';
    },
    stop: () => ending.abort(),
  };
}
