/**
 * Problems for code scanning: SARIF 2.1.0. Section numbers are those of the OASIS standard with errata 01.
 */

import type { Problem, ProblemCode } from '../../model/problem.ts';
import { PROBLEM_GUIDE } from '../guide/problem-guide.ts';
import { fullMessage } from './full-message.ts';
import { printableJson } from './printable.ts';
import type { ProblemReport } from './problem-report.ts';
import { sortProblems } from './problem-report.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/**
 * One log with one run; its rules are the codes that occur, in alphabetical order.
 *
 * @param version of this program
 */
export function renderSarif({ problems }: ProblemReport, version: string): string {
  const sorted = sortProblems(problems);
  const codes = [...new Set(sorted.map(({ code }) => code))].sort();
  return printableJson({
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'databar-sync', version, rules: codes.map(toRule) } },
        columnKind: 'utf16CodeUnits',
        results: sorted.map((problem) => toResult(problem, codes.indexOf(problem.code))),
      },
    ],
  });
}

function toRule(code: ProblemCode): object {
  const { title, meaning, remedy } = PROBLEM_GUIDE[code];
  return { id: code, shortDescription: { text: title }, help: { text: toMessageText(`${meaning} ${remedy}`) } };
}

function toResult(problem: Problem, ruleIndex: number): object {
  const { code, severity, file, line, column, path } = problem;
  return {
    ruleId: code,
    ruleIndex,
    level: severity,
    message: { text: toMessageText(fullMessage(problem)) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: toUri(file), uriBaseId: '%SRCROOT%' },
          region: { startLine: line, startColumn: column },
        },
        // The pointer to the document itself is empty, and a location without a name is none.
        ...(path === '' ? {} : { logicalLocations: [{ fullyQualifiedName: path }] }),
      },
    ],
  };
}

/**
 * Braces are doubled, since single ones mark placeholders (3.11.5), and what would read as an embedded link (3.11.6) is
 * parted: a name from a file must not become a link in a report.
 */
function toMessageText(text: string): string {
  return text.replaceAll('{', '{{').replaceAll('}', '}}').replaceAll('](', '] (');
}

/** A relative path as a URI reference; lone surrogates, which no URI can hold, become U+FFFD. */
function toUri(file: string): string {
  return file.toWellFormed().split('/').map(encodeURIComponent).join('/');
}
