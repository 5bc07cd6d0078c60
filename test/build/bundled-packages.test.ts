import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, onTestFinished, test } from 'vitest';
import { bundledPackages } from '../../src/build/bundled-packages.ts';
import { thirdPartyLicenses } from '../../src/build/third-party-licenses.ts';

/** A project whose `main.js` is what is given, with packages as files by their path below node_modules. */
async function bundle(
  main: string,
  files: Readonly<Record<string, string>>,
): Promise<ReturnType<typeof bundledPackages>> {
  const directory = mkdtempSync(join(tmpdir(), 'databar-sync-build-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    const place = join(directory, 'node_modules', path);
    mkdirSync(join(place, '..'), { recursive: true });
    writeFileSync(place, text);
  }
  writeFileSync(join(directory, 'main.js'), main);
  const { metafile } = await build({
    absWorkingDir: directory,
    entryPoints: ['main.js'],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
  });
  return bundledPackages(metafile, directory);
}

const manifest = (name: string, version: string, more: object = { license: 'MIT' }): string =>
  JSON.stringify({ name, version, main: 'index.js', ...more });

test('a package is in the bundle when a byte of it is, scoped and nested ones included', async () => {
  const packages = await bundle(
    "import { a } from 'a'; import { unused } from 'shaken'; import '@s/b'; console.log(a);",
    {
      'a/package.json': manifest('a', '1.0.0'),
      'a/index.js': "import { c } from 'c'; export const a = c;",
      'a/node_modules/c/package.json': manifest('c', '2.0.0'),
      'a/node_modules/c/index.js': 'export const c = Math.random();',
      '@s/b/package.json': manifest('@s/b', '3.0.0'),
      '@s/b/index.js': 'console.log(3);',
      'shaken/package.json': manifest('shaken', '4.0.0', { license: 'MIT', sideEffects: false }),
      'shaken/index.js': 'export const unused = 4;',
      'absent/package.json': manifest('absent', '5.0.0'),
    },
  );
  expect(packages.map(({ name, version }) => `${name}@${version}`)).toEqual(['@s/b@3.0.0', 'a@1.0.0', 'c@2.0.0']);
});

test('a package that names no licence stops the build', async () => {
  const files = { 'a/package.json': manifest('a', '1.0.0', {}), 'a/index.js': 'console.log(1);' };
  await expect(bundle("import 'a';", files)).rejects.toThrow('does not say name, version and license');
});

test('a package without the text of its licence stops the build, and is named', async () => {
  const packages = await bundle("import 'a'; import 'b';", {
    'a/package.json': manifest('a', '1.0.0'),
    'a/index.js': 'console.log(1);',
    'b/package.json': manifest('b', '2.0.0'),
    'b/index.js': 'console.log(2);',
    'b/LICENSE.md': 'Do as you like.',
  });
  expect(() => thirdPartyLicenses(packages)).toThrow(/^no text of a licence comes with a@1\.0\.0$/u);
  expect(thirdPartyLicenses(packages.slice(1))).toContain('b@2.0.0 (MIT)\n');
});

test('every text that comes with a package is taken, notices included', async () => {
  const packages = await bundle("import 'a';", {
    'a/package.json': manifest('a', '1.0.0'),
    'a/index.js': 'console.log(1);',
    'a/LICENSE-MIT': 'first text',
    'a/NOTICE': 'second text',
    'a/licenses.js': 'no text',
  });
  const text = thirdPartyLicenses(packages);
  expect(text).toMatch(/first text[^]*second text/u);
  expect(text).not.toContain('no text');
});
