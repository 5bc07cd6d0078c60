import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

/** The three files of the dashboard, as a browser is given them. */
export interface DashboardFiles {
  readonly html: string;
  readonly script: string;
  readonly style: string;
}

/** @param source the directory of the dashboard's source */
export async function buildDashboard(source: string): Promise<DashboardFiles> {
  const { outputFiles } = await build({
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
  return { html: await readFile(join(source, 'page.html'), 'utf8'), script: textOf('.js'), style: textOf('.css') };
}
