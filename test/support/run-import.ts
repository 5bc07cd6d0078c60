/** An import into a site, and what came of it. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Site } from './site.ts';

export interface ImportDocument {
  readonly imported: readonly { id: number; name: string; file: string; outcome: string; error: string | null }[];
  readonly left: readonly { id: number; file: string; reason: string }[];
  readonly placeholders: readonly { variable: string; id: number; file: string; path: string; masked: boolean }[];
  readonly problems: readonly { code: string; file: string }[];
  readonly otherFiles: readonly { file: string; error: string | null }[];
  readonly summary: Readonly<Record<string, number>>;
}

/** Run `import`, and read what it says. */
export async function importJson(site: Site, ...args: readonly string[]): Promise<ImportDocument> {
  const { stdout } = await site.run('import', '--output', 'json', ...args);
  return JSON.parse(stdout) as ImportDocument;
}

export const read = (site: Site, path: string): string => readFileSync(join(site.directory, path), 'utf8');
export const filesOf = (site: Site): readonly string[] => readdirSync(join(site.directory, 'connectors')).sort();
