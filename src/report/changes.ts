/** Tells whoever listens that something which is shown has changed; not what, for they read it when they want it. */

/** The daemon's status, or what is listed: rows, passes, events. */
export type ChangeKind = 'status' | 'lists';

export interface Changes {
  tell(kind: ChangeKind): void;
  /** @returns ends it */
  subscribe(listener: (kind: ChangeKind) => void): () => void;
}

export function createChanges(): Changes {
  const listeners = new Set<(kind: ChangeKind) => void>();
  return {
    tell: (kind) => {
      for (const listener of listeners) listener(kind);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
