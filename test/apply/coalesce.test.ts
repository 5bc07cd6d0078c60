import { setImmediate as nextRound } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { coalesce } from '../../src/apply/coalesce.ts';

/** A task that counts its runs, each of which ends when the test says so. */
function controlled() {
  const ends: PromiseWithResolvers<void>[] = [];
  const ask = coalesce(async () => {
    const end = Promise.withResolvers<void>();
    const run = ends.push(end);
    await end.promise;
    return run;
  });
  return { ask, ends };
}

describe('those who ask for the same', () => {
  test('before it has begun share one run', async () => {
    const { ask, ends } = controlled();
    const asked = [ask(), ask(), ask()];
    await nextRound();
    ends[0]?.resolve();
    expect(await Promise.all(asked)).toEqual([1, 1, 1]);
  });

  test('during a run share the next one, which begins after it', async () => {
    const { ask, ends } = controlled();
    const first = ask();
    await nextRound();
    const late = [ask(), ask()];
    await nextRound();
    expect(ends).toHaveLength(1);
    ends[0]?.resolve();
    expect(await first).toBe(1);
    await nextRound();
    ends[1]?.resolve();
    expect(await Promise.all(late)).toEqual([2, 2]);
  });

  test('after a run that failed get a new one', async () => {
    const { ask, ends } = controlled();
    const first = ask();
    await nextRound();
    const second = ask();
    ends[0]?.reject(new Error('lost'));
    await expect(first).rejects.toThrow('lost');
    await nextRound();
    ends[1]?.resolve();
    expect(await second).toBe(2);
  });
});
