/** What a plan is made of: pure data, computed without I/O, clock, randomness or log. */

import type { Binding } from './baseline.ts';
import type { ConnectorConfig, JsonPointer, LiveConnector, ValidConnector } from './connector.ts';

export type ChangeAction = 'create' | 'adopt' | 'update' | 'delete' | 'none' | 'blocked' | 'held';

export type Cause =
  | 'new'
  | 'adopted'
  | 'ambiguous_name'
  | 'in_sync'
  | 'file_changed'
  | 'remote_changed'
  | 'both_changed'
  | 'remote_deleted'
  | 'pinned_id_missing'
  | 'invalid'
  | 'removed_from_source';

/**
 * One differing place. The values are already fit to be shown: secrets are fingerprints
 * (`hmac:1a2b3c4d`). `undefined` means that this side has nothing there.
 */
export interface FieldChange {
  readonly path: JsonPointer;
  readonly live: unknown;
  readonly desired: unknown;
}

interface ChangeBase {
  readonly key: string;
  /** Relative to the source directory; null only when it was never known. */
  readonly file: string | null;
  readonly id: number | null;
  readonly name: string | null;
  readonly cause: Cause;
  /** A sentence: why this was chosen, or why nothing is done. */
  readonly reason: string | null;
  readonly fields: readonly FieldChange[];
}

export interface CreateChange extends ChangeBase {
  readonly action: 'create';
  readonly desired: ValidConnector;
  /** The body of the request. */
  readonly send: ConnectorConfig;
}

/** Bind to a connector that exists; with `fields`, update it too. */
export interface AdoptChange extends ChangeBase {
  readonly action: 'adopt';
  /** The connector that was bound before, is gone, and gives its place to this one; null when there was none. */
  readonly replaces: number | null;
  readonly desired: ValidConnector;
  readonly live: LiveConnector;
  /** The body of the request, if there is one: the definition, with live values where `sync.ignore` says so. */
  readonly send: ConnectorConfig;
}

export interface UpdateChange extends ChangeBase {
  readonly action: 'update';
  readonly desired: ValidConnector;
  readonly live: LiveConnector;
  /** The body of the request: the definition, with live values where `sync.ignore` says so. */
  readonly send: ConnectorConfig;
}

export interface DeleteChange extends ChangeBase {
  readonly action: 'delete';
  readonly binding: Binding;
  readonly live: LiveConnector;
}

export interface NoChange extends ChangeBase {
  readonly action: 'none';
  /** What the pass will report: nothing to do, told only, or left out on purpose. */
  readonly outcome: 'unchanged' | 'reported' | 'skipped';
  /** A baseline to store although nothing is written. */
  readonly record: { readonly desired: ValidConnector; readonly live: LiveConnector } | null;
}

/** Why a change waits for a person, or for its cause to pass. Codes are API. */
export type BlockCode =
  | 'ambiguous_name'
  | 'pinned_id_missing'
  | 'id_claimed'
  | 'name_held'
  | 'unsettled_create'
  | 'masked_value'
  | 'source_unavailable'
  | 'source_empty'
  | 'invalid_definitions'
  | 'mass_delete'
  | 'unconfirmed_delete'
  | 'live_list_short'
  | 'fight';

/** Blocks that are about one definition alone. All others are brakes. */
export const INDIVIDUAL_BLOCKS: ReadonlySet<BlockCode> = new Set([
  'ambiguous_name',
  'pinned_id_missing',
  'id_claimed',
  'name_held',
  'unsettled_create',
  'masked_value',
]);

export interface BlockedChange extends ChangeBase {
  readonly action: 'blocked';
  readonly code: BlockCode;
  readonly reason: string;
  /** What would be done otherwise; null when nothing could be chosen. */
  readonly held: 'create' | 'update' | 'delete' | null;
}

export interface HeldChange extends ChangeBase {
  readonly action: 'held';
  readonly reason: string;
}

export type Change = CreateChange | AdoptChange | UpdateChange | DeleteChange | NoChange | BlockedChange | HeldChange;

/** A definition found at another path than before: its binding follows it. */
export interface Move {
  readonly from: string;
  readonly to: string;
  readonly file: string;
}

export interface Plan {
  /** Sorted by key. */
  readonly changes: readonly Change[];
  readonly moves: readonly Move[];
  /** Keys whose definition and connector are both gone. */
  readonly forget: readonly string[];
  /** Live connectors that no definition speaks of. */
  readonly unmanaged: number;
}

/** A brake that is holding changes back. */
export interface Brake {
  readonly code: BlockCode;
  /** A sentence with the numbers, and what releases it. */
  readonly reason: string;
  /** The connectors whose change it blocks. */
  readonly keys: readonly string[];
}
