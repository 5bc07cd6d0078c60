/** Problems for programs; the shape is API. */

import { printableJson } from './printable.ts';
import type { ProblemReport } from './problem-report.ts';
import { sortProblems } from './problem-report.ts';

/** One JSON document with `summary` and `problems`. */
export function renderJson({ files, definitions, invalid, problems }: ProblemReport): string {
  return printableJson({
    summary: { files, definitions, valid: definitions - invalid, invalid },
    // Field by field, for what else a problem may come to hold is not part of the shape.
    problems: sortProblems(problems).map(({ code, severity, file, line, column, path, message, hint }) => ({
      code,
      severity,
      file,
      line,
      column,
      path,
      message,
      hint,
    })),
  });
}
