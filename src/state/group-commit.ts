/**
 * One commit for all who ask at about the same time. A commit waits for the disk, whatever is in it, and nothing else goes on
 * meanwhile: so the fewer there are, the more is done.
 */

/** However many keep coming, nobody waits longer than so many turns of the event loop. */
const MOST_TURNS = 50;

/**
 * @param commit makes durable all that has been recorded; must not throw
 * @returns asks for a commit; resolves when one has happened that began after the call. It waits as long as each turn of the
 *   event loop brings others who ask.
 */
export function createGroupCommit(commit: () => void): () => Promise<void> {
  let waiting: PromiseWithResolvers<void> | null = null;
  let asked = 0;

  const waitForOthers = (before: number, turnsLeft: number): void => {
    setImmediate(() => {
      if (asked > before && turnsLeft > 0) {
        waitForOthers(asked, turnsLeft - 1);
        return;
      }
      const group = waiting;
      waiting = null;
      commit();
      group?.resolve();
    });
  };

  return async () => {
    asked += 1;
    if (waiting === null) {
      waiting = Promise.withResolvers<void>();
      waitForOthers(asked, MOST_TURNS);
    }
    return waiting.promise;
  };
}
