/** Every definition that docs/definitions.md shows is what the page says it is. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { definitionFields } from '../../src/desired/definition-fields.ts';
import { REPOSITORY_ROOT } from '../support/generated-files.ts';
import { loadTexts, loaderOptions, problemsOf } from '../support/load-texts.ts';
import { codeBlocks } from '../support/read-markdown.ts';
import { openSite, yaml } from '../support/site.ts';

const page = readFileSync(join(REPOSITORY_ROOT, 'docs/definitions.md'), 'utf8');
const examples = codeBlocks(page, 'yaml');
const wrong = examples.filter((example) => example.startsWith('# Wrong: '));
const right = examples.filter((example) => !wrong.includes(example));

const load = (text: string): ReturnType<typeof loadTexts> =>
  loadTexts({ 'example.yaml': text }, { ...loaderOptions({}, 'optional'), doubts: 'warnings' });

test.each(right.map((example) => [/^name: (.*)$/mu.exec(example)?.[1], example]))('"%s" is valid', (_, example) => {
  const desired = load(example ?? '');
  expect(desired.connectors.length).toBeGreaterThan(0);
  // What has no value on this machine is all there is to say.
  expect(problemsOf(desired).filter(({ code }) => code !== 'placeholder_unset')).toEqual([]);
  expect(desired.warnings.filter(({ code }) => code !== 'placeholder_unset')).toEqual([]);
});

test.each(wrong.map((example) => [/^# Wrong: (\w+)$/mu.exec(example)?.[1], example]))(
  'what it calls wrong is told as %s',
  (code, example) => {
    const desired = load(example ?? '');
    expect(desired.connectors).toEqual([]);
    expect(problemsOf(desired).map((problem) => problem.code)).toContain(code);
  },
);

test('there are examples of both kinds', () => {
  expect([right.length, wrong.length]).toEqual([7, 3]);
});

test('the tables speak of every field', () => {
  const tabled = [...page.matchAll(/^\| `([a-z_.]+)` +\| [^|]+\| [^|]+\| [^|]+\|$/gmu)].map(([, name]) => name);
  expect(tabled).toEqual(definitionFields().map(({ path }) => path));
});

interface Renaming {
  readonly change: string;
  readonly before?: string;
  readonly after: Readonly<Record<string, string | null>>;
  readonly live: readonly string[];
}

/** Of the table "what you may rename", its rows with their outcomes. `a.yaml` is bound to connector 1. */
const RENAMINGS: readonly Renaming[] = [
  { change: 'the `name`, in the same file', after: { 'a.yaml': yaml('New') }, live: ['1 New'] },
  {
    change: 'the path of the file, and not the name',
    after: { 'a.yaml': null, 'b.yaml': yaml('Old') },
    live: ['1 Old'],
  },
  {
    change: 'both in one commit, without an `id`',
    after: { 'a.yaml': null, 'b.yaml': yaml('New') },
    live: ['1 Old', '2 New'],
  },
  {
    change: 'both in one commit, with an `id`',
    before: yaml('Old', 'id: 1\n'),
    after: { 'a.yaml': null, 'b.yaml': yaml('New', 'id: 1\n') },
    live: ['1 New'],
  },
  {
    change: 'the `sync.ref` of a document',
    before: yaml('Old', 'sync: {ref: eu}\n'),
    after: { 'a.yaml': yaml('Old', 'sync: {ref: us}\n') },
    live: ['1 Old'],
  },
  { change: 'you remove the file', after: { 'a.yaml': null, 'z.yaml': yaml('Z') }, live: ['1 Old', '2 Z'] },
];

test.each(RENAMINGS)('renaming: $change', async ({ change, before = yaml('Old'), after, live }) => {
  expect(page).toContain(`| ${change} `);
  const site = await openSite();
  site.sandbox.add({ name: 'Old', method: 'get', url: 'https://api.example.com/Old' });
  site.write('a.yaml', before);
  expect((await site.run('sync')).code).toBe(0);
  for (const [path, text] of Object.entries(after)) {
    if (text === null) site.remove(path);
    else site.write(path, text);
  }
  expect((await site.run('sync')).code).toBe(0);
  expect(site.sandbox.connectors().map(({ id, name }) => `${id} ${name}`)).toEqual(live);
});

test('renaming: two files swap their paths', async () => {
  expect(page).toContain('| two files swap their paths ');
  const site = await openSite({ files: { 'a.yaml': yaml('A'), 'b.yaml': yaml('B') } });
  expect((await site.run('sync')).code).toBe(0);
  const before = site.sandbox.connectors();
  site.write('a.yaml', yaml('B'));
  site.write('b.yaml', yaml('A'));
  expect((await site.run('sync')).code).toBe(0);
  expect(site.sandbox.connectors()).toEqual(before);
});

test('renaming: you copy a file', async () => {
  expect(page).toContain('(`duplicate_name`)');
  const site = await openSite({ files: { 'a.yaml': yaml('A'), 'b.yaml': yaml('A') } });
  const { code, stdout } = await site.run('validate');
  expect([code, stdout.match(/error \w+/gu)]).toEqual([1, ['error duplicate_name', 'error duplicate_name']]);
});
