import { lstatSync } from 'node:fs';
import { join } from 'node:path';

import { findGitPlace } from './git-directory.ts';

export interface CheckoutWaitOptions {
  /** Milliseconds to wait, in all. */
  readonly checkoutWaitMs: number;
  readonly onWarning: (message: string) => void;
  readonly sleep: (ms: number) => Promise<unknown>;
  /** Locks that were waited for in vain: added to, and passed over from then on. */
  readonly staleLocks: Set<string>;
}

export interface CheckoutWait {
  /** Returns when no checkout is in progress in the repository of the directory, or when the time is used up. */
  wait(directory: string): Promise<void>;
  /** Is a checkout in progress that there is still time to wait for? */
  inProgress(directory: string): boolean;
}

const POLL_MS = 100;

/**
 * Wait for git to finish writing files.
 *
 * Git holds `index.lock` from before it touches the working tree until after. A process that was killed leaves it
 * behind, so the wait is bounded: then that lock is ignored, with one warning.
 */
export function createCheckoutWait(options: CheckoutWaitOptions): CheckoutWait {
  const { checkoutWaitMs, onWarning, sleep, staleLocks } = options;
  let leftMs = checkoutWaitMs;

  function findFresh(directory: string): Lock | null {
    const lock = findLock(directory);
    return lock === null || staleLocks.has(lock.identity) ? null : lock;
  }

  return {
    async wait(directory) {
      while (leftMs > 0 && findFresh(directory) !== null) {
        const ms = Math.min(POLL_MS, leftMs);
        await sleep(ms);
        leftMs -= ms;
      }
      const lock = leftMs > 0 ? null : findFresh(directory);
      if (lock === null) return;
      staleLocks.add(lock.identity);
      onWarning(
        `"${lock.path}" has been there for ${checkoutWaitMs / 1000} s: reading in spite of it. If no git command is running, remove it.`,
      );
    },
    inProgress: (directory) => leftMs > 0 && findFresh(directory) !== null,
  };
}

interface Lock {
  readonly path: string;
  /** Another lock at the same path differs. */
  readonly identity: string;
}

function findLock(directory: string): Lock | null {
  const gitDirectory = findGitPlace(directory)?.gitDirectory ?? null;
  if (gitDirectory === null) return null;
  const path = join(gitDirectory, 'index.lock');
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    return stats === undefined ? null : { path, identity: `${path} ${stats.ino} ${stats.birthtimeMs}` };
  } catch {
    return null;
  }
}
