/** The only maker of a {@link ValidConnector}: what it returns passed every check that one definition can pass alone. */

import type { ConnectorConfig, JsonPointer, NameValue, SyncOptions, ValidConnector } from '../model/connector.ts';
import { checkValues } from './check-values.ts';
import type { Fault } from './fault.ts';
import type { ParsedDocument } from './parse-yaml.ts';
import type { Resolution } from './resolve-secrets.ts';
import type { WrittenDefinition } from './schema-check.ts';
import { schemaCheck } from './schema-check.ts';

/** Where a definition is: see the fields of the same names in {@link ValidConnector}. */
export interface DefinitionPlace {
  readonly key: string;
  readonly file: string;
  readonly document: number;
}

export type Validation =
  | { readonly status: 'valid'; readonly connector: ValidConnector; readonly warnings: readonly Fault[] }
  | { readonly status: 'invalid'; readonly faults: readonly Fault[] };

/**
 * Types are judged on what was written, texts on what their placeholders became; a text with a placeholder that could
 * not be resolved is not judged. A document that has faults of its own, from parsing, is never valid.
 */
export function validateConnector(
  document: ParsedDocument,
  resolution: Resolution,
  place: DefinitionPlace,
): Validation {
  if (!document.isMap) return { status: 'invalid', faults: [] };
  const { fields } = resolution;
  const faults = [...resolution.faults, ...checkValues(resolution)];
  if (!schemaCheck.hasStructure(fields)) {
    return { status: 'invalid', faults: [...schemaCheck.explainStructure(document.fields, document.size), ...faults] };
  }
  const config = toConfig(fields);
  if (!faults.some(isError)) {
    const published = schemaCheck.checkPublished(config);
    faults.push(...published.filter(({ path }) => !resolution.unresolvedPaths.has(path)));
  }
  if (document.faults.length > 0 || faults.some(isError)) return { status: 'invalid', faults };
  return { status: 'valid', connector: brand(place, fields, config, resolution.secretPaths), warnings: faults };
}

function isError({ severity }: Fault): boolean {
  return severity === 'error';
}

function brand(
  place: DefinitionPlace,
  written: WrittenDefinition,
  config: ConnectorConfig,
  secretPaths: readonly JsonPointer[],
): ValidConnector {
  const { suspend = false, protect = false, ignore = [] } = written.sync ?? {};
  const sync: SyncOptions = { ref: written.sync?.ref ?? null, suspend, protect, ignore };
  // The one place where the brand is given.
  return { ...place, id: written.id ?? null, config, sync, secretPaths } as ValidConnector;
}

/** Fill in what the server fills in, and write the words that know no case in lower case. */
function toConfig(written: WrittenDefinition): ConnectorConfig {
  return {
    name: written.name,
    type: written.type?.toLowerCase() ?? 'enrichment',
    method: written.method.toLowerCase(),
    url: written.url,
    headers: toEntries(written.headers),
    parameters: toEntries(written.parameters),
    body: toEntries(written.body),
    body_template: written.body_template ?? null,
    rate_limit: written.rate_limit ?? null,
    max_concurrency: written.max_concurrency ?? null,
  };
}

function toEntries(entries: WrittenDefinition['headers']): readonly NameValue[] {
  return (entries ?? []).map(({ name, value = '' }) => ({ name, value }));
}
