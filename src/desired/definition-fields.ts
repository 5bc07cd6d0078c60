/** The fields of a definition as people ask for them, read off the schema. */

import { formatPointer, parsePointer } from '../model/pointer.ts';
import { definitionSchema } from './definition-schema.ts';

export interface DefinitionField {
  /** With dots, such as `headers.name`. */
  readonly path: string;
  /** How many fields lie around it. */
  readonly depth: number;
  readonly title: string;
  /** In words, such as `text`, `list` or `whole number or nothing`. */
  readonly type: string;
  readonly required: boolean;
  /** The words that it may be; empty when it is not one of a few. */
  readonly choices: readonly string[];
  /** In words, such as `at most 256 characters`. */
  readonly limits: readonly string[];
  /** Undefined when there is none. */
  readonly defaultValue: unknown;
  readonly example: unknown;
  /** True when the fields of each entry of a list are what lies below it. */
  readonly isList: boolean;
  readonly description: string;
  /** Further sentences, with `code` in backticks. */
  readonly notes: readonly string[];
}

interface SchemaNode {
  readonly title?: string;
  readonly description?: string;
  readonly markdownDescription?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly items?: SchemaNode & { readonly $ref?: string };
  readonly anyOf?: readonly { readonly enum?: readonly string[] }[];
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
}

/** Every field, each before those in it, in the order in which people write them. */
export function definitionFields(): readonly DefinitionField[] {
  return fieldsOf(definitionSchema, '', 0);
}

/**
 * The path of a field as somebody may write it: `headers.name`, `/headers/0/name`, `headers[0].name` or `HEADERS`; positions
 * in lists do not count.
 */
export function normaliseFieldPath(written: string): string {
  const pointer = written.startsWith('/') ? written : formatPointer(written.split(/[.[\]/]+/u));
  const segments = parsePointer(pointer).filter((segment) => segment !== '' && !/^(?:\d+|\*)$/u.test(segment));
  return segments.join('.').toLowerCase();
}

function fieldsOf(node: SchemaNode, prefix: string, depth: number): readonly DefinitionField[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    const described: DefinitionField = {
      path,
      depth,
      title: field.title ?? name,
      type: typeOf(field),
      required: node.required?.includes(name) === true,
      choices: field.anyOf?.[0]?.enum ?? [],
      limits: limitsOf(field),
      defaultValue: field.default,
      example: field.examples?.[0],
      isList: field.type === 'array',
      description: field.description ?? '',
      notes: notesOf(field),
    };
    return [described, ...fieldsOf(field, `${path}.`, depth + 1), ...fieldsOf(itemsOf(field), `${path}.`, depth + 1)];
  });
}

/** What the entries of a list are. */
function itemsOf({ items }: SchemaNode): SchemaNode {
  const name = items?.$ref?.split('/').at(-1);
  const definitions: Readonly<Record<string, SchemaNode>> = definitionSchema.$defs;
  return (name === undefined ? items : definitions[name]) ?? {};
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  boolean: 'true or false',
  array: 'list',
  object: 'map',
  null: 'nothing',
};

function typeOf({ type = [] }: SchemaNode): string {
  return [type]
    .flat()
    .map((word) => TYPES[word] ?? word)
    .join(' or ');
}

function limitsOf({ maxLength, minimum }: SchemaNode): readonly string[] {
  return [
    ...(maxLength === undefined ? [] : [`at most ${maxLength} characters`]),
    ...(minimum === undefined ? [] : [`${minimum} or more`]),
  ];
}

function notesOf({ markdownDescription = '' }: SchemaNode): readonly string[] {
  return markdownDescription.split('\n').flatMap((line) => (line.startsWith('- ') ? [line.slice(2)] : []));
}
