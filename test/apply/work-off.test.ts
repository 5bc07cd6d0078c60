import { setImmediate as nextRound } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { workOff } from '../../src/apply/work-off.ts';

test('each item is worked on once, in order, at most so many at once', async () => {
  const begun: number[] = [];
  let [now, most] = [0, 0];
  const results = await workOff([1, 2, 3, 4, 5], 2, async (item) => {
    begun.push(item);
    now += 1;
    most = Math.max(most, now);
    for (let round = 0; round < item; round += 1) await nextRound();
    now -= 1;
    return item * 10;
  });
  expect(begun).toEqual([1, 2, 3, 4, 5]);
  expect(most).toBe(2);
  expect([...results].toSorted(([left], [right]) => left - right)).toEqual([
    [1, 10],
    [2, 20],
    [3, 30],
    [4, 40],
    [5, 50],
  ]);
});

test('nothing to do is done', async () => {
  expect((await workOff([], 3, async () => 1)).size).toBe(0);
});

test('what goes wrong is told', async () => {
  await expect(workOff([1, 2], 1, async () => Promise.reject(new Error('a defect')))).rejects.toThrow('a defect');
});
