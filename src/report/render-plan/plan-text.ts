/**
 * A plan for a terminal:
 *
 *     ~ update  team/edited  "Edited" (id 7)  file_changed
 *           /rate_limit: 50 → 45
 *     ! blocked twice        "Twice"  ambiguous_name: 2 live connectors have this name (ids 7, 8)
 *           remedy: Add `id` to the file: the id of the connector that it means.
 *     1 to update, 1 blocked; 12 unchanged, 3 unmanaged
 */

import type { Brake, Change, ChangeAction, Plan } from '../../model/change.ts';
import { longest } from '../longest.ts';
import type { Paint } from '../paint.ts';
import { createPaint } from '../paint.ts';
import { plainText } from '../plain-text.ts';
import { BLOCK_GUIDE } from '../guide/block-guide.ts';
import { SIGNS, subjectOf, whyOf, wordOf } from './describe-change.ts';
import type { DifferenceLine } from './field-lines.ts';
import { fieldLines } from './field-lines.ts';
import { summarisePlan } from './summarise-plan.ts';

export interface PlanTextOptions {
  readonly colour: boolean;
  /** The summary alone. */
  readonly quiet: boolean;
}

const COLOURS: Readonly<Record<ChangeAction, Parameters<Paint>[0]>> = {
  create: 'green',
  adopt: 'cyan',
  update: 'yellow',
  delete: 'red',
  none: 'gray',
  blocked: 'magenta',
  held: 'magenta',
};

/** Lines of text: one an object, differences indented, a summary last; what is in sync is only counted. */
export function renderPlanText(
  plan: Plan,
  brakes: readonly Brake[],
  { colour, quiet }: PlanTextOptions = { colour: false, quiet: false },
): string {
  const paint = createPaint(colour);
  const summary = paint('bold', summarisePlan(plan));
  if (quiet) return `${summary}\n`;
  const shown = plan.changes.filter(isShown);
  const width = longest(shown.map(({ key }) => plainText(key)));
  const braking = new Set(brakes.map(({ code }) => code));
  const rows = shown.flatMap((change) => {
    const head = `${SIGNS[change.action]} ${wordOf(change).padEnd(7)} ${plainText(change.key).padEnd(width)}`;
    // Why a brake holds is told once, below.
    const isBraked = change.action === 'blocked' && braking.has(change.code);
    const why = isBraked ? `${change.code}, would ${change.held ?? 'change'}` : whyOf(change);
    const row = [paint(COLOURS[change.action], head), plainText(subjectOf(change)), plainText(why)];
    const remedy = change.action === 'blocked' && !isBraked ? [`      remedy: ${BLOCK_GUIDE[change.code].remedy}`] : [];
    return [row.filter((part) => part !== '').join('  '), ...differenceRows(change, paint), ...remedy];
  });
  const brakeRows = brakes.flatMap(({ code, reason, keys }) => [
    `${paint('magenta', `! brake   ${code}`)}  holds ${keys.length}: ${plainText(reason)}`,
    `      remedy: ${BLOCK_GUIDE[code].remedy}`,
  ]);
  return [...rows, ...brakeRows, summary, ''].join('\n');
}

/** The differences of a change, indented below its line. */
export function differenceRows(change: Change, paint: Paint): readonly string[] {
  return change.fields.flatMap((field) => {
    const { place, inline, lines } = fieldLines(change, field);
    if (inline !== null) return [`      ${place}: ${inline}`];
    return [`      ${place}:`, ...lines.map((line) => `        ${paintLine(line, paint)}`.trimEnd())];
  });
}

function paintLine({ sign, text }: DifferenceLine, paint: Paint): string {
  switch (sign) {
    case '+':
      return paint('green', `+ ${text}`);
    case '-':
      return paint('red', `- ${text}`);
    case '@':
      return paint('cyan', `@ ${text}`);
    case ' ':
      return `  ${text}`;
  }
}

/** What is not simply in sync. */
export function isShown(change: Change): boolean {
  return change.action !== 'none' || change.outcome !== 'unchanged';
}
