/** Live connectors as the documents of one file, which is never written anew at the cost of what it holds. */

import { describe, expect, test } from 'vitest';
import { filesOf, importJson, read } from '../support/run-import.ts';
import type { Site } from '../support/site.ts';
import { openSite, yaml } from '../support/site.ts';

test('--single-file makes one file of documents, and adds to it only with --overwrite', async () => {
  const site = await openSite();
  for (const name of ['Twin', 'Twin', 'Other']) {
    site.sandbox.add({ name, method: 'get', url: 'https://a.example' });
  }
  expect((await importJson(site, '--single-file')).summary).toMatchObject({ imported: 3 });
  expect(filesOf(site)).toEqual(['.connector.schema.json', 'connectors.yaml']);
  const text = read(site, 'connectors/connectors.yaml');
  expect(text.match(/ref: .*/gu)).toEqual(['ref: twin', 'ref: twin-2', 'ref: other']);
  expect(await site.run('plan', '--detailed-exitcode')).toMatchObject({ code: 0 });

  site.sandbox.add({ name: 'Later', method: 'get', url: 'https://a.example' });
  const refused = await site.run('import', '--single-file');
  expect(refused.code).toBe(1);
  expect(refused.stdout).toContain('connectors/connectors.yaml: it exists; --overwrite writes it anew "Later" (id 4)');
  expect(read(site, 'connectors/connectors.yaml')).toBe(text);
  expect((await importJson(site, '--single-file', '--overwrite')).summary).toMatchObject({ imported: 4, left: 0 });
  expect(read(site, 'connectors/connectors.yaml')).toContain('ref: later');
});

describe('--single-file --overwrite loses no definition of its file:', () => {
  const document = (name: string, more = ''): string => `${yaml(name, more)}sync:\n  ref: ${name.toLowerCase()}\n`;
  const one = document('One', 'id: 1\n');
  /** What would be lost, as the refusal tells it; nothing is written. */
  const lostBy = async (site: Site, ...args: readonly string[]): Promise<string | undefined> => {
    const text = read(site, 'connectors/connectors.yaml');
    site.sandbox.add({ name: 'Later', method: 'get', url: 'https://a.example' });
    const { code, stdout, stderr } = await site.run('import', '--single-file', '--overwrite', ...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(read(site, 'connectors/connectors.yaml')).toBe(text);
    expect(filesOf(site)).toEqual(['connectors.yaml']);
    return /^error: connectors\/connectors\.yaml is not written anew.* would be lost: (.*)\. Mend/u.exec(stderr)?.[1];
  };

  test('one that was not asked for', async () => {
    const site = await openSite({ files: { 'connectors.yaml': `${one}---\n${document('Two')}` } });
    for (const name of ['One', 'Two']) site.sandbox.add({ name, method: 'get', url: 'https://a.example' });
    expect(await lostBy(site, '--only', 'One', 'Later')).toBe('connectors#two (not asked for)');
  });

  test('one that is invalid, in itself or with its whole file', async () => {
    const broken = document('Two').replace('method: get', 'method: fetch');
    const site = await openSite({ files: { 'connectors.yaml': `${one}---\n${broken}` } });
    for (const name of ['One', 'Two']) site.sandbox.add({ name, method: 'get', url: 'https://a.example' });
    expect(await lostBy(site)).toBe('connectors#two (invalid)');
    site.write('connectors.yaml', `${one}---\n"`);
    expect(await lostBy(site)).toBe('connectors (invalid)');
  });

  test('one that is not created yet, or whose connector is gone', async () => {
    const gone = document('Gone', 'id: 77\n');
    const site = await openSite({ files: { 'connectors.yaml': `${one}---\n${document('New')}---\n${gone}` } });
    site.sandbox.add({ name: 'One', method: 'get', url: 'https://a.example' });
    const lost = 'connectors#gone (no connector of its own), connectors#new (no connector of its own)';
    expect(await lostBy(site, '--dry-run')).toBe(lost);
  });

  test('many, of which some are named', async () => {
    const many = Array.from({ length: 8 }, (_, index) => document(`N${index}`)).join('---\n');
    const site = await openSite({ files: { 'connectors.yaml': many } });
    const named = Array.from({ length: 5 }, (_, index) => `connectors#n${index} (no connector of its own)`).join(', ');
    expect(await lostBy(site)).toBe(`${named} and 3 more`);
  });

  test('those of other files are none of it', async () => {
    const files = { 'connectors.yaml': `${one}---\n${document('Two')}`, 'new.yaml': yaml('New'), 'bad.yaml': 'a: b\n' };
    const site = await openSite({ files });
    for (const name of ['One', 'Two', 'Later']) {
      site.sandbox.add({ name, method: 'get', url: 'https://api.example.com/' });
    }
    const { imported } = await importJson(site, '--single-file', '--overwrite');
    expect(imported.map(({ name }) => name)).toEqual(['One', 'Two', 'Later']);
  });
});

test('--single-file --overwrite leaves the file as it is when it says the same, in any order', async () => {
  const document = (name: string): string => `# mine\n${yaml(name)}sync:\n  ref: ${name.toLowerCase()}\n`;
  const text = `${document('Two')}---\n${document('One')}`;
  const site = await openSite({ files: { 'connectors.yaml': text } });
  for (const name of ['One', 'Two']) {
    site.sandbox.add({ name, method: 'get', url: `https://api.example.com/${name}` });
  }
  const { imported, left } = await importJson(site, '--single-file', '--overwrite');
  expect(imported).toEqual([]);
  expect(left.map(({ reason }) => reason)).toEqual(['the file says the same', 'the file says the same']);
  expect(read(site, 'connectors/connectors.yaml')).toBe(text);
});

test('--single-file is refused for more than one file may hold, before anything is written', async () => {
  const connectors = Array.from({ length: 1001 }, (_, index) => ({
    id: index + 1,
    name: `C${index}`,
    method: 'get',
    url: 'https://a.example',
  }));
  const site = await openSite({ connectors });
  const { code, stderr } = await site.run('import', '--single-file');
  expect(code).toBe(1);
  expect(stderr).toContain('one file cannot hold so many connectors');
  expect(filesOf(site)).toEqual([]);
});
