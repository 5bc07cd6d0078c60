import { lstatSync } from 'node:fs';
import { join } from 'node:path';

import { findGitPlace } from './git-directory.ts';

export interface CheckoutWaitOptions {
  /** Milliseconds to wait, in all. */
  readonly checkoutWaitMs: number;
  readonly onWarning: (message: string) => void;
  readonly sleep: (ms: number) => Promise<unknown>;
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
 * behind, so the wait is bounded: then the lock is ignored, with one warning.
 */
export function createCheckoutWait({ checkoutWaitMs, onWarning, sleep }: CheckoutWaitOptions): CheckoutWait {
  let leftMs = checkoutWaitMs;
  let warned = false;

  return {
    async wait(directory) {
      while (leftMs > 0 && findLock(directory) !== null) {
        const ms = Math.min(POLL_MS, leftMs);
        await sleep(ms);
        leftMs -= ms;
      }
      if (leftMs > 0 || warned) return;
      const lock = findLock(directory);
      if (lock === null) return;
      warned = true;
      onWarning(
        `"${lock}" has been there for ${checkoutWaitMs / 1000} s: reading in spite of it. If no git command is running, remove it.`,
      );
    },
    inProgress: (directory) => leftMs > 0 && findLock(directory) !== null,
  };
}

function findLock(directory: string): string | null {
  const gitDirectory = findGitPlace(directory)?.gitDirectory ?? null;
  if (gitDirectory === null) return null;
  const lock = join(gitDirectory, 'index.lock');
  try {
    return lstatSync(lock, { throwIfNoEntry: false }) === undefined ? null : lock;
  } catch {
    return null;
  }
}
