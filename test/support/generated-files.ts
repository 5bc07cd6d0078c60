/** Every file that is made from the source. `npm run generate` writes them; a test fails when one is stale. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { renderDefaultConfig, renderSettingsPage } from '../../src/config/render-options.ts';
import { definitionSchema } from '../../src/desired/definition-schema.ts';
import { renderMessageExample } from './message-example.ts';
import { renderEventsPage } from './render-events-page.ts';
import { renderFieldNotes, renderFieldTable } from './render-field-reference.ts';
import { renderMetricsPage } from './render-metrics-page.ts';
import { renderCheckFiles, renderSampleFiles } from './render-sample-files.ts';
import { renderTroubleshootingPage } from './render-troubleshooting-page.ts';
import { replaceGeneratedPart } from './replace-generated-part.ts';

export interface GeneratedFile {
  /** Relative to the root of the repository, with `/`. */
  readonly path: string;
  /** What the file should hold, formatted. */
  readonly content: string;
}

/** The root of the repository. */
export const REPOSITORY_ROOT = join(import.meta.dirname, '..', '..');

/**
 * The generated files as they should be. Where only a part of a file is generated, the rest is as it is on disk.
 */
export async function generatedFiles(): Promise<readonly GeneratedFile[]> {
  const files: readonly GeneratedFile[] = [
    { path: 'config/default.yaml', content: renderDefaultConfig() },
    { path: 'config/connector.schema.json', content: JSON.stringify(definitionSchema, null, 2) },
    { path: 'docs/settings.md', content: renderSettingsPage() },
    { path: 'docs/events.md', content: renderEventsPage() },
    { path: 'docs/metrics.md', content: renderMetricsPage() },
    ...withGeneratedParts('docs/notifications.md', { message: renderMessageExample() }),
    ...withGeneratedParts('docs/definitions.md', { fields: renderFieldTable(), notes: renderFieldNotes() }),
    { path: 'src/cli/starter/sample-files.ts', content: renderSampleFiles() },
    { path: 'src/cli/starter/check-files.ts', content: renderCheckFiles() },
    { path: 'docs/troubleshooting.md', content: renderTroubleshootingPage() },
  ];
  return Promise.all(files.map(formatted));
}

/** A file with its generated parts renewed; nothing when it does not exist. */
function withGeneratedParts(path: string, parts: Readonly<Record<string, string>>): readonly GeneratedFile[] {
  const location = join(REPOSITORY_ROOT, path);
  if (!existsSync(location)) return [];
  let content = readFileSync(location, 'utf8');
  for (const [name, part] of Object.entries(parts)) content = replaceGeneratedPart(content, name, part);
  return [{ path, content }];
}

async function formatted({ path, content }: GeneratedFile): Promise<GeneratedFile> {
  const location = join(REPOSITORY_ROOT, path);
  const options = await resolveConfig(location);
  return { path, content: await format(content, { ...options, filepath: location }) };
}
