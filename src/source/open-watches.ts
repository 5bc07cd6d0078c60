import { accessSync, constants } from 'node:fs';
import { basename, relative, sep } from 'node:path';

import type { ChokidarOptions, FSWatcher } from 'chokidar';

import { isDefinitionName, isSkippedName, isTemporaryName } from './file-names.ts';
import { errorCode } from './source-problem.ts';
import type { PathTrace } from './trace-path.ts';

export interface WatchHandlers {
  /** Something below the source directory. */
  readonly onChange: () => void;
  /** The source directory itself, a link that leads to it, or a directory above it, came, went or was replaced. */
  readonly onWayChange: () => void;
  /** The watches cannot be relied on any more. May come many times. */
  readonly onError: (reason: string) => void;
}

export interface OpenWatches {
  /** Resolves when the watches stand, or when they are closed before. Never rejects. */
  readonly ready: Promise<void>;
  /** Never rejects. */
  close(): Promise<void>;
}

/** What opens a watch; chokidar's `watch`, or a test's. */
export type WatchFactory = (path: string, options: ChokidarOptions) => FSWatcher;
type RawListener = (event: string, name: string, watchedPath: string) => void;

/**
 * Options for every watch. Links are not followed: chokidar would miss that they lead elsewhere, and tell of each file
 * several times. `atomic` only shapes events that are not used here.
 */
const OPTIONS = { ignoreInitial: true, followSymlinks: false, atomic: false } as const satisfies ChokidarOptions;

/**
 * Watch the tree below the source directory, and each directory on the way to it for the one name that matters.
 *
 * Chokidar's `raw` events, one for each event of the kernel, are what counts: they come at once, also for links and
 * hidden names such as `..data`. Definition files are not ignored although that is not needed for `raw`: they cost no
 * inotify watch, and chokidar's `add` tells of a file that was put into a new directory before that had its own watch.
 */
export function openWatches(trace: PathTrace, watch: WatchFactory, handlers: WatchHandlers): OpenWatches {
  const opened: FSWatcher[] = [];
  const readiness: Promise<void>[] = [];
  const closed = Promise.withResolvers<void>();

  try {
    for (const [parent, way] of waysByParent(trace)) watchWay(parent, way);
    if (trace.root !== null) watchTree(trace.root);
  } catch (error) {
    handlers.onError(explain(error));
  }

  return {
    ready: Promise.race([Promise.all(readiness), closed.promise]).then(() => undefined),
    async close() {
      closed.resolve();
      await Promise.allSettled(opened.map(async (watcher) => watcher.close()));
    },
  };

  function watchTree(root: string): void {
    const watcher = open(
      root,
      { ...OPTIONS, ignored: (path, stats) => isIgnored(root, path, stats) },
      (event, name, at) => {
        if (isSelf(event, name, at) && at === root) handlers.onWayChange();
        else if (!isTemporaryName(basename(name))) handlers.onChange();
      },
    );
    watcher.on('all', handlers.onChange);
  }

  function watchWay(parent: string, { names, needed }: Way): void {
    // Above the source there may be directories that one may pass through but not list.
    if (!needed && !isReadable(parent)) return;
    open(parent, { ...OPTIONS, depth: 0, ignored: (path) => path !== parent }, (event, name, at) => {
      if (event === 'rename' && (names.has(name) || isSelf(event, name, at))) handlers.onWayChange();
    });
  }

  function open(path: string, options: ChokidarOptions, onRaw: RawListener): FSWatcher {
    const watcher = watch(path, options);
    opened.push(watcher);
    watcher.on('error', (error) => handlers.onError(explain(error)));
    watcher.on('raw', (event, name, details) => onRaw(event, name ?? '', watchedPath(details) ?? path));
    const ready = Promise.withResolvers<void>();
    watcher.once('ready', ready.resolve);
    readiness.push(ready.promise);
    // Asked for by CHOKIDAR_USEPOLLING; it would poll each file, and tell nothing of those that are ignored.
    if (watcher.options.backend === 'polling') handlers.onError('the system or CHOKIDAR_USEPOLLING asks for polling');
    return watcher;
  }
}

/** The kernel tells of a watched directory's own end, or move, by its own name. */
function isSelf(event: string, name: string, watchedPath: string): boolean {
  return event === 'rename' && name === basename(watchedPath);
}

interface Way {
  readonly names: ReadonlySet<string>;
  /** Without this watch, a change of the way would go unnoticed. */
  readonly needed: boolean;
}

function waysByParent(trace: PathTrace): ReadonlyMap<string, Way> {
  const ways = new Map<string, Way>();
  for (const { parent, name, kind } of trace.steps) {
    const known = ways.get(parent);
    ways.set(parent, {
      names: new Set([...(known?.names ?? []), name]),
      needed: known?.needed === true || kind !== 'directory',
    });
  }
  return ways;
}

function isIgnored(root: string, path: string, stats?: { isFile(): boolean }): boolean {
  if (path === root) return false;
  const below = relative(root, path);
  if (below === '..' || below.startsWith(`..${sep}`)) return false;
  const name = basename(path);
  return isSkippedName(name) || (stats?.isFile() === true && !isDefinitionName(name));
}

function isReadable(directory: string): boolean {
  try {
    accessSync(directory, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

function watchedPath(details: unknown): string | null {
  if (typeof details !== 'object' || details === null || !('watchedPath' in details)) return null;
  return typeof details.watchedPath === 'string' ? details.watchedPath : null;
}

function explain(error: unknown): string {
  const code = errorCode(error);
  if (code === 'ENOSPC') return 'the system allows no more inotify watches (fs.inotify.max_user_watches)';
  if (code === 'EMFILE')
    return 'the system allows no more inotify instances (fs.inotify.max_user_instances) or open files';
  return error instanceof Error ? error.message : String(error);
}
