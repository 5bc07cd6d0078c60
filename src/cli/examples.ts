/** What `--help` teaches by example, for the program and for each command. */

const SETTINGS = 'Every setting has a flag, an environment variable and a place in --config; see docs/settings.md.';

export const EXAMPLES = {
  program: `
Examples:
  databar-sync run --sandbox                  try it: your definitions against an embedded imitation of the API
  databar-sync validate connectors            check definitions; needs no key and no network
  databar-sync plan                           what a sync would do
  databar-sync plan --out plan.json           the same, to be applied later by sync --plan plan.json
  databar-sync sync --dry-run                 one pass that writes nothing
  DATABAR_API_KEY_FILE=key databar-sync run   the daemon: commit YAML, the workspace follows

${SETTINGS}`,

  run: `
Examples:
  databar-sync run --sandbox
      serve an imitation of the API on 127.0.0.1:8701 and keep it equal to ./connectors
  DATABAR_API_KEY_FILE=/run/secrets/databar databar-sync run --dir /git/current/connectors
      the daemon against the real workspace
  databar-sync run --policy sync --drift report
      also delete what the files no longer define; tell of drift and leave it

Signals: SIGTERM and SIGINT finish what is in flight and stop, a second one breaks it off; SIGHUP asks for a pass now;
SIGUSR2 turns the log level from info to debug, warn, error, and back to info.`,

  notify: `
Examples:
  DATABAR_SYNC_NOTIFY_WEBHOOK_FILE=/run/secrets/webhook databar-sync notify --notify-format slack
      does the webhook of the daemon work? Its settings are those of run; see docs/notifications.md

The message says that it is a test. It needs no API key.`,

  sync: `
Examples:
  databar-sync sync                            one pass with the settings of the environment
  databar-sync sync connectors/crm             these files alone; nothing is deleted then
  databar-sync sync --plan plan.json           exactly what plan --out wrote, or nothing when something has moved
  databar-sync sync --output json | jq .summary
  databar-sync sync --policy sync --force      also delete, and lift the brakes that wait for a person

Exit codes: 0 all is well; 1 anything is invalid, blocked, failed or refused.`,

  plan: `
Examples:
  databar-sync plan
  databar-sync plan connectors/crm.yaml        for this file alone; also directories, and globs in quotes
  databar-sync plan --output markdown          for a comment on a pull request
  databar-sync plan --out plan.json            for sync --plan plan.json, once somebody has looked at it
  databar-sync plan --detailed-exitcode        0 nothing to do, 2 changes, 1 an error

A plan sends only GET, takes no lock, and runs beside the daemon.`,

  validate: `
Examples:
  databar-sync validate                        the source directory
  databar-sync validate connectors/crm.yaml 'connectors/**/*.json'
  git show HEAD:connectors/crm.yaml | databar-sync validate - --stdin-name connectors/crm.yaml
  databar-sync validate --strict               warnings, such as a secret in clear, are errors
  databar-sync validate --output github        annotations in GitHub Actions; also sarif, junit, json

Placeholders need no value here; one that is not set is a warning, also with --strict.`,

  status: `
Examples:
  databar-sync status                                the daemon on this machine, and every connector
  databar-sync status --state invalid,failing,blocked,drifted
  databar-sync status --watch                        a screen that follows what happens
  databar-sync status --url http://databar-sync.example:8700 --output json | jq .healthy

Healthy: the daemon moves, a pass succeeded within three intervals, and no connector is invalid, failing or blocked.`,

  import: `
Examples:
  databar-sync import                             every live connector into the source directory, a file each
  databar-sync import --dir crm --only 'CRM *' --exclude '*test*'
  databar-sync import --single-file               one file of several documents
  databar-sync import --dry-run --output json     what would be written

Connectors that files there define already are left alone, so that it can be run again. With --overwrite, what was changed
elsewhere is taken over; with --single-file too, it is refused when a definition in connectors.yaml would be lost. Secrets
become placeholders; their names are told at the end and written to .env.example.`,

  schema: `
Examples:
  databar-sync schema > connector.schema.json
  # first line of a definition, for VS Code and JetBrains editors:
  # yaml-language-server: $schema=./connector.schema.json`,

  explain: `
Examples:
  databar-sync explain                         all fields of a definition
  databar-sync explain sync.ignore             one of them; /headers/0/value and headers[0].value do too
  databar-sync explain placeholder_unset       a problem, the reason of a blocked change, or an event of the log`,

  init: `
Examples:
  databar-sync init my-connectors
  git init my-connectors && databar-sync init my-connectors

It asks nothing, and writes nothing where anything but hidden files lies already.`,

  completion: `
Examples:
  source <(databar-sync completion bash)       now; put the line into ~/.bashrc for good
  source <(databar-sync completion zsh)        the same for ~/.zshrc, after compinit
  databar-sync completion fish > ~/.config/fish/completions/databar-sync.fish`,

  sandbox: `
Examples:
  databar-sync sandbox                                   any API key is good
  databar-sync sandbox --max-rate-limit 10               a plan that clamps rate_limit
  databar-sync sandbox --fault update:503x3 --fault list:429@30
      three failing updates; one list that asks to wait 30 s
  curl -X PATCH http://127.0.0.1:8701/_sandbox/connectors/1 -H 'content-type: application/json' -d '{"method":"post"}'
      edit a connector behind the daemon's back

It listens on loopback, keeps everything in memory, and forgets it at the end.`,
} as const;
