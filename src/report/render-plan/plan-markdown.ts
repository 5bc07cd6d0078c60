/**
 * A plan as a comment on a pull request (GitHub's Markdown, which GitLab and others read too): a table first, then the
 * differences, folded. Its size is bounded, for a comment that is too long is refused as a whole.
 */

import type { Brake, Change, Plan } from '../../model/change.ts';
import { markdownCode, markdownHtml, markdownProse } from '../markdown-text.ts';
import { BLOCK_GUIDE } from '../guide/block-guide.ts';
import { SIGNS, subjectOf, whyOf, wordOf } from './describe-change.ts';
import { fieldLines } from './field-lines.ts';
import { isShown } from './plan-text.ts';
import { summarisePlan } from './summarise-plan.ts';
import { countOf } from '../count-of.ts';

/** In UTF-16 units. GitHub takes 65,536 characters. */
export const MAX_COMMENT = 60_000;
/** The table takes at most so much of it, and the differences of one connector. */
const MAX_TABLE = 30_000;
const MAX_DETAILS = 10_000;
/** Kept for what says that something was cut. */
const RESERVE = 500;

/** @param notes sentences that come before everything, such as what the plan is limited to */
export function renderPlanMarkdown(plan: Plan, brakes: readonly Brake[], notes: readonly string[] = []): string {
  const shown = plan.changes.filter(isShown);
  const head = [
    `### databar-sync plan: ${shown.length === 0 ? 'no changes' : summarisePlan(plan)}`,
    ...notes.map(markdownProse),
    ...(shown.length === 0 ? [`The workspace is as the files say: ${summarisePlan(plan)}.`] : []),
    ...brakes.map(
      ({ code, reason }) =>
        `> **Brake ${markdownProse(code)}**: ${markdownProse(reason)}. ${markdownProse(BLOCK_GUIDE[code].remedy)}`,
    ),
  ].join('\n\n');

  const table = fill(shown.map(tableRow), Math.min(MAX_TABLE, MAX_COMMENT - RESERVE - head.length));
  const used = head.length + longestTable(table.kept);
  const details = fill(
    shown.filter(({ fields }) => fields.length > 0).map(renderDetails),
    MAX_COMMENT - RESERVE - used,
  );
  const parts = [
    head.slice(0, MAX_COMMENT - RESERVE),
    ...(table.kept.length > 0 ? [[...TABLE_HEAD, ...table.kept].join('\n')] : []),
    ...details.kept,
    ...describeCuts(table.cut, details.cut),
  ];
  return `${parts.join('\n\n')}\n`;
}

const TABLE_HEAD = ['| | action | connector | name | why |', '|---|---|---|---|---|'];

function longestTable(rows: readonly string[]): number {
  return [...TABLE_HEAD, ...rows].reduce((sum, row) => sum + row.length + 1, 0);
}

function tableRow(change: Change): string {
  const cells = [
    markdownCode(SIGNS[change.action].trim() || '·'),
    wordOf(change),
    markdownCode(change.key),
    markdownProse(subjectOf(change)),
    markdownProse(whyOf(change)) +
      (change.action === 'blocked' ? `. ${markdownProse(BLOCK_GUIDE[change.code].remedy)}` : ''),
  ];
  return `| ${cells.join(' | ')} |`;
}

function renderDetails(change: Change): string {
  const rows = change.fields.flatMap((field) => {
    const { place, lines } = fieldLines(change, field);
    return [`@@ ${place} @@`, ...lines.map(({ sign, text }) => `${sign === '@' ? '@@' : sign} ${text}`.trimEnd())];
  });
  const { kept, cut } = fill(rows, MAX_DETAILS);
  const text = [...kept, ...(cut > 0 ? [`@@ ${cut} more lines @@`] : [])].join('\n');
  // A fence ends only at a run of backticks as long as its own.
  const fence = '`'.repeat(Math.max(3, ...(text.match(/`+/gu) ?? []).map(({ length }) => length + 1)));
  const summary = `${markdownHtml(change.key)} ${wordOf(change)}, ${countOf(change.fields.length, 'field')}`;
  return `<details><summary>${summary}</summary>\n\n${fence}diff\n${text}\n${fence}\n\n</details>`;
}

/** As many of the first texts as fit together, with a separator of two characters each. */
function fill(texts: readonly string[], room: number): { readonly kept: readonly string[]; readonly cut: number } {
  let left = room;
  const kept: string[] = [];
  for (const text of texts) {
    left -= text.length + 2;
    if (left < 0) break;
    kept.push(text);
  }
  return { kept, cut: texts.length - kept.length };
}

function describeCuts(rows: number, details: number): readonly string[] {
  const cuts = [
    ...(rows > 0 ? [`${countOf(rows, 'row')} of the table`] : []),
    ...(details > 0 ? [`the differences of ${countOf(details, 'connector')}`] : []),
  ];
  if (cuts.length === 0) return [];
  return [`**Cut to fit into a comment:** ${cuts.join(' and ')}. All of it: \`databar-sync plan\`.`];
}
