/**
 * Problems as test results, for CI servers that show JUnit reports. There is no one schema; this keeps to elements and
 * attributes that are read everywhere.
 */

import type { Problem } from '../../model/problem.ts';
import { printable } from './printable.ts';
import { fullMessage } from './full-message.ts';
import type { ProblemReport } from './problem-report.ts';
import { sortProblems, summarise } from './problem-report.ts';

interface Counts {
  readonly tests: number;
  readonly failures: number;
}

/**
 * A suite for each file with problems, with a case for each: an error fails; a warning passes and tells itself as
 * output, just as it does not change the exit code. Files without problems share one passing case, which is also there
 * when there are no files, for many readers take a report without tests for a fault.
 */
export function renderJunit(report: ProblemReport): string {
  const byFile = Map.groupBy(sortProblems(report.problems), ({ file }) => file);
  const suites = [...byFile].map(([file, problems]) => renderSuite(file, countsOf(problems), problems.map(renderCase)));
  const hasPassing = report.files > byFile.size || byFile.size === 0;
  if (hasPassing) suites.push(renderSuite('definitions', { tests: 1, failures: 0 }, [renderPassingCase(report)]));

  const { tests, failures } = countsOf(report.problems);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="databar-sync validate" ${renderCounts({ tests: tests + Number(hasPassing), failures })}>`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}

function renderSuite(name: string, counts: Counts, cases: readonly string[]): string {
  const attributes = `name="${escapeAttribute(name)}" ${renderCounts(counts)} skipped="0"`;
  return [`  <testsuite ${attributes}>`, ...cases, '  </testsuite>'].join('\n');
}

function renderCase(problem: Problem): string {
  const { severity, file, line, column, code, message } = problem;
  const place = `${file}:${line}:${column}`;
  const text = escapeText(`${place}: ${fullMessage(problem)}`);
  const result =
    severity === 'error'
      ? `<failure type="${code}" message="${escapeAttribute(message)}">${text}</failure>`
      : `<system-out>${text}</system-out>`;
  return renderTestcase(file, `${place} ${code}`, result);
}

function renderPassingCase(report: ProblemReport): string {
  return renderTestcase('databar-sync', 'definitions', `<system-out>${summarise(report)}</system-out>`);
}

function renderTestcase(className: string, name: string, result: string): string {
  const attributes = `classname="${escapeAttribute(className)}" name="${escapeAttribute(name)}"`;
  return `    <testcase ${attributes}>${result}</testcase>`;
}

function countsOf(problems: readonly Problem[]): Counts {
  return { tests: problems.length, failures: problems.filter(({ severity }) => severity === 'error').length };
}

function renderCounts({ tests, failures }: Counts): string {
  return `tests="${tests}" failures="${failures}" errors="0"`;
}

function escapeText(text: string): string {
  return escapeMarkup(printable(text, '\n'));
}

/** On one line, for a parser would turn the line ends of an attribute into spaces. */
function escapeAttribute(text: string): string {
  return escapeMarkup(printable(text));
}

function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
