/** Files of the repository as modules, which the program carries in its one file for `init`. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
const SAMPLES = join(ROOT, 'connectors');

/** TypeScript; texts are template literals, so that a difference can be read. */
export function renderSampleFiles(): string {
  const paths = readdirSync(SAMPLES, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.(?:yaml|json)$/u.test(path))
    .sort();
  return renderModule(
    'The definitions in connectors/, by path. Made from them by "npm run generate".',
    'SAMPLE_FILES',
    paths.map((path) => [path, join(SAMPLES, path)]),
  );
}

/** The same for what checks definitions before a commit and in a pull request. */
export function renderCheckFiles(): string {
  return renderModule('What checks definitions, by path. Made from deploy/ci/ by "npm run generate".', 'CHECK_FILES', [
    ['.github/workflows/connectors.yaml', join(ROOT, 'deploy/ci/github/validate.yaml')],
    ['.pre-commit-config.yaml', join(ROOT, 'deploy/ci/pre-commit-config.yaml')],
  ]);
}

function renderModule(about: string, name: string, files: readonly (readonly [string, string])[]): string {
  return [
    `/** ${about} */`,
    `export const ${name}: Readonly<Record<string, string>> = {`,
    ...files.map(([path, source]) => `'${path}': \`${escape(readFileSync(source, 'utf8'))}\`,`),
    '};',
    '',
  ].join('\n');
}

function escape(text: string): string {
  return text.replaceAll(/[\\`]|\$(?=\{)/gu, (character) => `\\${character}`);
}
