import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { BundledPackage } from './bundled-packages.ts';
import { bundledPackages } from './bundled-packages.ts';

/** The three files of the dashboard, as a browser is given them. */
export interface DashboardFiles {
  readonly html: string;
  readonly script: string;
  readonly style: string;
}

/**
 * @param source the directory of the dashboard's source
 * @returns the files, and what others wrote of them
 */
export async function buildDashboard(
  source: string,
): Promise<{ readonly files: DashboardFiles; readonly packages: readonly BundledPackage[] }> {
  const { outputFiles, metafile } = await build({
    metafile: true,
    absWorkingDir: source,
    entryPoints: { dashboard: 'main.tsx', style: 'style.css' },
    outdir: '.',
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    logLevel: 'warning',
  });
  const textOf = (ending: string): string => {
    const file = outputFiles.find(({ path }) => path.endsWith(ending));
    if (file === undefined) throw new Error(`the dashboard has no file that ends in ${ending}`);
    return file.text;
  };
  const html = await readFile(join(source, 'page.html'), 'utf8');
  return {
    files: { html, script: textOf('.js'), style: textOf('.css') },
    packages: bundledPackages(metafile, source),
  };
}
