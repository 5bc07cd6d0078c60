/** `databar-sync validate`: check definitions without key or network. */

import { stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { createDesiredLoader } from '../../desired/load-desired.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile, SourceTree } from '../../model/source.ts';
import type { ProblemFormat } from '../../report/render-problems/problem-formats.ts';
import { renderProblems } from '../../report/render-problems/render-problems.ts';
import { readConnectors } from '../../source/read-connectors.ts';
import type { CommonOptions } from '../common-options.ts';
import { parserOf } from '../parse-files.ts';
import { prepare } from '../prepare.ts';
import { quotableLine } from '../../report/quotable-line.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { VERSION } from '../version.ts';

export interface ValidateOptions extends CommonOptions {
  /** Files and directories; empty for the source directory. */
  readonly paths: readonly string[];
  readonly output: ProblemFormat;
}

/** @returns 0 when every definition is valid, else 1 */
export async function validateCommand(terminal: Terminal, options: ValidateOptions): Promise<number> {
  const { settings } = prepare(terminal, options, 'stderr');
  const { envPrefix, dir: secretsDir } = settings.secrets;
  const paths = options.paths.length > 0 ? options.paths : [settings.source.dir];
  const { files, problems: unreadable } = await gather(terminal.cwd, paths);

  const loader = createDesiredLoader({
    placeholders: { environment: terminal.environment, envPrefix, secretsDir },
    values: 'optional',
    parseFiles: parserOf(terminal),
  });
  const tree: SourceTree = { status: 'ok', files, problems: unreadable, revision: null };
  await loader.parseAhead(tree);
  const desired = loader.load(tree, () => false);
  const problems = [...desired.invalid.flatMap((definition) => definition.problems), ...desired.warnings];
  const troubled = new Set(problems.map(({ file }) => file));
  const lines = new Map(
    files
      .filter(({ path }) => troubled.has(path))
      .map(({ path, bytes }) => [path, bytes.toString('utf8').split(/\r\n|\n|\r/u)]),
  );

  await terminal.stdout.print(
    renderProblems(
      options.output,
      {
        files: desired.files,
        definitions: desired.connectors.length + desired.invalid.length,
        invalid: desired.invalid.length,
        problems,
      },
      {
        colour: terminal.stdout.colour,
        version: VERSION,
        sourceLine: (problem) => {
          const line = lines.get(problem.file)?.[problem.line - 1];
          return line === undefined ? null : quotableLine(line, problem);
        },
      },
    ),
  );
  return desired.invalid.length > 0 ? 1 : 0;
}

/** Files of all paths, each named as seen from the working directory; a file named twice counts once. */
async function gather(
  cwd: string,
  paths: readonly string[],
): Promise<{ readonly files: readonly SourceFile[]; readonly problems: readonly Problem[] }> {
  const files = new Map<string, SourceFile>();
  const problems = new Map<string, Problem>();
  for (const path of paths) {
    const isDirectory = await isDirectoryAt(resolve(cwd, path));
    const directory = isDirectory ? path : dirname(path);
    const reading = await readConnectors(resolve(cwd, directory));
    if (reading.status !== 'ok') throw new UsageError(reading.message);
    const wanted = (name: string): boolean => isDirectory || name === basename(path);
    const shown = (name: string): string => relative(cwd, resolve(cwd, join(directory, name))).replaceAll('\\', '/');
    const found = reading.files.filter((file) => wanted(file.path));
    const bad = reading.problems.filter((problem) => wanted(problem.file));
    if (!isDirectory && found.length + bad.length === 0) {
      throw new UsageError(
        `${path} is not a definition file: expected a visible name that ends in .yaml, .yml or .json`,
      );
    }
    for (const file of found) files.set(shown(file.path), { path: shown(file.path), bytes: file.bytes });
    for (const problem of bad) problems.set(shown(problem.file), { ...problem, file: shown(problem.file) });
  }
  return { files: [...files.values()], problems: [...problems.values()] };
}

async function isDirectoryAt(path: string): Promise<boolean> {
  try {
    const stats = await stat(path);
    return stats.isDirectory();
  } catch {
    throw new UsageError(`${relative('', path) || path} does not exist, or may not be read`);
  }
}
