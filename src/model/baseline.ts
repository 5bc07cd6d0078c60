/** What is remembered between passes: no values, only identities and keyed hashes. */

import type { SecretPlace } from './secret-place.ts';
import type { Move } from './change.ts';
import type { FieldHashes } from './digest.ts';

/** A definition bound to a live connector, with what was last agreed about it. */
export interface Binding {
  readonly key: string;
  readonly id: number;
  /** The name last sent, or found at adoption. */
  readonly name: string;
  /** The file the definition was last seen in. */
  readonly file: string;
  /** `sync.protect` as last seen, so that it holds when the file is gone. */
  readonly protect: boolean;
  /** What was last sent (A). */
  readonly sent: FieldHashes;
  /** What the server answered to it (E); where it differs from `sent`, the server adjusted the value. */
  readonly echo: FieldHashes;
  /** Secret places of what was sent ({@link SecretPlace}); still masked after the placeholder is gone from the file. */
  readonly secretPlaces: readonly SecretPlace[];
}

/** A create that was sent, or was about to be, and whose answer has not been recorded. */
export interface Intent {
  readonly key: string;
  readonly name: string;
  /**
   * Until when the last attempt may have begun, or when it ended, whichever is later; milliseconds since the epoch. It may lie a
   * little ahead: it is on disk before the attempt begins.
   */
  readonly at: number;
}

/** Why a connector's last write failed, and when it may be tried again. */
export interface Failure {
  readonly key: string;
  /** Digest of the content that failed; other content is tried at once. */
  readonly digest: string;
  /** `permanent`: not again before the content changes. */
  readonly kind: 'transient' | 'permanent';
  /** HTTP status; null when no answer came. */
  readonly status: number | null;
  readonly message: string;
  /** Passes in which it failed, one after the other. */
  readonly attempts: number;
  /** Milliseconds since the epoch; ignored when permanent. */
  readonly retryAt: number;
}

/** The outcome of one pass, kept for the history. */
export interface PassRecord {
  readonly pass: number;
  readonly revision: string | null;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly result: 'ok' | 'problems' | 'failed';
  readonly counts: Readonly<Record<string, number>>;
}

/**
 * The durable memory of an installation. {@link StateStore.recordIntent} and {@link StateStore.saveBinding} are on disk on
 * return; the rest, which a next pass would find again, within 100 ms, on `flush`, or once {@link StateStore.settled} has
 * resolved. No method throws because of the disk.
 */
export interface StateStore {
  /** False when the state lives in memory only. */
  readonly durable: boolean;
  /** The installation's key, for fingerprints. */
  readonly installationKey: Buffer;
  bindings(): readonly Binding[];
  intents(): readonly Intent[];
  failures(): readonly Failure[];
  /** Times (milliseconds since the epoch) at which drift made us rewrite a connector, by key. */
  driftRewrites(since: number): ReadonlyMap<string, readonly number[]>;
  /** The last passes, newest first; 50 are kept. */
  passes(limit: number): readonly PassRecord[];

  /** Remember, before the request leaves, that a create is about to be sent. Durable on return. */
  recordIntent(intent: Intent): void;
  /** Like {@link recordIntent} for one of many: the request may leave once {@link settled} has resolved. */
  recordIntentSoon(intent: Intent): void;
  /** The create is known not to have happened. Should a crash lose this, the live list is waited for in vain, and that is all. */
  clearIntent(key: string): void;
  /** Bind a definition, or renew its baseline; settles its intent and clears its failure. Durable on return. */
  saveBinding(binding: Binding): void;
  /** Like {@link saveBinding} for many, or for writes that may be repeated: durable within 100 ms or on `flush`. */
  saveBindingSoon(binding: Binding): void;
  /** Note `sync.protect` as the file says it now, whether or not the rest of the file could be written. */
  protectBinding(key: string, protect: boolean): void;
  /** Definitions moved to other paths, all at once: two may have swapped theirs. */
  moveBindings(moves: readonly Move[]): void;
  /** Forget the binding, its failure and its drift rewrites; an intent stays until it is settled. */
  forgetBinding(key: string): void;
  recordFailure(failure: Failure): void;
  clearFailure(key: string): void;
  recordDriftRewrite(key: string, at: number): void;
  clearDriftRewrites(key: string): void;
  recordPass(record: PassRecord): void;
  /**
   * Resolves when all that was recorded until now is durable, as far as the disk allows. Those who ask at
   * about the same time share one commit. Never rejects.
   */
  settled(): Promise<void>;
  /** Make everything durable now; when that has failed before, try again. Called at least once a pass. */
  flush(): void;
  close(): void;
}
