/** The licences of what others wrote and we hand on: most ask that their text goes along. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BundledPackage } from './bundled-packages.ts';
import { idOf } from './bundled-packages.ts';

const LICENSE_FILE = /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/iu;
const RULE = '='.repeat(80);

/** @throws Error naming every package that has no text of a licence */
export function thirdPartyLicenses(packages: readonly BundledPackage[]): string {
  const texts = packages.map((each) => ({ each, files: licenseFiles(each.directory) }));
  const without = texts.filter(({ files }) => files.length === 0).map(({ each }) => idOf(each));
  if (without.length > 0) throw new Error(`no text of a licence comes with ${without.join(', ')}`);
  const parts = texts.map(
    ({ each, files }) => `${RULE}\n${idOf(each)} (${each.license})\n${RULE}\n\n${files.join('\n')}`,
  );
  return [`databar-sync holds code of these packages.\n`, ...parts].join('\n');
}

function licenseFiles(directory: string): readonly string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isFile() && LICENSE_FILE.test(entry.name))
    .map(({ name }) => `${readFileSync(join(directory, name), 'utf8').trim()}\n`);
}
