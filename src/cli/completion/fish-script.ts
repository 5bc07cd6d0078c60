/** The completions for fish. */

import type { CommandDescription, ValueDescription } from './describe-program.ts';

export function fishScript(commands: readonly CommandDescription[]): string {
  const lines = commands.flatMap(({ name, about, flags, argument }) => {
    const within = `complete -c databar-sync -n '__fish_seen_subcommand_from ${name}'`;
    return [
      `complete -c databar-sync -n __fish_use_subcommand -a ${name} -d ${quote(about)}`,
      ...argumentOf(argument).map((offer) => `${within} ${offer}`),
      ...flags.map(({ flag, about, value }) => `${within} -l ${flag.slice(2)}${valueOf(value)} -d ${quote(about)}`),
    ];
  });
  return `# Completions of databar-sync for fish. To load them:  databar-sync completion fish | source
complete -c databar-sync -f
complete -c databar-sync -n __fish_use_subcommand -l version -d 'print the version'
${lines.join('\n')}
`;
}

function valueOf(value: ValueDescription): string {
  switch (value.kind) {
    case 'none':
      return '';
    case 'path':
      return ' -r -F';
    case 'choice':
      return ` -x -a ${quote(value.choices.join(' '))}`;
    case 'text':
      return ' -x';
  }
}

function argumentOf(value: ValueDescription): readonly string[] {
  switch (value.kind) {
    case 'path':
      return ['-F'];
    case 'choice':
      return [`-a ${quote(value.choices.join(' '))}`];
    case 'text':
    case 'none':
      return [];
  }
}

function quote(text: string): string {
  return `'${text.replaceAll(/[\\']/gu, (character) => `\\${character}`)}'`;
}
