import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createGroupCommit } from '../../src/state/group-commit.ts';

/** How many had asked when each commit came. */
function openGroup(): { readonly commits: number[]; readonly ask: () => Promise<void> } {
  let asked = 0;
  const commits: number[] = [];
  const together = createGroupCommit(() => void commits.push(asked));
  return {
    commits,
    ask: async () => {
      asked += 1;
      return together();
    },
  };
}

describe('a group commit', () => {
  test('is one for all who ask in a turn of the event loop, and comes before any of them goes on', async () => {
    const { commits, ask } = openGroup();
    await Promise.all([ask(), ask(), ask()]);
    expect(commits).toEqual([3]);
    await ask();
    expect(commits).toEqual([3, 4]);
  });

  test('lets them go on in the order in which they asked, a turn apart', async () => {
    const { ask } = openGroup();
    const told: string[] = [];
    const go = async (name: string): Promise<void> => {
      await ask();
      told.push(name);
      await setImmediate();
      told.push(`${name}, a turn later`);
    };
    await Promise.all([go('a'), go('b'), go('c')]);
    expect(told.filter((line) => !line.includes('later'))).toEqual(['a', 'b', 'c']);
    expect(told.indexOf('a, a turn later')).toBeLessThan(told.indexOf('c'));
  });

  test('waits as long as one of a few turns brings others', async () => {
    const { commits, ask } = openGroup();
    const first = ask();
    for (let turn = 0; turn < 20; turn += 1) {
      if (turn % 5 === 0) void ask();
      await setImmediate();
    }
    await first;
    expect(commits).toEqual([5]);
  });

  test('does not wait for those who come when some turns were quiet', async () => {
    const { commits, ask } = openGroup();
    const first = ask();
    for (let turn = 0; turn < 20; turn += 1) await setImmediate();
    await first;
    void ask();
    expect(commits).toEqual([1]);
  });

  test('comes in the end, however many keep coming', async () => {
    const { commits, ask } = openGroup();
    void ask();
    for (let turn = 0; turn < 500; turn += 1) {
      void ask();
      await setImmediate();
    }
    expect(commits.length).toBeGreaterThan(2);
  });
});
