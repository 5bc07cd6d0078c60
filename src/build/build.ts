/** `npm run build`: makes `dist/databar-sync.mjs`, the one file that is released, and on the way the dashboard in it. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildDashboard } from './build-dashboard.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DIST = join(ROOT, 'dist');

/** Some libraries are CommonJS and ask for Node's modules by `require`. */
const REQUIRE =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

await mkdir(DIST, { recursive: true });
const dashboard = await buildDashboard(join(ROOT, 'src', 'dashboard'));
// What `#dashboard` stands for (package.json): found here by the bundler, and by the program when it runs from its source.
await writeFile(join(DIST, 'dashboard.mjs'), `export const dashboard = ${JSON.stringify(dashboard)};\n`);
await build({
  absWorkingDir: ROOT,
  entryPoints: ['src/cli/main.ts'],
  outfile: 'dist/databar-sync.mjs',
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  legalComments: 'none',
  logLevel: 'warning',
  banner: { js: REQUIRE },
});
