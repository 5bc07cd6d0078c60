/** Documentation made from the declarations: `docs/settings.md` and `config/default.yaml`. */

import { describeAccepted, describeDefault } from './describe-option.ts';
import type { Option } from './option.ts';
import { OPTIONS } from './options.ts';

/** A Markdown table with a row for each setting. */
export function renderOptionTable(): string {
  const rows = OPTIONS.map((option: Option) =>
    [
      code(option.path),
      option.env === null ? '' : code(option.env),
      option.flag === null ? '' : code(option.flag),
      option.default === null ? describeDefault(option) : code(describeDefault(option)),
      `${option.description} Accepts ${describeAccepted(option)}.`,
    ].map((cell) => cell.replaceAll('|', '\\|')),
  );
  const head = [['Setting', 'Environment', 'Flag', 'Default', 'Meaning'], Array<string>(5).fill('---')];
  return [...head, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** The page `docs/settings.md`. */
export function renderSettingsPage(): string {
  return `<!-- Generated from src/config/options.ts by "npm run generate". -->

# Settings

A setting can be given in four places. Each overrides those before it: the default, the file that \`--config\` names,
the environment, a flag.

${renderOptionTable()}

## How values are written

- A duration is a whole number with a unit: \`250ms\`, \`30s\`, \`5m\`, \`1h\`.
- A rate is a number of requests in a second or a minute: \`10/s\`, \`300/m\`. \`off\` means no limit.
- A list has commas between its parts: \`drift,brake\`. In the config file it may be a list of YAML, too.
- A path is relative to the working directory, also in the config file.
- \`true\` and \`false\` may be written \`1\` and \`0\`. The flag of such a setting takes no value.
- White space around a value is dropped. An environment variable that is empty counts as unset.

## The config file

It is YAML 1.2, of at most 64 KiB: one map for each group, and in it the settings of that group.
[config/default.yaml](../config/default.yaml) holds all of them with their defaults.

\`\`\`yaml
sync:
  policy: sync
  interval: 5m
limits:
  rate: 300/m
\`\`\`

## What is refused

Whatever is wrong is told at once, with the place where it was given and the nearest right name; nothing starts before
it is mended. Values of secrets are never shown.

- An unknown setting in the config file, an unknown flag, a value that does not do: also where another place overrides
  it. An unknown environment variable that begins with \`DATABAR_SYNC_\` is only a warning.
- A key and a key file together, also from different places. The same holds for the trigger token, for the webhook, and
  for the key that signs messages.
- A plain http base URL, unless it is loopback or \`api.allowHttp\` is set; a plain http webhook in the same way, with
  \`notify.allowHttp\`.
- A \`secrets.envPrefix\` or a \`secrets.dir\` through which definitions could read databar-sync's own secrets, by whatever
  link or second name. The config file counts as one, whatever is in it.
- A \`secrets.envPrefix\` that begins with \`DATABAR_SYNC_\` or \`DATABAR_API_KEY\`: definitions may read no such variable.
- A \`retry.baseDelay\` above \`retry.maxDelay\`.
`;
}

/** The file `config/default.yaml`. Loading it changes nothing. */
export function renderDefaultConfig(): string {
  const sections = renderDefaultSections().map(({ group, settings }) => `${group}:\n${settings.join('\n')}`);
  return `# Every setting of databar-sync with its default. Generated from src/config/options.ts by "npm run generate".
#
# Use it as a start for your own file: databar-sync run --config my.yaml
# Environment variables override what a config file says, and flags override both.

${sections.join('\n\n')}
`;
}

/**
 * A config file to begin with: all settings, switched off but for those that people look for first. A switched-off line
 * begins with `#` and no space.
 */
export function renderStarterConfig(active: ReadonlySet<string>): string {
  const sections = renderDefaultSections().map(({ group, settings }) => {
    const isActive = (name: string): boolean => active.has(`${group}.${name}`);
    const lines = settings
      .flatMap((setting) => setting.split('\n'))
      .map((line) => {
        const name = /^  (\w+):/u.exec(line)?.[1];
        return name === undefined || isActive(name) ? line : line.replace('  ', '  #');
      });
    const isNeeded = [...active].some((path) => groupOf(path) === group);
    return `${isNeeded ? '' : '#'}${group}:\n${lines.join('\n')}`;
  });
  return `# Settings of databar-sync. Use them with --config, as in: databar-sync run --config databar-sync.yaml
#
# A line that begins with # and no space is a setting that is switched off, with its default: remove the #, also that of
# its group. Environment variables override what stands here, and flags override both. Secrets have no place here.

${sections.join('\n\n')}
`;
}

function renderDefaultSections(): readonly { readonly group: string; readonly settings: readonly string[] }[] {
  const groups = [...new Set(OPTIONS.map(({ path }) => groupOf(path)))];
  return groups.map((group) => ({
    group,
    settings: OPTIONS.filter(({ path }) => groupOf(path) === group).map(renderSetting),
  }));
}

function renderSetting(option: Option): string {
  const elsewhere = [
    option.env === null ? [] : [`Environment: ${option.env}.`],
    option.flag === null ? [] : [`Flag: ${option.flag}.`],
  ].flat();
  const comments = [option.description, `Accepts ${describeAccepted(option)}.`, elsewhere.join(' ')];
  // A default that depends on where we run cannot be written out; null leaves it as it is.
  const depends = option.type === 'enum' && option.terminalDefault !== undefined;
  const value = depends ? `null # ${describeDefault(option)}` : String(option.default);
  const name = option.path.slice(option.path.indexOf('.') + 1);
  return [...comments.map((comment) => `  # ${comment}`), `  ${name}: ${value}`].join('\n');
}

function groupOf(path: string): string {
  return path.slice(0, path.indexOf('.'));
}

function code(text: string): string {
  return `\`${text}\``;
}
