/** The completions for bash, 3.2 and later; it needs no library of functions. */

import type { CommandDescription, ValueDescription } from './describe-program.ts';

export function bashScript(commands: readonly CommandDescription[]): string {
  const names = commands.map(({ name }) => name);
  const cases = commands.flatMap(({ name, flags, argument }) => [
    ...flags.flatMap(({ flag, value }) => (value.kind === 'none' ? [] : [`    ${name}:${flag}) ${offer(value)} ;;`])),
    `    ${name}:*) ${offer(
      argument,
      flags.map(({ flag }) => flag),
    )} ;;`,
  ]);
  return `# Completions of databar-sync for bash. To load them:  source <(databar-sync completion bash)
_databar_sync_words() {
  COMPREPLY=($(compgen -W "$1" -- "$current"))
}
_databar_sync_files() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -f -- "$current"))
  compopt -o filenames 2> /dev/null
}
_databar_sync() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command='' index
  # In --flag=value the equals sign is a word of its own.
  if [[ $current == = ]]; then
    current=''
  elif [[ $previous == = ]]; then
    previous="\${COMP_WORDS[COMP_CWORD-2]}"
  fi
  for ((index = 1; index < COMP_CWORD; index++)); do
    case "\${COMP_WORDS[index]}" in
      ${names.join('|')}) command="\${COMP_WORDS[index]}"; break ;;
    esac
  done
  COMPREPLY=()
  case "$command:$previous" in
    :*) _databar_sync_words '${[...names, 'help', '--help', '--version'].join(' ')}' ;;
${cases.join('\n')}
  esac
}
complete -F _databar_sync databar-sync
`;
}

/** @param flags offered when the word begins with a hyphen, or when there is nothing else to offer */
function offer(value: ValueDescription, flags: readonly string[] = []): string {
  const offerFlags = `_databar_sync_words '${[...flags, '--help'].filter(isFirst).join(' ')}'`;
  const offerValue = offerValueOnly(value);
  if (flags.length === 0) return offerValue ?? ':';
  return offerValue === null ? offerFlags : `if [[ $current == -* ]]; then ${offerFlags}; else ${offerValue}; fi`;
}

function offerValueOnly(value: ValueDescription): string | null {
  switch (value.kind) {
    case 'path':
      return '_databar_sync_files';
    case 'choice':
      return `_databar_sync_words '${value.choices.join(' ')}'`;
    case 'text':
    case 'none':
      return null;
  }
}

function isFirst(word: string, index: number, words: readonly string[]): boolean {
  return words.indexOf(word) === index;
}
