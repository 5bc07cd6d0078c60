/** What files that are there already say about a live connector, so that an import leaves it alone. */

import type { SyncOptions } from '../model/connector.ts';

export type Claim =
  /** A definition means it: by its id, its binding or its name. `documents`: how many its file holds. */
  | { readonly kind: 'defined'; readonly file: string; readonly documents: number; readonly sync: SyncOptions }
  /** It is held for a definition that cannot be used as it is. */
  | { readonly kind: 'invalid'; readonly file: string }
  /** A definition means one of several connectors, and does not say which. */
  | { readonly kind: 'ambiguous'; readonly file: string };

/** A definition that is there, valid or not. */
export interface PresentDefinition {
  readonly key: string;
  readonly file: string;
  readonly isValid: boolean;
  /** The live connector that it means; null when it is invalid, or nobody knows of one. */
  readonly id: number | null;
}
