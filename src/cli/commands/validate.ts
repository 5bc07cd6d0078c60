/** `databar-sync validate`: check definitions without key or network. */

import { createDesiredLoader } from '../../desired/load-desired.ts';
import type { SourceTree } from '../../model/source.ts';
import type { ProblemFormat } from '../../report/render-problems/problem-formats.ts';
import { renderProblems } from '../../report/render-problems/render-problems.ts';
import type { CommonOptions } from '../common-options.ts';
import { gatherDefinitions } from '../gather-definitions.ts';
import { prepare } from '../prepare.ts';
import { quotableLine } from '../../report/quotable-line.ts';
import type { Terminal } from '../terminal.ts';
import { VERSION } from '../version.ts';

export interface ValidateOptions extends CommonOptions {
  /** Files, directories, globs, and `-` for standard input; empty for the source directory. */
  readonly paths: readonly string[];
  /** What standard input is called in messages. */
  readonly stdinName: string;
  readonly output: ProblemFormat;
  /** Doubts are errors. */
  readonly strict: boolean;
  /** Tell errors alone, and nothing when there are none. */
  readonly quiet: boolean;
}

/** @returns 0 when every definition is valid, else 1 */
export async function validateCommand(terminal: Terminal, options: ValidateOptions): Promise<number> {
  const { settings } = prepare(terminal, options, 'stderr');
  const { envPrefix, dir: secretsDir } = settings.secrets;
  const paths = options.paths.length > 0 ? options.paths : [settings.source.dir];
  const loader = createDesiredLoader({
    placeholders: {
      environment: terminal.environment,
      envPrefix,
      secretsDir,
      onValue: (value) => terminal.scrubber.learn(value, 'placeholder'),
    },
    values: 'optional',
    doubts: options.strict ? 'errors' : 'warnings',
  });
  const { files, problems: unreadable } = await gatherDefinitions(terminal, paths, options.stdinName, loader.begin());
  const tree: SourceTree = { status: 'ok', files, problems: unreadable, revision: null };
  const desired = loader.load(tree, () => false);
  const found = [...desired.invalid.flatMap((definition) => definition.problems), ...desired.warnings];
  const problems = options.quiet ? found.filter(({ severity }) => severity === 'error') : found;
  if (options.quiet && options.output === 'text' && problems.length === 0) return 0;
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
