/** Kubernetes resources as data, as far as tests look into them. */

import { parseAllDocuments } from 'yaml';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
export type JsonMap = { readonly [name: string]: Json };

export interface Resource extends JsonMap {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
}

export interface Container extends JsonMap {
  readonly name: string;
  readonly image: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string }[];
}

export function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws on anything that is not YAML as Kubernetes reads it */
export function parseResources(text: string): readonly Resource[] {
  // Version 1.1, as Kubernetes' own parser: `0440` is octal there, and `on` is true.
  return parseAllDocuments(text, { version: '1.1', merge: false })
    .map((document) => {
      if (document.errors.length > 0 || document.warnings.length > 0) throw new Error(String(document.errors[0]));
      return document.toJS() as Resource | null;
    })
    .filter((resource) => resource !== null);
}

/** Pods of a workload: both kinds of containers, under their names. */
export function containersOf(resource: Resource): ReadonlyMap<string, Container> {
  const pod = podOf(resource);
  const all = [
    ...((pod['initContainers'] ?? []) as readonly Container[]),
    ...(pod['containers'] as readonly Container[]),
  ];
  return new Map(all.map((container) => [container.name, container]));
}

export function podOf(resource: Resource): JsonMap {
  const { spec } = resource as unknown as { readonly spec: { readonly template: { readonly spec: JsonMap } } };
  return spec.template.spec;
}

/** Two renderers may order lists whose items have names differently; this makes them equal when they mean the same. */
export function inOneOrder(value: Json): Json {
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).map(inOneOrder);
    const nameOf = (item: Json): string =>
      isMap(item) ? JSON.stringify(item['name'] ?? item['mountPath'] ?? null) : '';
    return [...items].sort((left, right) => nameOf(left).localeCompare(nameOf(right)));
  }
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, name === 'initContainers' ? item : inOneOrder(item)]),
  );
}
