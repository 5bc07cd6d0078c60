/**
 * As `Promise.all`, but nothing is left running: when one rejects, the others are waited for before its error is told.
 *
 * @throws the error of the one that rejected first
 */
export async function settleAll<T extends readonly unknown[] | []>(
  work: T,
): Promise<{ -readonly [Index in keyof T]: Awaited<T[Index]> }> {
  try {
    return await Promise.all(work);
  } finally {
    await Promise.allSettled(work);
  }
}
