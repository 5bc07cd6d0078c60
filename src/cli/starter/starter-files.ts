/** What `init` writes: everything that a repository of definitions needs, each file with a word about itself. */

import { renderStarterConfig } from '../../config/render-options.ts';
import { definitionSchema } from '../../desired/definition-schema.ts';
import { mergeEnvExample, variablesNamedIn } from '../../import/env-example.ts';
import { CHECK_FILES } from './check-files.ts';
import { SAMPLE_FILES } from './sample-files.ts';

export interface StarterFile {
  /** Relative to the directory, with `/`. */
  readonly path: string;
  readonly text: string;
}

const GITIGNORE = `# What databar-sync remembers between passes, where it runs here.
.databar-sync/
# Values of secrets.
.env
`;

const ACTIVE_SETTINGS: ReadonlySet<string> = new Set(['source.dir', 'sync.policy', 'sync.drift']);

/** In no order. */
export function starterFiles(): readonly StarterFile[] {
  const samples = Object.entries(SAMPLE_FILES);
  const variables = samples.flatMap(([, text]) => variablesNamedIn(text));
  return [
    { path: '.env.example', text: mergeEnvExample(null, variables) ?? '' },
    ...Object.entries(CHECK_FILES).map(([path, text]) => ({ path, text })),
    { path: '.gitignore', text: GITIGNORE },
    // There, the first lines of the samples lead to it.
    { path: 'config/connector.schema.json', text: `${JSON.stringify(definitionSchema, null, 2)}\n` },
    ...samples.map(([path, text]) => ({ path: `connectors/${path}`, text })),
    { path: 'databar-sync.yaml', text: renderStarterConfig(ACTIVE_SETTINGS) },
  ];
}
