/** A definition as the tests imagine it, how it stands in a file, and what the server should hold for it. */

import { stringify } from 'yaml';
import type { ConnectorConfig } from '../../../src/model/connector.ts';
import { config } from '../builders.ts';

/** Every secret holds this text, so that one search finds any that leaks. */
export const CANARY = 'canary-7f3a';
/** What the plan of the sandbox allows. */
export const RATE_CAP = 50;

export type Breakage = 'none' | 'syntax' | 'schema' | 'empty';

export interface ModelDefinition {
  /** Part of the URL for ever: it tells whose connector a live one is. */
  readonly marker: string;
  /** With extension. */
  readonly file: string;
  /** Whether it may share its file with others. */
  readonly shared: boolean;
  readonly name: string;
  readonly secretName: boolean;
  readonly header: 'none' | 'literal' | 'placeholder';
  readonly rate: number | null;
  /** Counts edits; part of the URL and of a parameter. */
  readonly version: number;
  readonly suspend: boolean;
  readonly protect: boolean;
  readonly ignoreRate: boolean;
  readonly pin: number | null;
  readonly broken: Breakage;
}

export type Files = ReadonlyMap<string, ModelDefinition>;
export type Variables = Readonly<Record<string, string | undefined>>;

export function newDefinition(marker: string, changes: Partial<ModelDefinition>): ModelDefinition {
  return {
    marker,
    file: `${marker}.yaml`,
    shared: false,
    name: `Näme ${marker}`,
    secretName: false,
    header: 'literal',
    rate: null,
    version: 0,
    suspend: false,
    protect: false,
    ignoreRate: false,
    pin: null,
    broken: 'none',
    ...changes,
  };
}

/** The key of a definition among others: alone in a file it goes without its ref. */
export function keyOf(definition: ModelDefinition, files: Files): string {
  const alone = [...files.values()].filter(({ file }) => file === definition.file).length === 1;
  const path = definition.file.replace(/\.(?:ya?ml|json)$/u, '');
  return alone ? path : `${path}#${definition.marker}`;
}

/** Whether the program can use it: not where it, its file, or a variable that it names is broken. */
export function isUsable(definition: ModelDefinition, files: Files, variables: Variables): boolean {
  const spoiled = [...files.values()].some(({ file, broken }) => file === definition.file && broken === 'syntax');
  const unset = definition.header === 'placeholder' && variables['CONNECTOR_TOKEN'] === undefined;
  return !spoiled && definition.broken === 'none' && !unset;
}

/** Text by path. */
export function renderFiles(files: Files): ReadonlyMap<string, string> {
  const byFile = Map.groupBy(files.values(), ({ file }) => file);
  return new Map([...byFile].map(([file, definitions]) => [file, renderFile(file, definitions)]));
}

function renderFile(file: string, definitions: readonly ModelDefinition[]): string {
  const documents = definitions.map(renderDocument);
  const [only, ...others] = documents;
  const isJson = file.endsWith('.json') && others.length === 0 && definitions[0]?.broken !== 'empty';
  const text = isJson
    ? JSON.stringify(only)
    : documents
        .map((document) => (document === null && others.length === 0 ? '# nothing\n' : stringify(document)))
        .join('---\n');
  return definitions.some(({ broken }) => broken === 'syntax') ? `${text}\n}: [` : text;
}

function renderDocument(definition: ModelDefinition): Readonly<Record<string, unknown>> | null {
  const { marker, broken, shared, suspend, protect, ignoreRate, pin, rate } = definition;
  if (broken === 'empty') return null;
  const sync = {
    ...(shared && { ref: marker }),
    ...(suspend && { suspend }),
    ...(protect && { protect }),
    ...(ignoreRate && { ignore: ['/rate_limit'] }),
  };
  return {
    ...written(definition, { CONNECTOR_TOKEN: '${env:CONNECTOR_TOKEN}', CONNECTOR_SUFFIX: '${env:CONNECTOR_SUFFIX}' }),
    ...(broken === 'schema' && { method: 'fetch' }),
    ...(rate !== null && { rate_limit: rate }),
    ...(pin !== null && { id: pin }),
    ...(Object.keys(sync).length > 0 && { sync }),
  };
}

/** What the server should hold. */
export function expectedConfig(definition: ModelDefinition, variables: Variables): ConnectorConfig {
  const { rate } = definition;
  return config({ ...written(definition, variables), rate_limit: rate === null ? null : Math.min(rate, RATE_CAP) });
}

function written(
  { marker, name, secretName, header, version }: ModelDefinition,
  variables: Variables,
): Pick<ConnectorConfig, 'name' | 'method' | 'url' | 'headers' | 'parameters'> {
  const values = {
    none: null,
    literal: `Bearer ${CANARY}-${marker}`,
    placeholder: `Bearer ${variables['CONNECTOR_TOKEN'] ?? ''}`,
  };
  const value = values[header];
  return {
    name: secretName ? `${name} ${variables['CONNECTOR_SUFFIX'] ?? ''}` : name,
    method: version % 2 === 0 ? 'get' : 'post',
    url: `https://api.example.com/${marker}?version=${version}`,
    headers: value === null ? [] : [{ name: 'Authorization', value }],
    parameters: version % 3 === 0 ? [] : [{ name: 'v', value: `${version}: {{ jinja }}` }],
  };
}

/** Whose connector it is, by its URL; null when it is nobody's. */
export function markerOf({ url }: { readonly url: string }): string | null {
  return /^https:\/\/api\.example\.com\/(d\d+)\?/u.exec(url)?.[1] ?? null;
}
