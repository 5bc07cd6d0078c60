/** A message before it has a form. */

import type { Digest } from './digest.ts';

/** Who tells. */
export interface Sender {
  readonly version: string;
  /** The host of the API: which workspace it is about, as far as is known. */
  readonly workspace: string;
  /** The source directory, as it was given. */
  readonly source: string;
  /** The git commit; null when it is unknown. */
  readonly revision: string | null;
  /** True when the API is the embedded imitation. */
  readonly sandbox: boolean;
}

export interface Message {
  /** The same for every attempt to deliver it; a UUID. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly sender: Sender;
  readonly digests: readonly Digest[];
  /** True when it was held back because of the most messages an hour. */
  readonly heldBack: boolean;
  /** True for a message that only tries the way. */
  readonly test: boolean;
}

/** What a message says that only tries the way. */
export const TEST_TEXT = 'this is a test: notifications of databar-sync arrive here';
