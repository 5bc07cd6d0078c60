/** The whole state in memory: what is read, and the account of what the disk does not know yet. */

import type { Binding, Failure, Intent, PassRecord } from '../model/baseline.ts';

/** A map that remembers which of its keys have changed since they were last saved. */
export interface TrackedMap<V> {
  readonly entries: ReadonlyMap<string, V>;
  /** Keys that were set or deleted; whoever saves them clears this. */
  readonly unsaved: Set<string>;
  set(key: string, value: V): void;
  delete(key: string): void;
  /** In the order in which their keys came; the same array until one of them changes. */
  values(): readonly V[];
}

export function createTrackedMap<V>(stored: Iterable<readonly [string, V]> = []): TrackedMap<V> {
  const entries = new Map(stored);
  const unsaved = new Set<string>();
  let values: readonly V[] | null = null;
  return {
    entries,
    unsaved,
    set(key, value) {
      entries.set(key, value);
      unsaved.add(key);
      values = null;
    },
    delete(key) {
      if (!entries.delete(key)) return;
      unsaved.add(key);
      values = null;
    },
    values: () => (values ??= [...entries.values()]),
  };
}

export interface StateImage {
  /** 32 bytes; it lies beside the hashes that were made with it, and goes where they go. */
  readonly installationKey: Buffer;
  readonly bindings: TrackedMap<Binding>;
  readonly intents: TrackedMap<Intent>;
  readonly failures: TrackedMap<Failure>;
  /** Times in milliseconds since the epoch, oldest first. */
  readonly driftRewrites: TrackedMap<readonly number[]>;
  /** By a running number, as text. */
  readonly passes: TrackedMap<PassRecord>;
}

export function createEmptyImage(installationKey: Buffer): StateImage {
  return {
    installationKey,
    bindings: createTrackedMap(),
    intents: createTrackedMap(),
    failures: createTrackedMap(),
    driftRewrites: createTrackedMap(),
    passes: createTrackedMap(),
  };
}

export function hasUnsaved(image: StateImage): boolean {
  return trackedMaps(image).some((map) => map.unsaved.size > 0);
}

export function markSaved(image: StateImage): void {
  for (const map of trackedMaps(image)) map.unsaved.clear();
}

function trackedMaps(image: StateImage): readonly TrackedMap<unknown>[] {
  return [image.bindings, image.intents, image.failures, image.driftRewrites, image.passes] as TrackedMap<unknown>[];
}
