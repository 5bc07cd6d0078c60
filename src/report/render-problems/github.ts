/**
 * Workflow commands of GitHub Actions: each problem becomes an annotation at its line.
 *
 * Source of the escaping: `@actions/core`, `command.ts`.
 */

import type { Problem } from '../../model/problem.ts';
import { printable } from './printable.ts';
import { fullMessage } from './full-message.ts';
import type { ProblemReport } from './problem-report.ts';
import { sortProblems, summarise } from './problem-report.ts';

/** One command a line, `::error` or `::warning`, and a plain summary line last. */
export function renderGithub(report: ProblemReport): string {
  return `${[...sortProblems(report.problems).map(renderCommand), summarise(report)].join('\n')}\n`;
}

function renderCommand(problem: Problem): string {
  const { severity, file, line, column, code } = problem;
  const properties = `file=${escapeProperty(file)},line=${line},col=${column},title=${escapeProperty(code)}`;
  return `::${severity} ${properties}::${escapeData(fullMessage(problem))}`;
}

/** What the runner decodes is escaped its way; other controls are written out, for its log obeys them. */
function escapeData(text: string): string {
  return printable(text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A'));
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
