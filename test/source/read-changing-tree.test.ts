import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import type { SourceFile, SourceTree } from '../../src/model/source.ts';
import type { ReadConnectorsOptions } from '../../src/source/read-connectors.ts';
import { readConnectors } from '../../src/source/read-connectors.ts';
import { makeDirectory, publishWorktree, writeFiles } from '../support/source-directory.ts';

const NO_WAIT: ReadConnectorsOptions = { sleep: async () => Promise.resolve() };

async function read(directory: string, options: ReadConnectorsOptions = {}): Promise<SourceTree> {
  const reading = await readConnectors(directory, { ...NO_WAIT, ...options });
  if (reading.status !== 'ok') throw new Error(`expected a tree: ${reading.message}`);
  return reading;
}

function contents(tree: SourceTree): Record<string, string> {
  return Object.fromEntries(tree.files.map((file) => [file.path, file.bytes.toString()]));
}

describe('a tree that changes while it is read', () => {
  /** Enough files that a reading takes many breaths, in each of which the meddler acts. */
  function manyFiles(content: string): Record<string, string> {
    return Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`f${index}.yaml`, content]));
  }

  async function readWhile<T>(meddle: (turn: number) => void, run: () => Promise<T>): Promise<T> {
    let turn = 0;
    let going = true;
    const step = (): void => {
      if (!going) return;
      meddle(turn++);
      setImmediate(step);
    };
    step();
    try {
      return await run();
    } finally {
      going = false;
    }
  }

  test('is read from one side of a link swap only', async () => {
    const base = makeDirectory();
    publishWorktree(base, 'v0', manyFiles('v0'));
    for (let version = 1; version <= 3; version++)
      writeFiles(join(base, '.worktrees', `v${version}`), manyFiles(`v${version}`));
    const tree = await readWhile(
      (turn) => {
        if (turn % 5 === 2 && turn < 15) publishWorktree(base, `v${Math.ceil(turn / 5)}`, {});
      },
      async () => read(join(base, 'current')),
    );
    expect(tree.files).toHaveLength(300);
    expect(new Set(Object.values(contents(tree)))).toEqual(new Set(['v3']));
  });

  test('a file that never rests is a problem of that file, and the others are read', async () => {
    const base = makeDirectory();
    writeFiles(base, manyFiles('x'));
    let waits = 0;
    const tree = await readWhile(
      (turn) => writeFileSync(join(base, 'f7.yaml'), 'y'.repeat(turn + 2)),
      async () => read(base, { sleep: async () => Promise.resolve(void waits++) }),
    );
    expect(tree.problems).toMatchObject([{ file: 'f7.yaml', code: 'file_unreadable' }]);
    expect(tree.files).toHaveLength(299);
    expect(waits).toBe(4);
  });

  test('a file that comes to rest is read', async () => {
    const base = makeDirectory();
    writeFiles(base, manyFiles('x'));
    const tree = await readWhile(
      (turn) => {
        if (turn < 12) writeFileSync(join(base, 'f7.yaml'), 'half'.repeat(turn + 1));
        if (turn === 12) writeFileSync(join(base, 'f7.yaml'), 'whole');
      },
      async () => read(base, { maxAttempts: 20 }),
    );
    expect(tree.problems).toEqual([]);
    expect(contents(tree)['f7.yaml']).toBe('whole');
  });

  test('is the tree that is known when each file was that when it was read; with a new file it is looked at again', async () => {
    const base = makeDirectory();
    writeFiles(base, manyFiles('x'));
    const known = (await read(base)).files;
    /** @param looks how often the first file is compared with what is known of it before it is changed */
    const readAsFirstChanges = async (
      looks: number,
    ): Promise<{ readonly tree: SourceTree; readonly waits: number }> => {
      let [waits, looked, isFirstRead, isChanged] = [0, 0, false, false];
      // Whoever asks for the second file is done with the first.
      const watch = function* (): ArrayIterator<SourceFile> {
        for (const [index, file] of known.entries()) {
          if (index === 1) looked += 1;
          isFirstRead = looked >= looks;
          yield file;
        }
      };
      const watched = Object.assign([...known], { values: watch, [Symbol.iterator]: watch });
      const tree = await readWhile(
        () => {
          if (isFirstRead && !isChanged) writeFileSync(join(base, 'f0.yaml'), 'later');
          isChanged = isFirstRead;
        },
        async () => read(base, { known: watched, sleep: async () => Promise.resolve(void waits++) }),
      );
      return { tree, waits };
    };
    const asKnown = await readAsFirstChanges(1);
    expect(asKnown.waits).toBe(0);
    expect(asKnown.tree.files.every((file, index) => file === known[index])).toBe(true);
    expect(contents(await read(base, { known }))['f0.yaml']).toBe('later');

    writeFiles(base, { 'f0.yaml': 'x', 'f99.yaml': 'new' });
    // First it is found that not all is as it is known; then all is read.
    const withNew = await readAsFirstChanges(2);
    expect(withNew.waits).toBeGreaterThan(0);
    expect(contents(withNew.tree)).toMatchObject({ 'f0.yaml': 'later', 'f99.yaml': 'new' });
  });

  test('files that keep moving make it unreadable, since one might be seen nowhere', async () => {
    const base = makeDirectory();
    writeFiles(base, manyFiles('x'));
    const reading = await readWhile(
      (turn) => {
        rmSync(join(base, `moving${turn - 1}.yaml`), { force: true });
        writeFileSync(join(base, `moving${turn}.yaml`), 'x');
      },
      async () => readConnectors(base, NO_WAIT),
    );
    expect(reading).toMatchObject({ status: 'unreadable' });
  });

  test('directories that keep vanishing never make it reject', async () => {
    const base = makeDirectory();
    writeFiles(base, manyFiles('x'));
    const reading = await readWhile(
      (turn) => {
        rmSync(join(base, `d${turn - 1}`), { recursive: true, force: true });
        mkdirSync(join(base, `d${turn}`));
        writeFiles(base, { [`d${turn}/a.yaml`]: 'x' });
      },
      async () => readConnectors(base, NO_WAIT),
    );
    expect(reading).toMatchObject({ status: 'unreadable' });
  });
});
