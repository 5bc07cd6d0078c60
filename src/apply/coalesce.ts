/**
 * Share one run of a task among all who ask while it has not begun. Who asks during a run gets the next one,
 * so that every answer was fetched after it was asked for.
 */
export function coalesce<T>(task: () => Promise<T>): () => Promise<T> {
  let running: Promise<unknown> = Promise.resolve();
  let waiting: Promise<T> | null = null;

  return () => {
    if (waiting !== null) return waiting;
    const next = running
      .catch(() => undefined)
      .then(async () => {
        waiting = null;
        return task();
      });
    waiting = next;
    running = next;
    return next;
  };
}
