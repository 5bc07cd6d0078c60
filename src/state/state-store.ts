/**
 * The durable memory of an installation.
 *
 * Memory is the read side and always right; the disk follows it. So a disk that fails costs durability and nothing
 * else: the store goes on in memory, and becomes durable again at the first `flush` that succeeds.
 *
 *     durable --a write fails--> memory --flush succeeds--> durable
 *        \------------------close------------------/-> closed
 */

import type { Binding, PassRecord, StateStore } from '../model/baseline.ts';
import type { Move } from '../model/change.ts';
import { createGroupCommit } from './group-commit.ts';
import { StateLockedError } from './lock.ts';
import { StateTooNewError } from './migrations.ts';
import { connectDatabase, describeFault } from './sqlite.ts';
import type { ConnectDatabase } from './sqlite.ts';
import { createStateDisk } from './state-disk.ts';
import type { StateDisk } from './state-disk.ts';
import { createEmptyImage, hasUnsaved } from './state-image.ts';
import type { StateImage, TrackedMap } from './state-image.ts';
import { createInstallationKey } from './state-tables.ts';

/** Well below the 100 ms that are promised, so that a busy event loop still keeps the promise. */
const BATCH_DELAY_MS = 50;
const KEPT_PASSES = 50;
/** Drift rewrites kept for each connector: far more than any brake counts. */
const KEPT_REWRITES = 50;

/** Runs something later, without keeping the process alive; returns how to cancel it. */
export type Schedule = (run: () => void, delayMs: number) => () => void;

export interface StateStoreOptions {
  /** Made, for its owner alone, when it does not exist. */
  readonly directory: string;
  /** `read` takes no lock and leaves no trace on disk; what is recorded then lives in memory only. */
  readonly mode: 'write' | 'read';
  /** Milliseconds since the epoch; it names files that are set aside. */
  readonly now: () => number;
  /** The state on disk was lost or unusable and was begun or written anew. The reason is a sentence. */
  readonly onRebuilt: (reason: string) => void;
  /** The state now lives in memory only, or for another reason than before. The reason is a sentence. */
  readonly onDegraded: (reason: string) => void;
  /** The state is durable again. */
  readonly onRestored: () => void;
  /** Default: an unref'd `setTimeout`. */
  readonly schedule?: Schedule;
  /** Default: `node:sqlite`. */
  readonly connect?: ConnectDatabase;
}

export interface OpenedState extends StateStore {
  /** Why the state lives in memory although it should not, as a sentence; null when all is well. */
  readonly degradedReason: string | null;
}

/**
 * Open the state of an installation.
 *
 * @throws {StateLockedError} In mode `write`, when another process writes to this directory.
 * @throws {StateTooNewError} When a later release wrote the state.
 */
export function openStateStore(options: StateStoreOptions): OpenedState {
  const {
    connect = connectDatabase,
    schedule = scheduleUnreferenced,
    now,
    onRebuilt,
    onDegraded,
    onRestored,
  } = options;
  const disk = createStateDisk({ directory: options.directory, connect, now, onRebuilt });
  let phase: 'durable' | 'memory' | 'closed' = 'memory';
  let degradedReason: string | null = null;
  let cancelBatch: (() => void) | null = null;

  function degrade(reason: string): void {
    phase = 'memory';
    if (reason === degradedReason) return;
    degradedReason = reason;
    onDegraded(reason);
  }

  function load(): StateImage {
    if (options.mode === 'read') return readOrEmpty(disk, degrade);
    try {
      const image = disk.open();
      phase = 'durable';
      return image;
    } catch (error) {
      if (error instanceof StateLockedError || error instanceof StateTooNewError) {
        disk.close();
        throw error;
      }
      const image = readOrEmpty(disk, () => {});
      degrade(cannotKeep(disk, error));
      return image;
    }
  }

  const image = load();
  let nextPass = 1 + Math.max(0, ...[...image.passes.entries.keys()].map(Number));

  function saveNow(): void {
    cancelBatch?.();
    cancelBatch = null;
    if (phase !== 'durable') return;
    try {
      disk.save(image);
    } catch (error) {
      degrade(cannotKeep(disk, error));
    }
  }

  function saveSoon(): void {
    if (phase === 'durable') cancelBatch ??= schedule(saveNow, BATCH_DELAY_MS);
  }

  const saveTogether = createGroupCommit(saveNow);

  function restore(): void {
    try {
      disk.restore(image);
    } catch (error) {
      degrade(cannotKeep(disk, error));
      return;
    }
    phase = 'durable';
    degradedReason = null;
    onRestored();
  }

  function flush(): void {
    if (phase === 'durable') saveNow();
    else if (phase === 'memory' && options.mode === 'write') restore();
  }

  function bind(binding: Binding): void {
    image.bindings.set(binding.key, binding);
    image.intents.delete(binding.key);
    image.failures.delete(binding.key);
  }

  return {
    get durable() {
      return phase === 'durable';
    },
    get degradedReason() {
      return degradedReason;
    },
    installationKey: image.installationKey,
    bindings: () => image.bindings.values(),
    intents: () => image.intents.values(),
    failures: () => image.failures.values(),
    driftRewrites: (since) => rewritesSince(image.driftRewrites, since),
    passes: (limit) => [...image.passes.entries.values()].toReversed().slice(0, Math.max(0, limit)),

    recordIntent(intent) {
      image.intents.set(intent.key, intent);
      saveNow();
    },
    recordIntentSoon(intent) {
      image.intents.set(intent.key, intent);
      saveSoon();
    },
    clearIntent(key) {
      image.intents.delete(key);
      saveSoon();
    },
    saveBinding(binding) {
      bind(binding);
      saveNow();
    },
    saveBindingSoon(binding) {
      bind(binding);
      saveSoon();
    },
    protectBinding(key, protect) {
      const binding = image.bindings.entries.get(key);
      if (binding === undefined || binding.protect === protect) return;
      image.bindings.set(key, { ...binding, protect });
      saveSoon();
    },
    moveBindings(moves) {
      rekey(image.bindings, moves, (binding, { to, file }) => ({ ...binding, key: to, file }));
      rekey(image.intents, moves, (intent, { to }) => ({ ...intent, key: to }));
      rekey(image.failures, moves, (failure, { to }) => ({ ...failure, key: to }));
      rekey(image.driftRewrites, moves, (times) => times);
      saveSoon();
    },
    forgetBinding(key) {
      image.bindings.delete(key);
      image.failures.delete(key);
      image.driftRewrites.delete(key);
      saveSoon();
    },
    recordFailure(failure) {
      image.failures.set(failure.key, failure);
      saveSoon();
    },
    clearFailure(key) {
      image.failures.delete(key);
      saveSoon();
    },
    recordDriftRewrite(key, at) {
      image.driftRewrites.set(key, [...(image.driftRewrites.entries.get(key) ?? []), at].slice(-KEPT_REWRITES));
      saveSoon();
    },
    clearDriftRewrites(key) {
      image.driftRewrites.delete(key);
      saveSoon();
    },
    recordPass(record) {
      keepPass(image.passes, String(nextPass), record);
      nextPass += 1;
      saveSoon();
    },
    async settled() {
      if (phase === 'durable' && hasUnsaved(image)) await saveTogether();
    },
    flush,
    close() {
      flush();
      phase = 'closed';
      disk.close();
    },
  };
}

function readOrEmpty(disk: StateDisk, onUnreadable: (reason: string) => void): StateImage {
  try {
    const image = disk.read();
    if (image !== null) return image;
  } catch (error) {
    if (error instanceof StateTooNewError) throw error;
    onUnreadable(
      `The state in ${disk.directory} cannot be read because ${describeFault(error)}; ` +
        'this command goes on as if there were none.',
    );
  }
  return createEmptyImage(createInstallationKey());
}

function cannotKeep(disk: StateDisk, error: unknown): string {
  if (error instanceof StateLockedError) return `${error.message} Until then the state lives in memory.`;
  return (
    `The state cannot be kept in ${disk.directory} because ${describeFault(error)}. ` +
    'It lives in memory and is lost at a restart; each pass tries again.'
  );
}

function rewritesSince(rewrites: TrackedMap<readonly number[]>, since: number): ReadonlyMap<string, readonly number[]> {
  const recent = new Map<string, readonly number[]>();
  for (const [key, times] of rewrites.entries) {
    const kept = times.filter((at) => at >= since);
    if (kept.length > 0) recent.set(key, kept);
  }
  return recent;
}

/** What belongs to a key moves with it; where there is nothing to move, what the new key has stays. */
function rekey<V>(map: TrackedMap<V>, moves: readonly Move[], moved: (value: V, move: Move) => V): void {
  const arrivals: [string, V][] = [];
  for (const move of moves) {
    const value = map.entries.get(move.from);
    if (value !== undefined) arrivals.push([move.to, moved(value, move)]);
  }
  // All leave before any arrives: two may have swapped their paths.
  for (const { from } of moves) map.delete(from);
  for (const [key, value] of arrivals) map.set(key, value);
}

function keepPass(passes: TrackedMap<PassRecord>, key: string, record: PassRecord): void {
  passes.set(key, record);
  const surplus = [...passes.entries.keys()].slice(0, -KEPT_PASSES);
  for (const old of surplus) passes.delete(old);
}

const scheduleUnreferenced: Schedule = (run, delayMs) => {
  const timer = setTimeout(run, delayMs);
  timer.unref();
  return () => {
    clearTimeout(timer);
  };
};
