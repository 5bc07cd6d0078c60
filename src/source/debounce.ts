/** Starts a timer and returns how to cancel it. Injected, so that tests need no real time. */
export type StartTimer = (callback: () => void, ms: number) => () => void;

export const startTimer: StartTimer = (callback, ms) => {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
};

export interface DebounceOptions {
  /** Milliseconds of quiet after the last signal. */
  readonly quietMs: number;
  /** Milliseconds after the first signal at which it fires even without quiet. */
  readonly maxWaitMs: number;
  readonly startTimer: StartTimer;
}

export interface Debounce {
  signal(): void;
  /** Forget what is pending; later signals count again. */
  cancel(): void;
}

/** Call `fire` once for a burst of signals: at its end, so that what is read then is the newest. */
export function createDebounce(fire: () => void, { quietMs, maxWaitMs, startTimer }: DebounceOptions): Debounce {
  let cancelQuiet: (() => void) | null = null;
  let cancelLimit: (() => void) | null = null;

  return {
    signal() {
      cancelQuiet?.();
      cancelQuiet = startTimer(fireNow, quietMs);
      cancelLimit ??= startTimer(fireNow, maxWaitMs);
    },
    cancel,
  };

  function fireNow(): void {
    cancel();
    fire();
  }

  function cancel(): void {
    cancelQuiet?.();
    cancelLimit?.();
    cancelQuiet = null;
    cancelLimit = null;
  }
}
