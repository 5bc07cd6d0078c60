/** Which packages are in a bundle, as the bundler itself reports it. */

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Metafile } from 'esbuild';

export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression, as the package declares it. */
  readonly license: string;
  /** Absolute. */
  readonly directory: string;
}

const PACKAGE = /^(?<directory>.*\/node_modules\/(?<name>(?:@[^/]+\/)?[^/]+))\//u;

/**
 * Packages of which at least one byte is in the output, by name and version.
 *
 * @param workingDirectory what the paths of the report are relative to: esbuild's `absWorkingDir`
 * @throws Error when a package does not say its name, version and licence
 */
export function bundledPackages({ outputs }: Metafile, workingDirectory: string): readonly BundledPackage[] {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  const directories = inputs
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .flatMap(([path]) => PACKAGE.exec(resolve(workingDirectory, path))?.groups?.['directory'] ?? []);
  return sortPackages([...new Set(directories)].map(readPackage));
}

/** In one order, whatever the order of discovery; of several with one name and version the first. */
export function sortPackages(packages: readonly BundledPackage[]): readonly BundledPackage[] {
  const distinct = new Map(packages.toReversed().map((each) => [idOf(each), each]));
  return [...distinct.values()].sort((left, right) => (idOf(left) < idOf(right) ? -1 : 1));
}

/** `name@version`. */
export function idOf({ name, version }: Pick<BundledPackage, 'name' | 'version'>): string {
  return `${name}@${version}`;
}

function readPackage(directory: string): BundledPackage {
  const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Record<string, unknown>;
  const { name, version, license } = manifest;
  if (typeof name !== 'string' || typeof version !== 'string' || typeof license !== 'string') {
    throw new Error(`${directory}/package.json does not say name, version and license`);
  }
  return { name, version, license, directory };
}
