import { settleAll } from './settle-all.ts';

/**
 * Do something with each item, in order, with at most so many in hand at once. After a failure no item is taken any more.
 *
 * @returns what came of each; distinct items only
 * @throws the first failure, when all that was in hand has settled
 */
export async function workOff<T, R>(
  items: readonly T[],
  most: number,
  work: (item: T) => Promise<R>,
): Promise<ReadonlyMap<T, R>> {
  const results = new Map<T, R>();
  const waiting = items.values();
  let failed = false;
  const takeInTurn = async (): Promise<void> => {
    for (const item of waiting) {
      if (failed) return;
      try {
        results.set(item, await work(item));
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await settleAll(Array.from({ length: most }, takeInTurn));
  return results;
}
