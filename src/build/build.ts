/**
 * `npm run build`: makes `dist/databar-sync.mjs`, the one file that is released, on the way what it holds as text, and at its
 * end and beside it the licences of what it is made of. With `--release` (`npm run build:release`) the bill of materials as well.
 */

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { readEnvironment } from '../config/environment.ts';
import { billOfMaterials } from './bill-of-materials.ts';
import { bundledPackages, sortPackages } from './bundled-packages.ts';
import { thirdPartyLicenses } from './third-party-licenses.ts';
import { withoutHttp2 } from './without-http2.ts';
import { builtinModules } from './builtin-modules.ts';
import { buildDashboard } from './build-dashboard.ts';
import { compileSchemas } from './compile-schemas.ts';
import { libraryBuilds } from './library-builds.ts';
import { plainAscii } from './plain-ascii.ts';
import { readCommit } from './read-commit.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DIST = join(ROOT, 'dist');

/** Some libraries are CommonJS and ask for Node's modules by `require`. */
const REQUIRE = "const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);";

await mkdir(DIST, { recursive: true });
const dashboard = await buildDashboard(join(ROOT, 'src', 'dashboard'));
const schemas = await compileSchemas();
// What the names with a # stand for (`imports` in package.json): found here by the bundler, and by the program when it runs
// from its source.
await writeFile(join(DIST, 'dashboard.mjs'), `export const dashboard = ${JSON.stringify(dashboard.files)};\n`);
await writeFile(join(DIST, 'compiled-schemas.mjs'), schemas.text);
const { metafile } = await build({
  metafile: true,
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
  plugins: [builtinModules, withoutHttp2],
  alias: { ...libraryBuilds },
  // What src/cli/version.ts asks for.
  define: { BUILD_COMMIT: JSON.stringify(readCommit(ROOT, readEnvironment())) },
});

const packages = sortPackages([...bundledPackages(metafile, ROOT), ...dashboard.packages, ...schemas.packages]);
const licenses = thirdPartyLicenses(packages);
await writeFile(join(DIST, 'THIRD-PARTY-LICENSES.txt'), licenses);
// In the file itself as well, which may travel alone.
const bundle = join(DIST, 'databar-sync.mjs');
const program = await readFile(bundle, 'utf8');
await writeFile(bundle, plainAscii(`${program}\n/*\n${licenses.replaceAll('*/', '* /')}*/\n`));
if (process.argv.includes('--release')) {
  await writeFile(join(DIST, 'databar-sync.cdx.json'), billOfMaterials(ROOT, packages));
}
