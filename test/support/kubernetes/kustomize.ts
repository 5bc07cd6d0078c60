/**
 * As much of kustomize as deploy/ uses, so that what it renders can be judged where there is no kustomize: resources,
 * components, files of a ConfigMap, strategic merge patches, images. Anything else in a kustomization is an error here.
 * Where `kubectl` is at hand, a test compares the two.
 */

import { readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import type { Json, JsonMap, Resource } from './resource.ts';
import { isMap, parseResources } from './resource.ts';

interface Kustomization {
  readonly apiVersion: string;
  readonly kind: string;
  readonly resources?: readonly string[];
  readonly components?: readonly string[];
  readonly configMapGenerator?: readonly {
    readonly name: string;
    readonly files: readonly string[];
    readonly options: { readonly disableNameSuffixHash: true };
  }[];
  readonly patches?: readonly {
    readonly path: string;
    readonly target?: { readonly kind: string; readonly labelSelector: string };
  }[];
  readonly images?: readonly { readonly name: string; readonly newName: string; readonly newTag: string }[];
}

const KNOWN = new Set(['apiVersion', 'kind', 'resources', 'components', 'configMapGenerator', 'patches', 'images']);

/** The resources of a directory that holds a kustomization.yaml. */
export function buildKustomization(directory: string, onto: readonly Resource[] = []): readonly Resource[] {
  const kustomization = parse(readFileSync(join(directory, 'kustomization.yaml'), 'utf8')) as Kustomization;
  const unknown = Object.keys(kustomization).filter((name) => !KNOWN.has(name));
  if (unknown.length > 0) throw new Error(`the renderer of the tests does not know ${unknown.join(', ')}`);

  let resources = [...onto, ...(kustomization.resources ?? []).flatMap((path) => readResource(join(directory, path)))];
  for (const component of kustomization.components ?? []) {
    resources = [...buildKustomization(join(directory, component), resources)];
  }
  for (const { name, files } of kustomization.configMapGenerator ?? []) {
    const data = files.map((file) => [basename(file), readFileSync(join(directory, file), 'utf8')] as const);
    resources.push({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: Object.fromEntries(data) });
  }
  for (const { path, target } of kustomization.patches ?? []) {
    const [patch] = parseResources(readFileSync(join(directory, path), 'utf8'));
    if (patch === undefined) throw new Error(`${path} holds no patch`);
    const isMeant = (resource: Resource): boolean =>
      target === undefined
        ? resource.kind === patch.kind && resource.metadata.name === patch.metadata.name
        : resource.kind === target.kind && hasLabel(resource, target.labelSelector);
    if (!resources.some(isMeant)) throw new Error(`${path} patches nothing`);
    resources = resources.map((resource) =>
      isMeant(resource) ? { ...(mergeMaps(resource, patch) as Resource), metadata: resource.metadata } : resource,
    );
  }
  return resources.map((resource) => replaceImages(resource, kustomization.images ?? []) as Resource);
}

function readResource(path: string): readonly Resource[] {
  return statSync(path).isDirectory() ? buildKustomization(path) : parseResources(readFileSync(path, 'utf8'));
}

function hasLabel({ metadata }: Resource, selector: string): boolean {
  const [name = '', value] = selector.split('=');
  return metadata.labels?.[name] === value;
}

/** What tells items of a list apart; lists of other fields are replaced as a whole. */
const MERGE_KEYS: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  env: 'name',
  volumes: 'name',
  volumeMounts: 'mountPath',
};

/** A strategic merge: null removes a field, known lists are merged item by item. */
function mergeMaps(into: JsonMap, patch: JsonMap): JsonMap {
  const merged: Record<string, Json> = { ...into };
  for (const [name, value] of Object.entries(patch)) {
    const [old, key] = [merged[name], MERGE_KEYS[name]];
    if (value === null) delete merged[name];
    else if (Array.isArray(value) && key !== undefined)
      merged[name] = mergeLists((old ?? []) as JsonMap[], value as JsonMap[], key);
    else merged[name] = isMap(value) ? mergeMaps(isMap(old) ? old : {}, value) : value;
  }
  return merged;
}

function mergeLists(into: readonly JsonMap[], patch: readonly JsonMap[], key: string): readonly JsonMap[] {
  const fresh = patch.filter((item) => !into.some((other) => other[key] === item[key]));
  return [
    ...into.map((item) => mergeMaps(item, patch.find((other) => other[key] === item[key]) ?? {})),
    ...fresh.map((item) => mergeMaps({}, item)),
  ];
}

function replaceImages(value: Json, images: NonNullable<Kustomization['images']>): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => replaceImages(item, images));
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      const image = name === 'image' ? images.find((each) => each.name === item) : undefined;
      return [name, image === undefined ? replaceImages(item, images) : `${image.newName}:${image.newTag}`];
    }),
  );
}
