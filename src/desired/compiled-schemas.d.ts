/** What `#compiled-schemas` stands for: the schemas as functions, made by the build (`src/build/compile-schemas.ts`). */

import type { ErrorObject } from 'ajv';

interface CompiledSchema {
  (value: unknown): boolean;
  /** Of the last call. */
  errors?: readonly ErrorObject[] | null;
}

/** The structure of a definition; only the first error is told. */
export declare const hasStructure: CompiledSchema;
/** The same, and every error is told. */
export declare const hasWholeStructure: CompiledSchema;
/** `ConnectorCreate` as published. */
export declare const isPublished: CompiledSchema;
