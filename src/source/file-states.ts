/**
 * How files look from outside, so that one that has changed is noticed without reading it.
 *
 * Device, inode, size and both times are a state. The change time is part of it because nobody can set it back, whereas a
 * modification time may be kept by whatever copies the file.
 */

import type { Stats } from 'node:fs';

/** A state as text, for whoever keeps one text of many files. */
export function stateText({ dev, ino, size, mtimeMs, ctimeMs }: Stats): string {
  return `${dev}:${ino}:${size}:${mtimeMs}:${ctimeMs}`;
}

/** States of many files, as numbers in one block: as objects they would be the most that a pass leaves to be collected. */
export interface FileStates {
  /** Note how a file looked. `index`: its place among `count` files. */
  note(index: number, stats: Stats): void;
  isNoted(index: number): boolean;
  /** Whether a noted file looks otherwise now, or is gone. */
  hasChanged(index: number, stats: Stats | undefined): boolean;
  /** Whether it had been changed after a time, in milliseconds since the epoch, when it was noted. */
  isYoungerThan(index: number, time: number): boolean;
}

/** Numbers of a state. */
const WIDTH = 5;

export function createFileStates(count: number): FileStates {
  const numbers = new Float64Array(WIDTH * count);
  const noted = new Uint8Array(count);
  return {
    note(index, { dev, ino, size, mtimeMs, ctimeMs }) {
      const at = WIDTH * index;
      numbers[at] = dev;
      numbers[at + 1] = ino;
      numbers[at + 2] = size;
      numbers[at + 3] = mtimeMs;
      numbers[at + 4] = ctimeMs;
      noted[index] = 1;
    },
    isNoted: (index) => noted[index] === 1,
    hasChanged(index, stats) {
      if (stats === undefined) return true;
      const at = WIDTH * index;
      return (
        numbers[at] !== stats.dev ||
        numbers[at + 1] !== stats.ino ||
        numbers[at + 2] !== stats.size ||
        numbers[at + 3] !== stats.mtimeMs ||
        numbers[at + 4] !== stats.ctimeMs
      );
    },
    isYoungerThan: (index, time) => (numbers[WIDTH * index + 4] ?? 0) > time,
  };
}
