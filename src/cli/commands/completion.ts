/** `databar-sync completion`: a script with which a shell completes commands, flags and their values. */

import type { Command } from 'commander';
import { bashScript } from '../completion/bash-script.ts';
import { describeProgram } from '../completion/describe-program.ts';
import { fishScript } from '../completion/fish-script.ts';
import type { Shell } from '../completion/shells.ts';
import { zshScript } from '../completion/zsh-script.ts';
import type { Terminal } from '../terminal.ts';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

export async function completionCommand({ stdout }: Terminal, shell: Shell, program: Command): Promise<number> {
  await stdout.print(SCRIPTS[shell](describeProgram(program)));
  return 0;
}
