/** The two schemas, compiled: ours for the structure of what people wrote, the published one for what will be sent. */

import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { Ajv2020 } from 'ajv/dist/2020.js';

import type { ConnectorConfig } from '../model/connector.ts';
import { connectorCreateSchema } from './connector-create.schema.ts';
import { valueAt } from '../model/pointer.ts';
import { definitionSchema } from './definition-schema.ts';
import { explainSchemaError } from './explain-schema-error.ts';
import type { Fault } from './fault.ts';
import { meantField } from './field-hints.ts';
import { MAX_FAULTS } from './fault.ts';

interface WrittenEntry {
  readonly name: string;
  readonly value?: string;
}

/** A definition whose structure is right: every field has its type, and there is no other. */
export interface WrittenDefinition {
  readonly name: string;
  readonly type?: string;
  readonly method: string;
  readonly url: string;
  readonly headers?: readonly WrittenEntry[];
  readonly parameters?: readonly WrittenEntry[];
  readonly body?: readonly WrittenEntry[];
  readonly body_template?: string | null;
  readonly rate_limit?: number | null;
  readonly max_concurrency?: number | null;
  readonly id?: number;
  readonly sync?: {
    readonly ref?: string;
    readonly suspend?: boolean;
    readonly protect?: boolean;
    readonly ignore?: readonly string[];
  };
}

export interface SchemaCheck {
  /** True when the structure is right. What texts say is judged elsewhere, once placeholders are resolved. */
  readonly hasStructure: (fields: unknown) => fields is WrittenDefinition;
  /** What is wrong with the structure; `size` is the number of values in it. */
  readonly explainStructure: (fields: unknown, size: number) => readonly Fault[];
  /** What the published schema has against a configuration. */
  readonly checkPublished: (config: ConnectorConfig) => readonly Fault[];
}

/** Ajv makes an error object of everything that is wrong; in larger documents only the first is told. */
const MAX_SIZE_FOR_ALL_ERRORS = 5000;

/** Compile the schemas; the one that collects every error only when something is wrong. */
export function createSchemaCheck(): SchemaCheck {
  const structure = structureOf(definitionSchema) as object;
  const first = createAjv(false).compile<WrittenDefinition>(structure);
  const published = createAjv(true).compile(connectorCreateSchema);
  let all: ValidateFunction | null = null;
  return {
    hasStructure: (fields): fields is WrittenDefinition => first(fields),
    explainStructure: (fields, size) => {
      if (size > MAX_SIZE_FOR_ALL_ERRORS) return first(fields) ? [] : explain(first.errors, fields);
      all ??= createAjv(true).compile(structure);
      return all(fields) ? [] : explain(all.errors, fields);
    },
    checkPublished: (config) => (published(config) ? [] : explain(published.errors, config)),
  };
}

function createAjv(allErrors: boolean): Ajv2020 {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors, messages: false });
  // The published schemas refer to each other by the paths of an OpenAPI document.
  ajv.addKeyword('components');
  return ajv;
}

function explain(errors: readonly ErrorObject[] | null | undefined, root: unknown): readonly Fault[] {
  const found = (errors ?? []).slice(0, 3 * MAX_FAULTS);
  const heard = found.filter((error) => !isEcho(error, found, root));
  return heard.slice(0, MAX_FAULTS).map((error) => explainSchemaError(error, root));
}

/** What another error says better: `Method` for `method`, or an entry `Accept: text/plain`, which needs another form. */
function isEcho({ keyword, instancePath, params }: ErrorObject, all: readonly ErrorObject[], root: unknown): boolean {
  if (keyword === 'minimum') return !Number.isInteger(valueAt(root, instancePath));
  if (keyword !== 'required') return false;
  const unknown = all.flatMap((error) =>
    error.keyword === 'additionalProperties' && error.instancePath === instancePath
      ? [String((error.params as Readonly<Record<string, unknown>>)['additionalProperty'])]
      : [],
  );
  const missing = String((params as Readonly<Record<string, unknown>>)['missingProperty']);
  if (instancePath !== '') return unknown.length > 0;
  return unknown.some((field) => meantField(field, []) === missing);
}

/** Rules about texts, and what is for readers alone. */
const LEFT_OUT: ReadonlySet<string> = new Set(['enum', 'anyOf', 'pattern', 'maxLength', 'markdownDescription']);

/** The schema without its rules about what texts say, which hold only once placeholders are resolved. */
function structureOf(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(structureOf);
  if (typeof schema !== 'object' || schema === null) return schema;
  const rest = Object.entries(schema).filter(([keyword]) => !LEFT_OUT.has(keyword));
  return Object.fromEntries(rest.map(([keyword, value]) => [keyword, structureOf(value)]));
}
