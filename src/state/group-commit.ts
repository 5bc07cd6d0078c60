/**
 * One commit for all who ask at about the same time. A commit waits for the disk, whatever is in it, and nothing else goes on
 * meanwhile: so the fewer there are, the more is done.
 */

/** However many keep coming, nobody waits longer than so many turns of the event loop. */
const MOST_TURNS = 50;
/** After so many turns without another who asks, there will be none; a turn without work takes some 20 microseconds. */
const QUIET_TURNS = 10;

/**
 * @param commit makes durable all that has been recorded; must not throw
 * @returns asks for a commit; resolves when one has happened that began after the call. It waits as long as the turns of the
 *   event loop bring others who ask. Then they go on in the order in which they asked, a turn apart: so requests that
 *   begin with it reach the server in order.
 */
export function createGroupCommit(commit: () => void): () => Promise<void> {
  let waiting: (() => void)[] = [];

  const waitForOthers = (before: number, turnsLeft: number, quietLeft: number): void => {
    setImmediate(() => {
      const quiet = waiting.length > before ? QUIET_TURNS : quietLeft - 1;
      if (quiet > 0 && turnsLeft > 0) {
        waitForOthers(waiting.length, turnsLeft - 1, quiet);
        return;
      }
      const group = waiting;
      waiting = [];
      commit();
      release(group.values());
    });
  };

  return async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.push(resolve);
    if (waiting.length === 1) waitForOthers(1, MOST_TURNS, QUIET_TURNS);
    return promise;
  };
}

function release(group: Iterator<() => void>): void {
  const next = group.next();
  if (next.done === true) return;
  next.value();
  setImmediate(() => release(group));
}
