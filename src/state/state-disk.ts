/** The installation's place on disk: its lock and its file, and what becomes of them when something happens to them. */

import { join, resolve } from 'node:path';
import { takeLock } from './lock.ts';
import type { StateLock } from './lock.ts';
import { describeFault, isDamage } from './sqlite.ts';
import type { ConnectDatabase } from './sqlite.ts';
import { ensureDirectory, identify, isSameFile, setAside } from './state-directory.ts';
import type { FileIdentity } from './state-directory.ts';
import { openStateFile, readStateFile } from './state-file.ts';
import type { StateFile } from './state-file.ts';
import { createEmptyImage, hasUnsaved, markSaved } from './state-image.ts';
import type { StateImage } from './state-image.ts';
import { createInstallationKey } from './state-tables.ts';

const STATE_FILE = 'state.db';

export interface StateDiskOptions {
  readonly directory: string;
  readonly connect: ConnectDatabase;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly onRebuilt: (reason: string) => void;
}

/** Every method that fails leaves the image and what is on disk usable for a later {@link StateDisk.restore}. */
export interface StateDisk {
  /** Where the state lies: an absolute path. */
  readonly directory: string;
  /** Take the lock and read the state; a damaged file is set aside and begun anew. */
  open(): StateImage;
  /** Read without lock or trace; null when nothing is stored. Throws when it cannot be read. */
  read(): StateImage | null;
  /** Make what is unsaved durable; where the file has gone or broken meanwhile, everything. */
  save(image: StateImage): void;
  /** Take lock and file again, and write everything. */
  restore(image: StateImage): void;
  close(): void;
}

export function createStateDisk(options: StateDiskOptions): StateDisk {
  const { connect, now, onRebuilt } = options;
  const directory = resolve(options.directory);
  const path = join(directory, STATE_FILE);
  let lock: StateLock | null = null;
  let file: StateFile | null = null;
  /** The file that the image came from or went to last; any other one in its place is not ours to overwrite. */
  let known: FileIdentity | null = null;

  function holdLock(): void {
    ensureDirectory(directory);
    if (lock?.isHeld() === true) return;
    lock?.release();
    lock = null;
    lock = takeLock(directory);
  }

  function openFile(): StateFile {
    file = openStateFile(path, connect);
    known = file.identity;
    return file;
  }

  function closeFile(): void {
    const closing = file;
    file = null;
    try {
      closing?.close();
    } catch {
      // A connection that a fault has already broken; what it did not write is still unsaved.
    }
  }

  function removeDamaged(fault: unknown, remedy: string): void {
    closeFile();
    const aside = setAside(path, 'corrupt', now());
    onRebuilt(
      `The state file ${path} cannot be used because ${describeFault(fault)}. It was set aside as ${aside}; ${remedy}.`,
    );
  }

  /** True when something was set aside, and said so. */
  function writeAnew(image: StateImage): boolean {
    const found = identify(path);
    const isForeign = found !== null && !isSameFile(found, known);
    if (isForeign) {
      const aside = setAside(path, 'superseded', now());
      onRebuilt(
        `Another file took the place of ${path}. It was set aside as ${aside}; the state was written from memory.`,
      );
    }
    openFile().write(image, 'all');
    markSaved(image);
    return isForeign;
  }

  /** True when something was set aside, and said so. */
  function restore(image: StateImage): boolean {
    closeFile();
    holdLock();
    try {
      return writeAnew(image);
    } catch (error) {
      if (!isDamage(error)) throw error;
      removeDamaged(error, 'the state was written again from memory');
      writeAnew(image);
      return true;
    }
  }

  return {
    directory,
    open() {
      holdLock();
      let opened: StateFile;
      try {
        opened = openFile();
      } catch (error) {
        if (!isDamage(error)) throw error;
        removeDamaged(error, 'the state is rebuilt by adopting the connectors that match');
        opened = openFile();
      }
      if (opened.stored !== null) return opened.stored;
      const image = createEmptyImage(createInstallationKey());
      opened.write(image, 'all');
      return image;
    },
    read() {
      const image = readStateFile(path, connect);
      known = identify(path);
      return image;
    },
    save(image) {
      let mishap: string;
      if (lock?.isHeld() !== true || file?.isIntact() !== true) {
        mishap = 'was removed or cut off while it was in use';
      } else {
        try {
          if (hasUnsaved(image)) file.write(image, 'unsaved');
          markSaved(image);
          return;
        } catch (error) {
          if (!isDamage(error)) throw error;
          mishap = `cannot be used because ${describeFault(error)}`;
        }
      }
      if (!restore(image)) onRebuilt(`The state in ${directory} ${mishap}; it was written again from memory.`);
    },
    restore: (image) => void restore(image),
    close() {
      closeFile();
      lock?.release();
      lock = null;
    },
  };
}
