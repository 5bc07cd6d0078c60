/**
 * One signal: something in the source directory may have changed.
 *
 *     starting -> watching -> polling      (a watch failed: told once, then looked at every `pollMs`)
 *         \          \           \
 *          `----------`-----------`-> closed
 */

import { watch as chokidarWatch } from 'chokidar';

import type { StartTimer } from './debounce.ts';
import { createDebounce, startTimer as realTimer } from './debounce.ts';
import type { OpenWatches, WatchFactory } from './open-watches.ts';
import { openWatches } from './open-watches.ts';
import { pollFiles } from './poll-files.ts';
import { tracePath } from './trace-path.ts';

export interface WatchConnectorsOptions {
  /** Called after a burst of changes. A nudge, not the truth: read the directory. */
  readonly onNudge: () => void;
  /** Called in each lull of a burst, before it is known to be over: there is time to prepare for the nudge. Default: nobody is told. */
  readonly onLull?: () => void;
  /** Called at most once, when watching failed and polling begins; with a sentence that says why. */
  readonly onDegraded: (reason: string) => void;
  /** Milliseconds of quiet that end a burst. Default 250. */
  readonly debounceMs?: number;
  /** Milliseconds after which a burst that does not end is told of. Default 5000. */
  readonly maxWaitMs?: number;
  /** Milliseconds between two looks while polling. Default 5000. */
  readonly pollMs?: number;
  /** Default: real time. */
  readonly startTimer?: StartTimer;
  /** What opens a watch. Default: chokidar. */
  readonly watch?: WatchFactory;
}

export interface Watcher {
  /** Stop, and let go of every handle and timer. No nudge comes after the call. */
  close(): Promise<void>;
}

/** Quiet after which a burst is in a lull: longer than an editor takes to save a file. */
const LULL_MS = 50;

/**
 * Watch a source directory, which may be a link, lie behind links, or not exist yet.
 *
 * Returns when the watches stand: changes from then on are told of, earlier ones are not. One inotify watch is held for
 * each directory below the source, and one for each directory on the way to it. Not seen are writes in place to what
 * lies in a hidden directory and is reached by a link; the tools that use such a layout swap the link.
 */
export async function watchConnectors(directory: string, options: WatchConnectorsOptions): Promise<Watcher> {
  const { onNudge, onDegraded, debounceMs = 250, maxWaitMs = 5000, pollMs = 5000 } = options;
  const { onLull = (): void => undefined, startTimer = realTimer, watch = chokidarWatch } = options;
  const lull = createDebounce(onLull, { quietMs: LULL_MS, maxWaitMs, startTimer });
  const nudge = createDebounce(
    () => {
      lull.cancel();
      onNudge();
    },
    { quietMs: debounceMs, maxWaitMs, startTimer },
  );
  const changed = (): void => {
    lull.signal();
    nudge.signal();
  };

  let mode: 'starting' | 'watching' | 'polling' | 'closed' = 'starting';
  let watches: OpenWatches | null = null;
  let stopPolling: (() => Promise<void>) | null = null;
  let rearmWanted = false;
  let rearming: Promise<void> | null = null;

  await rearm();

  return {
    async close() {
      setMode('closed');
      lull.cancel();
      nudge.cancel();
      await closeWatches();
      await rearming;
      await stopPolling?.();
    },
  };

  function setMode(next: typeof mode): void {
    mode = next;
  }

  function isWatching(): boolean {
    return mode === 'starting' || mode === 'watching';
  }

  /** The way to the source has changed, or was never known: find it. */
  async function rearm(): Promise<void> {
    rearmWanted = true;
    rearming ??= findWay().finally(() => {
      rearming = null;
    });
    return rearming;
  }

  async function findWay(): Promise<void> {
    while (rearmWanted && isWatching()) {
      rearmWanted = false;
      // Before the new ones are opened: chokidar shares a handle by path, even one whose directory is gone.
      await closeWatches();
      if (!isWatching()) return;
      const trace = tracePath(directory);
      const opened = openWatches(trace, watch, { onChange, onWayChange, onError: degrade });
      watches = opened;
      if (isWatching()) await opened.ready;
      if (!isWatching()) return closeWatches();
      // What happened before the watches stood is told of now.
      if (mode === 'watching') changed();
      else setMode('watching');
      if (tracePath(directory).signature !== trace.signature) onWayChange();
    }
  }

  function onChange(): void {
    if (isWatching()) changed();
  }

  function onWayChange(): void {
    if (!isWatching()) return;
    changed();
    void rearm();
  }

  function degrade(reason: string): void {
    if (!isWatching()) return;
    setMode('polling');
    onDegraded(reason);
    const closed = closeWatches();
    const stop = pollFiles(directory, { pollMs, startTimer, onChange: onPolledChange });
    stopPolling = async () => {
      await closed;
      await stop();
    };
    changed();
  }

  function onPolledChange(): void {
    if (mode === 'polling') changed();
  }

  async function closeWatches(): Promise<void> {
    const open = watches;
    watches = null;
    await open?.close();
  }
}
