/**
 * Problems for people:
 *
 *     connectors/crm.yaml:3:1: error unknown_field: The field "metod" is unknown.
 *       3 | metod: post
 *         | ^
 *         = hint: Did you mean "method"?
 */

import type { Problem } from '../../model/problem.ts';
import { longest } from '../longest.ts';
import type { Paint } from '../paint.ts';
import { createPaint } from '../paint.ts';
import { printable } from './printable.ts';
import { codeFrame } from './code-frame.ts';
import type { ProblemReport } from './problem-report.ts';
import { sortProblems, summarise } from './problem-report.ts';

export interface TextOptions {
  /** Whether to paint with ANSI colours. */
  readonly colour: boolean;
  /** A line of a file, from 1, without its line end; null where it must not be quoted or is not there. */
  readonly sourceLine: (problem: Problem) => string | null;
}

/** From so many problems on they are counted by their codes. */
const MANY = 5;

/** Blocks with blank lines between them, file by file, then where to read more, and a summary line last. */
export function renderText(report: ProblemReport, { colour, sourceLine }: TextOptions): string {
  const paint = createPaint(colour);
  const byFile = Map.groupBy(sortProblems(report.problems), ({ file }) => file);
  const blocks = [...byFile.values()].flatMap((problems) => {
    // One width a file, so that its frames stand in line.
    const width = longest(problems.map(({ line }) => String(line)));
    return problems.map((problem) => renderBlock(problem, width, sourceLine(problem), paint));
  });
  const summary = paint(report.invalid > 0 ? 'red' : 'green', summarise(report));
  return `${[...blocks, [...countCodes(report.problems), ...readMore(report.problems), summary].join('\n')].join('\n\n')}\n`;
}

/** How to learn what a code means, with the code of the first problem. */
function readMore(problems: readonly Problem[]): readonly string[] {
  const [first] = sortProblems(problems.filter(({ severity }) => severity === 'error'));
  const { code } = first ?? sortProblems(problems)[0] ?? { code: null };
  return code === null ? [] : [`What a code means: databar-sync explain ${code}`];
}

/** Where there are more than fit on a screen, what is most often wrong comes first; else nothing. */
function countCodes(problems: readonly Problem[]): readonly string[] {
  if (problems.length < MANY) return [];
  const counts = [...Map.groupBy(problems, ({ code }) => code)].map(([code, { length }]) => ({ code, length }));
  const sorted = counts.sort((a, b) => b.length - a.length || (a.code < b.code ? -1 : 1));
  return [`${problems.length} problems: ${sorted.map(({ code, length }) => `${length} ${code}`).join(', ')}`];
}

function renderBlock(problem: Problem, width: number, source: string | null, paint: Paint): string {
  const { file, line, column, severity, code, message, hint } = problem;
  const place = paint('bold', `${printable(file)}:${line}:${column}:`);
  const rows = [
    `${place} ${paint(severity === 'error' ? 'red' : 'yellow', `${severity} ${code}:`)} ${printable(message)}`,
  ];

  const margin = ' '.repeat(width + 2);
  if (source !== null && source.trim() !== '') {
    const { shown, caret } = codeFrame(source, column);
    rows.push(
      `${paint('gray', `${String(line).padStart(width + 2)} |`)} ${shown}`,
      `${paint('gray', `${margin} |`)} ${' '.repeat(caret)}${paint('red', '^')}`,
    );
  }
  if (hint !== null) rows.push(`${margin} ${paint('cyan', '= hint:')} ${printable(hint)}`);
  return rows.join('\n');
}
