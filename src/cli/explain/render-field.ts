/** Fields of a definition, for a terminal. */

import { stringify } from 'yaml';
import type { DefinitionField } from '../../desired/definition-fields.ts';
import { wrapText } from './wrap-text.ts';

const WIDTH = 100;

/** All fields, indented as they are written. */
export function renderFieldTree(fields: readonly DefinitionField[]): string {
  const nameOf = ({ path, depth, required }: DefinitionField): string =>
    `${'  '.repeat(depth + 1)}${path.split('.').at(-1) ?? ''}${required ? '*' : ''}`;
  const width = Math.max(...fields.map((field) => nameOf(field).length));
  const typeWidth = Math.max(...fields.map(({ type }) => type.length));
  const margin = ' '.repeat(width + typeWidth + 4);
  const rows = fields.flatMap((field) => {
    const about = wrapText(field.description, WIDTH - margin.length);
    const [first = '', ...rest] = about;
    return [
      `${nameOf(field).padEnd(width)}  ${field.type.padEnd(typeWidth)}  ${first}`,
      ...rest.map((line) => margin + line),
    ];
  });
  return `${[
    'A definition describes one connector. These are its fields; those with * are required:',
    '',
    ...rows,
    '',
    'Of one field:  databar-sync explain headers.value',
    'Of a code:     databar-sync explain mass_delete',
  ].join('\n')}\n`;
}

/** One field, and the fields in it. */
export function renderField(field: DefinitionField, all: readonly DefinitionField[]): string {
  const { path, description, notes } = field;
  const inside = all.filter((other) => other.path.startsWith(`${path}.`));
  return `${[
    `${path}  (${factsOf(field).join('; ')})`,
    '',
    ...indent(wrapText(description, WIDTH - 2)),
    ...(notes.length === 0 ? [] : ['', ...notes.flatMap(renderNote)]),
    ...(inside.length === 0
      ? []
      : ['', `  ${field.isList ? 'Each entry has' : 'It has'}: ${inside.map((other) => other.path).join(', ')}`]),
    ...(field.example === undefined ? [] : ['', '  Example:', '', ...indent(indent(exampleLines(field, all)))]),
  ].join('\n')}\n`;
}

function factsOf({ type, required, choices, limits, defaultValue }: DefinitionField): readonly string[] {
  return [
    type,
    ...(required ? ['required'] : []),
    ...(choices.length === 0 ? [] : [`one of ${choices.join(', ')}`]),
    ...limits,
    ...(defaultValue === undefined ? [] : [`default ${JSON.stringify(defaultValue)}`]),
  ];
}

function renderNote(note: string): readonly string[] {
  return wrapText(note, WIDTH - 4).map((line, index) => (index === 0 ? `  - ${line}` : `    ${line}`));
}

/** The example in its place: below the fields that it lies in, with the required ones beside it. */
function exampleLines(field: DefinitionField, all: readonly DefinitionField[]): readonly string[] {
  const [outer = '', inner] = field.path.split('.');
  const parent = all.find(({ path }) => path === outer);
  const value =
    inner === undefined
      ? { [outer]: field.example }
      : { [outer]: parent?.isList === true ? parent.example : { [inner]: field.example } };
  return stringify(value, { lineWidth: 0, singleQuote: true }).trimEnd().split('\n');
}

function indent(lines: readonly string[]): readonly string[] {
  return lines.map((line) => (line === '' ? line : `  ${line}`));
}
