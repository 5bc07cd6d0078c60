/** What `validate` found: the input of every format. */

import type { Problem } from '../../model/problem.ts';
import { countOf } from '../count-of.ts';

export interface ProblemReport {
  /** Files looked at. */
  readonly files: number;
  /** Definitions found, valid or not. */
  readonly definitions: number;
  readonly invalid: number;
  /** Files are as the reader should see them: relative to the working directory. */
  readonly problems: readonly Problem[];
}

/** By file, then by place, then by code; so that two runs over the same files print the same. */
export function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  return [...problems].sort(
    (a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column || compare(a.code, b.code),
  );
}

function compare(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}

/** `12 files, 14 definitions: 13 valid, 1 invalid, 2 warnings`. */
export function summarise({ files, definitions, invalid, problems }: ProblemReport): string {
  const warnings = problems.filter(({ severity }) => severity === 'warning').length;
  return (
    `${countOf(files, 'file')}, ${countOf(definitions, 'definition')}: ${definitions - invalid} valid, ${invalid} invalid` +
    (warnings === 0 ? '' : `, ${countOf(warnings, 'warning')}`)
  );
}
