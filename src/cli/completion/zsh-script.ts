/** The completions for zsh. */

import type { CommandDescription, FlagDescription, ValueDescription } from './describe-program.ts';

export function zshScript(commands: readonly CommandDescription[]): string {
  const described = commands.map(({ name, about }) => `    ${quote(`${name}:${about.replaceAll(':', '\\:')}`)}`);
  const cases = commands.map(({ name, flags, argument }) => {
    const specs = [...flags.map(flagSpec), ...argumentSpec(argument)].map((spec) => `        ${quote(spec)}`);
    return `      ${name})\n        _arguments \\\n  ${specs.join(' \\\n  ')}\n        ;;`;
  });
  return `#compdef databar-sync
# Completions of databar-sync for zsh. To load them:  source <(databar-sync completion zsh)
# or keep this as a file named _databar-sync in a directory of $fpath.
_databar_sync() {
  local context state state_descr line
  typeset -A opt_args
  local -a commands=(
${described.join('\n')}
  )
  _arguments -C '--help[show help]' '--version[print the version]' '1:command:->command' '*::argument:->argument'
  case $state in
    command) _describe command commands ;;
    argument)
      case $words[1] in
${cases.join('\n')}
      esac
      ;;
  esac
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _databar_sync "$@"
else
  compdef _databar_sync databar-sync
fi
`;
}

function flagSpec({ flag, about, value }: FlagDescription): string {
  // With an equals sign, the value may follow it or stand apart.
  const spec = `${flag}${value.kind === 'none' ? '' : '='}[${about.replaceAll(/[[\]\\:]/gu, (character) => `\\${character}`)}]`;
  switch (value.kind) {
    case 'none':
      return spec;
    case 'path':
      return `${spec}:path:_files`;
    case 'choice':
      return `${spec}:choice:(${value.choices.join(' ')})`;
    case 'text':
      return `${spec}:${value.name}: `;
  }
}

function argumentSpec(value: ValueDescription): readonly string[] {
  switch (value.kind) {
    case 'path':
      return ['*:path:_files'];
    case 'choice':
      return [`1:value:(${value.choices.join(' ')})`];
    case 'text':
    case 'none':
      return [];
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
