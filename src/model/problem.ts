/**
 * A problem: something wrong in a definition, told so that its author can mend it without reading code.
 */

import type { JsonPointer, ValidConnector } from './connector.ts';

/**
 * Every problem code. Codes are API: people search for them and silence them; never reuse one.
 */
export type ProblemCode =
  // the file
  | 'file_unreadable'
  | 'file_too_large'
  | 'file_not_regular'
  | 'file_link_outside'
  | 'invalid_utf8'
  | 'nul_character'
  // the YAML
  | 'yaml_syntax'
  | 'yaml_warning'
  | 'duplicate_key'
  | 'merge_key'
  | 'unknown_tag'
  | 'too_many_aliases'
  | 'too_deep'
  | 'unsafe_integer'
  | 'empty_document'
  | 'not_a_map'
  | 'missing_ref'
  // the schema
  | 'missing_field'
  | 'unknown_field'
  | 'wrong_type'
  | 'too_long'
  | 'too_small'
  | 'not_allowed'
  | 'invalid_url'
  | 'invalid_header_name'
  | 'invalid_header_value'
  | 'invalid_pointer'
  // placeholders
  | 'placeholder_syntax'
  | 'placeholder_unknown'
  | 'placeholder_forbidden'
  | 'placeholder_unset'
  | 'placeholder_unreadable'
  // the set
  | 'duplicate_ref'
  | 'duplicate_definition_key'
  | 'duplicate_id'
  | 'duplicate_name'
  // what is allowed and most likely a mistake: warnings, which `validate` tells
  | 'duplicate_header'
  | 'secret_in_clear'
  | 'insecure_url'
  | 'similar_name'
  | 'similar_file'
  | 'body_ignored'
  | 'body_with_get'
  | 'jinja_syntax'
  | 'not_a_placeholder'
  // the server
  | 'rejected_by_server';

export interface Problem {
  readonly code: ProblemCode;
  /** A warning does not make a definition invalid. */
  readonly severity: 'error' | 'warning';
  /** Relative to the source directory, with `/`. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in characters (UTF-16 units). */
  readonly column: number;
  /** JSON Pointer into the document; `''` is the document itself. */
  readonly path: JsonPointer;
  /** A sentence. It never quotes a value that may be a secret. */
  readonly message: string;
  /** What to do about it, when that is known. */
  readonly hint: string | null;
}

/** A definition, or a whole file, that cannot be used: what it describes is held as it is. */
export interface InvalidDefinition {
  /** The definition's key; for a whole file, the path without extension. */
  readonly key: string;
  readonly file: string;
  /** True when the file could not be read as YAML, so that every definition bound to it is held. */
  readonly wholeFile: boolean;
  /** The pinned id and the name, where they could still be read. */
  readonly id: number | null;
  readonly name: string | null;
  /** At least one. */
  readonly problems: readonly Problem[];
}

/** What the files say, all together. */
export interface Desired {
  readonly connectors: readonly ValidConnector[];
  readonly invalid: readonly InvalidDefinition[];
  /** Problems of severity `warning`: they concern definitions that are valid. */
  readonly warnings: readonly Problem[];
  /** How many files were looked at. */
  readonly files: number;
}
