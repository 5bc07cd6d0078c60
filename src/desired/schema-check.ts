/** The two schemas, compiled: ours for the structure of what people wrote, the published one for what will be sent. */

import { hasStructure, hasWholeStructure, isPublished } from '#compiled-schemas';
import type { ErrorObject } from 'ajv';

import type { ConnectorConfig } from '../model/connector.ts';
import { valueAt } from '../model/pointer.ts';
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

export const schemaCheck: SchemaCheck = {
  hasStructure: (fields): fields is WrittenDefinition => hasStructure(fields),
  explainStructure: (fields, size) => {
    const schema = size > MAX_SIZE_FOR_ALL_ERRORS ? hasStructure : hasWholeStructure;
    return schema(fields) ? [] : explain(schema.errors, fields);
  },
  checkPublished: (config) => (isPublished(config) ? [] : explain(isPublished.errors, config)),
};

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
