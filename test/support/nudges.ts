import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Counts the nudges of a watcher, and waits for what they should bring to light. */
export interface Nudges {
  readonly onNudge: () => void;
  count(): number;
  /** Waits until what `look` sees right after a nudge, and not before, is as wanted; rejects after 10 s. */
  bring(look: () => Promise<boolean> | boolean): Promise<void>;
  /** Waits until no nudge has come for a moment, so that a late one is not taken for the answer to what comes next. */
  calm(): Promise<void>;
}

const DEADLINE_MS = 10_000;
const CALM_MS = 80;

export function countNudges(): Nudges {
  let count = 0;
  let wake: () => void = () => undefined;

  return {
    onNudge() {
      count += 1;
      wake();
    },
    count: () => count,
    async bring(look) {
      const deadline = AbortSignal.timeout(DEADLINE_MS);
      for (let seen = count; ; seen = count) {
        await new Promise<void>((resolve, reject) => {
          wake = resolve;
          if (count !== seen) resolve();
          deadline.addEventListener('abort', () =>
            reject(new Error('No nudge brought the change to light within 10 s.')),
          );
        });
        if (await look()) return;
      }
    },
    async calm() {
      for (let seen = -1; seen !== count; await delay(CALM_MS)) seen = count;
    },
  };
}

/** How many inotify watches this process holds (Linux). */
export function countInotifyWatches(): number {
  let watches = 0;
  for (const descriptor of readdirSync('/proc/self/fdinfo')) {
    try {
      watches += readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8').match(/^inotify wd:/gm)?.length ?? 0;
    } catch {
      // The descriptor of the listing itself is gone by now.
    }
  }
  return watches;
}
