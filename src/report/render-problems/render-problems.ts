/** The output of `validate`, in the format that was asked for. */

import type { Problem } from '../../model/problem.ts';
import type { ProblemFormat } from './problem-formats.ts';
import type { ProblemReport } from './problem-report.ts';
import { renderGithub } from './github.ts';
import { renderJson } from './json.ts';
import { renderJunit } from './junit.ts';
import { renderSarif } from './sarif.ts';
import { renderText } from './text.ts';

export interface RenderOptions {
  readonly colour: boolean;
  /** Of this program. */
  readonly version: string;
  /** A line of a file, from 1; null when there is none, or it may bear a secret. */
  readonly sourceLine: (problem: Problem) => string | null;
}

/** The whole output, with a line end at its end. */
export function renderProblems(format: ProblemFormat, report: ProblemReport, options: RenderOptions): string {
  switch (format) {
    case 'text':
      return renderText(report, options);
    case 'json':
      return renderJson(report);
    case 'github':
      return renderGithub(report);
    case 'sarif':
      return renderSarif(report, options.version);
    case 'junit':
      return renderJunit(report);
  }
}
