/** Reads a source directory again and again: what it read before it knows, and what stirs in it, it looks at ahead of time. */

import type { SourceFile, SourceReading } from '../model/source.ts';
import type { FirstLook } from './read-connectors.ts';
import { lookAhead, readConnectors } from './read-connectors.ts';

export interface SourceReader {
  /**
   * To be called when something has changed, and is likely to be read soon: the next reading then finds the files read, and only
   * makes sure that they are still the same. Where they are not, nothing is lost but the work.
   */
  readonly lookAhead: () => void;
  /**
   * Read the directory as it is now; see {@link readConnectors}.
   *
   * @param onNew told of each file whose content is not that of the last reading
   */
  readonly read: (onNew: (file: SourceFile) => void) => Promise<SourceReading>;
}

/** @param onWarning told when something was not as it should be and was passed over */
export function createSourceReader(directory: string, onWarning: (message: string) => void): SourceReader {
  const staleLocks = new Set<string>();
  let known: readonly SourceFile[] = [];
  let looking: Promise<FirstLook | null> | null = null;

  return {
    lookAhead() {
      looking ??= lookAhead(directory, { known });
    },
    async read(onNew) {
      const ahead = await looking;
      looking = null;
      const reading = await readConnectors(directory, { onWarning, onNew, staleLocks, known, ahead });
      if (reading.status === 'ok') known = reading.files;
      return reading;
    },
  };
}
