/** What a thread that parses runs: small, so that it starts at once, and text, so that it travels in the one file. */

import { build } from 'esbuild';
import { builtinModules } from './builtin-modules.ts';
import type { BundledPackage } from './bundled-packages.ts';
import { bundledPackages } from './bundled-packages.ts';
import { libraryBuilds } from './library-builds.ts';

/**
 * @param root the directory of the project
 * @returns a script for `new Worker(code, { eval: true })`, and what others wrote of it
 */
export async function buildParseThread(
  root: string,
): Promise<{ readonly code: string; readonly packages: readonly BundledPackage[] }> {
  const { outputFiles, metafile } = await build({
    metafile: true,
    absWorkingDir: root,
    entryPoints: ['src/desired/parse-thread.ts'],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    legalComments: 'none',
    logLevel: 'warning',
    plugins: [builtinModules],
    alias: { ...libraryBuilds },
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error('the thread that parses was not built');
  return { code: file.text, packages: bundledPackages(metafile, root) };
}
