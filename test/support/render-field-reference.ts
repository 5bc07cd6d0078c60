/** The fields of a definition for docs/definitions.md: a table, and what else is worth knowing of each. */

import type { DefinitionField } from '../../src/desired/definition-fields.ts';
import { definitionFields } from '../../src/desired/definition-fields.ts';

/** Markdown; prettier lines the table up. */
export function renderFieldTable(): string {
  return [
    '| Field | Kind | Default | Meaning |',
    '|---|---|---|---|',
    ...definitionFields().map(
      (field) => `| ${[code(field.path), kindOf(field), defaultOf(field), field.description].join(' | ')} |`,
    ),
  ].join('\n');
}

/** A list of notes under the name of each field that has any. */
export function renderFieldNotes(): string {
  return definitionFields()
    .filter(({ notes }) => notes.length > 0)
    .map(({ path, notes }) => `**${code(path)}**\n\n${notes.map((note) => `- ${note}`).join('\n')}`)
    .join('\n\n');
}

function kindOf({ type, choices, limits, required }: DefinitionField): string {
  const kind = choices.length > 0 ? choices.map(code).join(', ') : type;
  return [kind, ...limits, ...(required ? ['**required**'] : [])].join('; ');
}

function defaultOf({ defaultValue }: DefinitionField): string {
  if (defaultValue === undefined || defaultValue === null) return 'none';
  if (defaultValue === '') return 'empty';
  if (typeof defaultValue === 'string') return code(defaultValue);
  return Array.isArray(defaultValue) && defaultValue.length === 0 ? 'empty' : code(JSON.stringify(defaultValue));
}

function code(text: string): string {
  return `\`${text}\``;
}
