/** A problem on its way to becoming one: what is wrong is known, the file and perhaps the place are not yet. */

import type { JsonPointer } from '../model/connector.ts';
import type { Problem, ProblemCode } from '../model/problem.ts';
import { looksLikeToken } from '../model/token-like.ts';

/** A place in a text, both numbers from 1; columns count UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A problem whose line and column are known, in a file that is not. */
export type LocatedFault = Omit<Problem, 'file'>;

/** A problem at a value, located later from its pointer. */
export interface Fault extends Omit<LocatedFault, 'line' | 'column'> {
  /** `key` points at the name of a field rather than at what it holds. */
  readonly at: 'key' | 'value';
}

/** At most so many problems are told of one definition; more help nobody. */
export const MAX_FAULTS = 20;

interface FaultDetails {
  readonly hint?: string | null;
  readonly at?: 'key' | 'value';
  readonly severity?: 'error' | 'warning';
}

/** An error at a value, without a hint, unless told otherwise. */
export function fault(code: ProblemCode, path: JsonPointer, message: string, details: FaultDetails = {}): Fault {
  const { hint = null, at = 'value', severity = 'error' } = details;
  return { code, severity, path, at, message, hint };
}

/** A name as it may stand in a message: quoted, never longer than a line, and no value that was pasted in its place. */
export function quoteName(name: string): string {
  if (looksLikeToken(name)) return '"..."';
  const letters = Array.from(name);
  return JSON.stringify(letters.length > 60 ? `${letters.slice(0, 57).join('')}...` : name);
}
