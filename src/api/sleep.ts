/** Timers for any length of time. A plain `setTimeout` beyond 2^31 - 1 ms (24.8 days) fires at once. */

/** The longest delay that a timer of Node can hold, in milliseconds. */
export const MAX_TIMER_MS = 2_147_483_647;

/** Call back once after `delayMs`, however long. Returns what cancels it. */
export function startTimer(delayMs: number, callback: () => void): () => void {
  let timer: NodeJS.Timeout;
  const wait = (remainingMs: number): void => {
    const step = Math.min(remainingMs, MAX_TIMER_MS);
    timer = setTimeout(() => (remainingMs > step ? wait(remainingMs - step) : callback()), step);
  };
  wait(Math.max(0, delayMs));
  return () => clearTimeout(timer);
}

/** Wait for `ms` milliseconds. When the signal aborts, it resolves at once: ask the signal what happened. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const finish = (): void => resolve(undefined);
  const cancel = startTimer(ms, finish);
  signal?.addEventListener('abort', finish, { once: true });
  await promise;
  cancel();
  signal?.removeEventListener('abort', finish);
}
