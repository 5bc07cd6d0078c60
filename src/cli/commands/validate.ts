/** `databar-sync validate`: check definitions without key or network. */

import { stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { createDesiredLoader } from '../../desired/load-desired.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../model/source.ts';
import type { ProblemFormat } from '../../report/render-problems/render-problems.ts';
import { renderProblems } from '../../report/render-problems/render-problems.ts';
import { readConnectors } from '../../source/read-connectors.ts';
import type { CommonOptions } from '../common-options.ts';
import { prepare } from '../prepare.ts';
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
  });
  const desired = loader.load({ status: 'ok', files, problems: unreadable, revision: null }, () => false);
  const problems = [...desired.invalid.flatMap((definition) => definition.problems), ...desired.warnings];
  const texts = new Map(files.map(({ path, bytes }) => [path, bytes]));

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
        sourceLine: (file, line) => quotableLine(texts.get(file), line, problems, file),
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

/** A line of a file for a code frame; null where it may bear a secret, or there is no such line. */
function quotableLine(
  bytes: Buffer | undefined,
  line: number,
  problems: readonly Problem[],
  file: string,
): string | null {
  if (
    bytes === undefined ||
    problems.some((problem) => problem.file === file && problem.line === line && bearsSecret(problem))
  ) {
    return null;
  }
  return bytes.toString('utf8').split(/\r?\n/u)[line - 1] ?? null;
}

/** Header values, and whatever holds or should hold a placeholder. */
function bearsSecret({ path, code }: Problem): boolean {
  return code.startsWith('placeholder_') || /^\/(?:headers|parameters|body)\/\d+\/value$/u.test(path);
}
