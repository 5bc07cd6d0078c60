/** What checks definitions, by path. Made from deploy/ci/ by "npm run generate". */
export const CHECK_FILES: Readonly<Record<string, string>> = {
  '.github/workflows/connectors.yaml': `# Checks definitions in each pull request, also from forks: it needs neither the API key nor any other secret.
# What is wrong is noted at its line. Put this file at .github/workflows/connectors.yaml.
name: connectors
on:
  pull_request:
  push:
    branches: [main]
permissions:
  contents: read
env:
  # The program is one file, which \`npm run build\` makes in a checkout of databar-sync. Put it where your runners can
  # fetch it, and write its address and \`sha256sum dist/databar-sync.mjs\` here: another file is refused.
  DATABAR_SYNC_URL: https://artifacts.example.com/databar-sync-0.1.0.mjs
  DATABAR_SYNC_SHA256: '0000000000000000000000000000000000000000000000000000000000000000'
jobs:
  validate:
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0
        with:
          persist-credentials: false
      - uses: actions/setup-node@a0853c24544627f65ddf259abe73b1d18a591444 # v5.0.0
        with:
          node-version: 24
      - name: Fetch databar-sync
        run: |
          curl --fail --silent --show-error --location --output "$RUNNER_TEMP/databar-sync.mjs" "$DATABAR_SYNC_URL"
          echo "$DATABAR_SYNC_SHA256  $RUNNER_TEMP/databar-sync.mjs" | sha256sum --check
      - name: Validate
        run: node "$RUNNER_TEMP/databar-sync.mjs" validate --output github connectors
`,
  '.pre-commit-config.yaml': `# Checks definitions before each commit, once this was run: pre-commit install
# It needs databar-sync on the PATH, and neither the API key nor the values of placeholders.
repos:
  - repo: local
    hooks:
      - id: databar-sync-validate
        name: databar-sync validate
        entry: databar-sync validate connectors
        language: system
        files: ^connectors/.*\\.(ya?ml|json)$
        pass_filenames: false
`,
};
