/** A plan for people, programs and pull requests. */

import type { Brake, Change, ChangeAction, FieldChange, Plan } from '../model/change.ts';
import { longest } from './longest.ts';
import { markdownCode, markdownHtml, markdownProse } from './markdown-text.ts';
import { plainText } from './plain-text.ts';
import { showValue } from './show-value.ts';

/** Programs read this; its shape is API. */
export interface PlanDocument {
  readonly changes: readonly {
    readonly key: string;
    readonly file: string | null;
    readonly id: number | null;
    readonly name: string | null;
    readonly action: ChangeAction;
    readonly cause: string;
    readonly reason: string | null;
    readonly fields: readonly FieldChange[];
  }[];
  readonly summary: Readonly<Record<ChangeAction, number>> & { readonly unmanaged: number };
}

/** @param displayFile turns a path relative to the source into one relative to where the reader stands */
export function planDocument(plan: Plan, displayFile: (file: string) => string): PlanDocument {
  return {
    changes: plan.changes.map(({ key, file, id, name, action, cause, reason, fields }) => ({
      key,
      file: file === null ? null : displayFile(file),
      id,
      name,
      action,
      cause,
      reason,
      // JSON has no undefined: what is absent on one side is null there.
      fields: fields.map(({ path, live, desired }) => ({ path, live: live ?? null, desired: desired ?? null })),
    })),
    summary: { ...countActions(plan), unmanaged: plan.unmanaged },
  };
}

/** True when applying the plan would write something, or something waits to be written. */
export function hasPendingChanges(plan: Plan): boolean {
  return plan.changes.some(
    ({ action, fields }) =>
      action === 'create' ||
      action === 'update' ||
      action === 'delete' ||
      action === 'blocked' ||
      (action === 'adopt' && fields.length > 0),
  );
}

const SIGNS: Readonly<Record<ChangeAction, string>> = {
  create: '+',
  adopt: '=',
  update: '~',
  delete: '-',
  none: ' ',
  blocked: '!',
  held: '!',
};

/** Lines of text: one an object, differences indented, a summary last; what is in sync is only counted. */
export function renderPlanText(plan: Plan, brakes: readonly Brake[]): string {
  const shown = shownChanges(plan);
  const width = longest(shown.map(({ key }) => plainText(key)));
  const rows = shown.flatMap((change) => [
    `${SIGNS[change.action]} ${actionOf(change).padEnd(7)} ${plainText(change.key).padEnd(width)} ${plainText(explain(change))}`,
    ...change.fields.map(
      ({ path, live, desired }) => `      ${plainText(path)}: ${showValue(live)} -> ${showValue(desired)}`,
    ),
  ]);
  const brakeRows = brakes.map(
    ({ code, reason, keys }) => `! brake ${code} holds ${keys.length}: ${plainText(reason)}`,
  );
  return [...rows, ...brakeRows, summaryLine(plan), ''].join('\n');
}

/** A comment for a pull request. */
export function renderPlanMarkdown(plan: Plan, brakes: readonly Brake[]): string {
  const shown = shownChanges(plan);
  const rows = shown.map(
    (change) =>
      `| ${actionOf(change)} | ${markdownCode(change.key)} | ${change.id ?? ''} | ${markdownProse(explain(change))} |`,
  );
  const details = shown
    .filter(({ fields }) => fields.length > 0)
    .map(({ key, fields }) => {
      const lines = fields.map(
        ({ path, live, desired }) =>
          `| ${markdownCode(path)} | ${markdownCode(showValue(live))} | ${markdownCode(showValue(desired))} |`,
      );
      const table = ['| field | live | desired |', '|---|---|---|', ...lines].join('\n');
      return `<details><summary>${markdownHtml(key)}</summary>\n\n${table}\n\n</details>`;
    });
  return [
    `### databar-sync plan: ${summaryLine(plan)}`,
    ...brakes.map(({ code: name, reason }) => `> **Brake ${markdownProse(name)}**: ${markdownProse(reason)}`),
    ...(rows.length > 0 ? [['| action | connector | id | why |', '|---|---|---|---|', ...rows].join('\n')] : []),
    ...details,
    '',
  ].join('\n\n');
}

/** What is not simply in sync. */
function shownChanges({ changes }: Plan): readonly Change[] {
  return changes.filter((change) => change.action !== 'none' || change.outcome !== 'unchanged');
}

/** The word for what would be done. */
function actionOf(change: Change): string {
  return change.action === 'none'
    ? change.outcome.replace('reported', 'report').replace('skipped', 'skip')
    : change.action;
}

/** The id, the cause and the reason, as far as there are any. */
function explain({ id, cause, reason }: Change): string {
  return [id === null ? null : `id ${id}`, cause, reason].filter((part) => part !== null).join(', ');
}

function countActions(plan: Plan): Record<ChangeAction, number> {
  const counts: Record<ChangeAction, number> = {
    create: 0,
    adopt: 0,
    update: 0,
    delete: 0,
    none: 0,
    blocked: 0,
    held: 0,
  };
  for (const { action } of plan.changes) counts[action] += 1;
  return counts;
}

function summaryLine(plan: Plan): string {
  const counts = countActions(plan);
  return (
    `${counts.create} to create, ${counts.adopt} to adopt, ${counts.update} to update, ${counts.delete} to delete, ` +
    `${counts.blocked} blocked, ${counts.held} held, ${counts.none} unchanged or left out, ${plan.unmanaged} unmanaged`
  );
}
