/** A Dockerfile taken apart, as far as tests ask: stages, and in each its instructions with their text. */

export interface Instruction {
  /** In capitals: `COPY`. */
  readonly name: string;
  /** What follows it, continued lines joined. */
  readonly text: string;
}

export interface Stage {
  readonly from: string;
  readonly instructions: readonly Instruction[];
}

export function readDockerfile(text: string): readonly Stage[] {
  const lines = text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .replaceAll(/\\\n\s*/gu, '')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const stages: { from: string; instructions: Instruction[] }[] = [];
  for (const line of lines) {
    const [, name = '', rest = ''] = /^(\w+)\s+(.*)$/u.exec(line) ?? [];
    if (name === 'FROM') stages.push({ from: rest, instructions: [] });
    else stages.at(-1)?.instructions.push({ name, text: rest });
  }
  return stages;
}

/** The texts of all instructions of one name, in order. */
export function instructionsOf(stage: Stage | undefined, name: string): readonly string[] {
  return stage?.instructions.filter((instruction) => instruction.name === name).map(({ text }) => text) ?? [];
}
