/** The samples of connectors/ as a module, which the program carries in its one file for `init`. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SAMPLES = join(import.meta.dirname, '..', '..', 'connectors');

/** TypeScript; texts are template literals, so that a difference can be read. */
export function renderSampleFiles(): string {
  const paths = readdirSync(SAMPLES, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.(?:yaml|json)$/u.test(path))
    .sort();
  const entries = paths.map((path) => `'${path}': \`${escape(readFileSync(join(SAMPLES, path), 'utf8'))}\`,`);
  return [
    '/** The definitions in connectors/, by path. Made from them by "npm run generate". */',
    'export const SAMPLE_FILES: Readonly<Record<string, string>> = {',
    ...entries,
    '};',
    '',
  ].join('\n');
}

function escape(text: string): string {
  return text.replaceAll(/[\\`]|\$(?=\{)/gu, (character) => `\\${character}`);
}
