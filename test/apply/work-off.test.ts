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

test('after a failure no item is taken, and it is told when all in hand have settled', async () => {
  const log: string[] = [];
  const working = workOff(['a', 'b', 'c', 'd'], 2, async (item) => {
    log.push(item);
    if (item === 'a') throw new Error('a defect');
    for (let round = 0; round < 3; round += 1) await nextRound();
    log.push(`${item} is done`);
  });
  await expect(working).rejects.toThrow('a defect');
  expect(log).toEqual(['a', 'b', 'b is done']);
});

test('of several failures the first is told', async () => {
  const failing = workOff(['late', 'early'], 2, async (item) => {
    if (item === 'late') for (let round = 0; round < 3; round += 1) await nextRound();
    throw new Error(item);
  });
  await expect(failing).rejects.toThrow('early');
});
