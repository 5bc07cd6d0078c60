/** What `init` writes: everything that a repository of definitions needs, each file with a word about itself. */

import { renderStarterConfig } from '../../config/render-options.ts';
import { definitionSchema } from '../../desired/definition-schema.ts';
import { mergeEnvExample, variablesNamedIn } from '../../import/env-example.ts';
import { VERSION } from '../version.ts';
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

const PRE_COMMIT = String.raw`# Checks definitions before each commit, once this was run: pre-commit install
# It needs databar-sync on the PATH, and neither the API key nor the values of placeholders.
repos:
  - repo: local
    hooks:
      - id: databar-sync-validate
        name: databar-sync validate
        entry: databar-sync validate connectors
        language: system
        files: ^connectors/.*\.(ya?ml|json)$
        pass_filenames: false
`;

const WORKFLOW = `# Checks definitions in each pull request; what is wrong is noted at its line. It needs neither the API key nor secrets.
name: connectors
on:
  pull_request:
  push:
    branches: [main]
permissions:
  contents: read
jobs:
  validate:
    runs-on: ubuntu-latest
    env:
      # The image, where you keep it.
      IMAGE: registry.example.com/databar-sync:${VERSION}
    steps:
      - uses: actions/checkout@v5
      - run: docker run --rm --read-only -v "$PWD:/work:ro" -w /work "$IMAGE" validate --output github connectors
`;

const ACTIVE_SETTINGS: ReadonlySet<string> = new Set(['source.dir', 'sync.policy', 'sync.drift']);

/** Sorted by path. */
export function starterFiles(): readonly StarterFile[] {
  const samples = Object.entries(SAMPLE_FILES);
  const variables = samples.flatMap(([, text]) => variablesNamedIn(text));
  return [
    { path: '.env.example', text: mergeEnvExample(null, variables) ?? '' },
    { path: '.github/workflows/connectors.yaml', text: WORKFLOW },
    { path: '.gitignore', text: GITIGNORE },
    { path: '.pre-commit-config.yaml', text: PRE_COMMIT },
    // There, the first lines of the samples lead to it.
    { path: 'config/connector.schema.json', text: `${JSON.stringify(definitionSchema, null, 2)}\n` },
    ...samples.map(([path, text]) => ({ path: `connectors/${path}`, text })),
    { path: 'databar-sync.yaml', text: renderStarterConfig(ACTIVE_SETTINGS) },
  ];
}
