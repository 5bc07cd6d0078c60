/**
 * Do something with each item, in order, with at most so many in hand at once.
 *
 * @returns what came of each; distinct items only
 */
export async function workOff<T, R>(
  items: readonly T[],
  most: number,
  work: (item: T) => Promise<R>,
): Promise<ReadonlyMap<T, R>> {
  const results = new Map<T, R>();
  const waiting = items.values();
  const takeInTurn = async (): Promise<void> => {
    for (const item of waiting) results.set(item, await work(item));
  };
  await Promise.all(Array.from({ length: most }, takeInTurn));
  return results;
}
