/** `databar-sync init`: a starter folder. It asks nothing and never overwrites. */

import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { writeConnector } from '../../source/write-connector.ts';
import type { StarterFile } from '../starter/starter-files.ts';
import { starterFiles } from '../starter/starter-files.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { listSome } from '../../model/list-some.ts';

/** @throws UsageError when the directory holds anything that is not hidden, or cannot be written to */
export async function initCommand({ stdout, cwd }: Terminal, directory: string): Promise<number> {
  const root = resolve(cwd, directory);
  const files = starterFiles();
  refuseUnlessEmpty(root, directory, files);
  for (const { path, text } of files) {
    const result = writeConnector(root, path, text, { overwrite: false });
    if (result.status === 'refused') throw new UsageError(`${path} was not written: it ${result.reason}`);
  }
  await stdout.print(renderNextSteps(directory, files));
  return 0;
}

/** Hidden files of others, such as those of git, may be there; ours may not. */
function refuseUnlessEmpty(root: string, shown: string, files: readonly StarterFile[]): void {
  const ours = new Set(files.map(({ path }) => path.split('/')[0]));
  const inTheWay = entriesOf(root, shown).filter((name) => !name.startsWith('.') || ours.has(name));
  if (inTheWay.length === 0) return;
  throw new UsageError(
    `${shown} is not empty: ${listSome(inTheWay, 3)}; name another directory, as in: databar-sync init my-connectors`,
  );
}

function entriesOf(root: string, shown: string): readonly string[] {
  try {
    return readdirSync(root).sort();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT') return [];
    throw new UsageError(`${shown} cannot be used as a directory (${String(code)})`);
  }
}

function renderNextSteps(directory: string, files: readonly StarterFile[]): string {
  return `wrote ${files.length} files into ${directory}. Next, in it:
  databar-sync run --sandbox               try the samples against an imitation of the API; no key is needed
  edit connectors/lead-score.yaml          and see the change in the log; databar-sync explain tells of every field
  rm -r connectors/*                       when you have seen enough of the samples
  DATABAR_API_KEY=... databar-sync import  the connectors of your workspace as files; then commit them
  databar-sync plan, and then run          what would change; then the daemon (see also databar-sync.yaml)
`;
}
