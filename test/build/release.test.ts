/** What goes along with the bundle, and what the bundle may be made of. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { REPOSITORY_ROOT } from '../support/generated-files.ts';
import { plainAscii } from '../../src/build/plain-ascii.ts';
import { BUNDLE } from '../support/site.ts';

const read = (path: string): string => readFileSync(join(REPOSITORY_ROOT, path), 'utf8');

interface LockedPackage {
  readonly version: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
}
const lock = JSON.parse(read('package-lock.json')) as { packages: Readonly<Record<string, LockedPackage>> };
const locked = Object.entries(lock.packages).filter(([path]) => path !== '');

/** Packages whose code the bundle says it holds: the bundler writes the path of each file above it. */
const inBundle = [
  ...new Set(
    [...readFileSync(BUNDLE, 'utf8').matchAll(/^(?: *)\/\/ (?:\S*\/)?node_modules\/((?:@[^/\n]+\/)?[^/\n]+)\//gmu)].map(
      ([, name = '']) => name,
    ),
  ),
];
/** The dashboard and the compiled schemas are bundled apart and without such marks. */
const handedOn = [...inBundle, 'preact', 'ajv'].sort();

describe('what goes along with the bundle', () => {
  test('the bundle tells of its parts', () => {
    expect(inBundle).toEqual(expect.arrayContaining(['undici', 'yaml', 'pino', '@hono/node-server']));
  });

  test('the licence of every package in it, each with a text', () => {
    const licenses = read('dist/THIRD-PARTY-LICENSES.txt');
    expect(readFileSync(BUNDLE, 'utf8').endsWith(plainAscii(`\n/*\n${licenses}*/\n`))).toBe(true);
    const parts = licenses.split(/^={80}$/mu);
    const named = parts.filter((_, index) => index % 2 === 1).map((title) => title.trim());
    expect(named.map((title) => title.replace(/@[^@]*$/u, '')).sort()).toEqual(handedOn);
    const texts = parts.filter((_, index) => index > 0 && index % 2 === 0);
    for (const text of texts) expect(text.length).toBeGreaterThan(500);
    // Nothing that asks for the source of the whole to be given away.
    for (const title of named) expect(title).toMatch(/ \((?:MIT|ISC|BSD-2-Clause|BSD-3-Clause|Apache-2\.0|0BSD)\)$/u);
  });

  test('a bill of materials in CycloneDX, with every package in it, its hash and nothing else', () => {
    const bill = JSON.parse(read('dist/databar-sync.cdx.json')) as {
      bomFormat: string;
      metadata: { component: { name: string; version: string } };
      components: { name: string; version: string; purl: string; hashes: { alg: string; content: string }[] }[];
      dependencies: { ref: string; dependsOn: string[] }[];
    };
    expect(bill.bomFormat).toBe('CycloneDX');
    expect(bill.metadata.component).toMatchObject({ name: 'databar-sync', version: manifest.version });
    expect(bill.components.map(({ name }) => name).sort()).toEqual(handedOn);
    for (const { name, version, purl, hashes } of bill.components) {
      expect(purl).toBe(`pkg:npm/${name.replace('@', '%40')}@${version}`);
      const [hash] = hashes;
      // One that is there in several versions may lie below the package that needs it.
      const [, found] =
        locked.find(([path, one]) => path.endsWith(`node_modules/${name}`) && one.version === version) ?? [];
      const { integrity = '' } = found ?? {};
      expect(`sha512-${Buffer.from(hash?.content ?? '', 'hex').toString('base64')}`).toBe(integrity);
    }
    const refs = new Set(bill.dependencies.map(({ ref }) => ref));
    expect(bill.dependencies.flatMap(({ dependsOn }) => dependsOn).filter((ref) => !refs.has(ref))).toEqual([]);
  });
});

describe('what is installed', () => {
  test('is locked by the hash of its content, whoever serves it', () => {
    expect(
      locked.filter(([, { integrity }]) => !(integrity ?? '').startsWith('sha512-')).map(([path]) => path),
    ).toEqual([]);
    expect(locked.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([]);
  });

  test('at run time brings no script that runs when it is installed', () => {
    const runtime = locked.filter(([, { dev = false }]) => !dev);
    expect(runtime.length).toBeGreaterThan(20);
    expect(runtime.filter(([, { hasInstallScript = false }]) => hasInstallScript).map(([path]) => path)).toEqual([]);
  });

  test('for development runs scripts only where package.json allows it', () => {
    const scripted = locked
      .filter(([, { hasInstallScript = false }]) => hasInstallScript)
      .map(([path]) => path.replace(/^.*node_modules\//u, ''));
    const decided = new Set(Object.keys(manifest.allowScripts));
    expect(scripted.filter((name) => !decided.has(name) && name !== 'fsevents')).toEqual([]);
  });

  test('at run time is each listed with its reason in the newest record, exactly and by version', () => {
    const rows = [
      ...read('docs/decisions/2026-11-26-supply-chain.md').matchAll(
        /^\| `?([@\w/.-]+)`? +\| (\d+\.\d+\.\d+) +\| (.+?) +\|/gmu,
      ),
    ];
    expect(Object.fromEntries(rows.map(([, name = '', version = '']) => [name, version]))).toEqual(
      manifest.dependencies,
    );
    for (const [, , , reason = ''] of rows) expect(reason.length).toBeGreaterThan(10);
  });
});
