import type { Problem } from '../../model/problem.ts';

/** The message, and the hint on a line of its own, for formats that have one place for both. */
export function fullMessage({ message, hint }: Problem): string {
  return hint === null ? message : `${message}\nhint: ${hint}`;
}
