/** `validate` in the hands of authors and of CI: paths, globs, standard input, doubts. */

import { spawnSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BUNDLE, openSite, yaml } from '../support/site.ts';

const BAD = yaml('Bad').replace('get', 'fetch');
const DOUBTFUL = yaml('Doubtful').replace('https', 'http');

describe('what is judged', () => {
  test.each([
    ['the source directory by default', [], '3 files, 3 definitions: 2 valid, 1 invalid', 1],
    ['a file', ['connectors/a.yaml'], '1 file, 1 definition: 1 valid, 0 invalid', 0],
    ['a directory', ['connectors/team'], '1 file, 1 definition: 1 valid, 0 invalid', 0],
    ['a glob that the shell left alone', ['connectors/**/*.yaml'], '2 files, 2 definitions: 2 valid, 0 invalid', 0],
    [
      'a glob over directories, without what is no definition',
      ['connectors/*'],
      '2 files, 2 definitions: 1 valid, 1 invalid',
      1,
    ],
    ['what is named twice, once', ['connectors', 'connectors/a.yaml'], '3 files, 3 definitions: 2 valid, 1 invalid', 1],
  ])('is %s', async (_, paths, summary, code) => {
    const site = await openSite({
      files: { 'a.yaml': yaml('A'), 'bad.yml': BAD, 'team/c.yaml': yaml('C'), 'README.md': 'x', '.hidden.yaml': BAD },
    });
    const result = await site.run('validate', ...paths);
    expect(result.stdout.trimEnd().split('\n').at(-1)).toBe(summary);
    expect(result).toMatchObject({ code, stderr: '' });
  });

  test('is a file alone, whatever lies around it', async () => {
    const site = await openSite({ files: { 'a.yaml': yaml('A') } });
    symlinkSync('/', join(site.directory, 'root'));
    writeFileSync(join(site.directory, 'bad.yaml'), BAD);
    writeFileSync(join(site.directory, 'good.yaml'), yaml('Good'));
    expect(await site.run('validate', 'good.yaml')).toMatchObject({ code: 0, stderr: '' });
  });

  test('is standard input, under the name that it is given', () => {
    const validate = (input: string, ...flags: readonly string[]) =>
      spawnSync(process.execPath, [BUNDLE, 'validate', '-', ...flags], { input, encoding: 'utf8', env: {} });
    expect(validate(yaml('A'))).toMatchObject({ status: 0, stdout: '1 file, 1 definition: 1 valid, 0 invalid\n' });
    const bad = validate(BAD, '--stdin-name', 'connectors/bad.yaml');
    expect(bad.status).toBe(1);
    expect(bad.stdout).toMatch(/^connectors\/bad\.yaml:2:9: error not_allowed/u);
    expect(validate('').stdout).toMatch(/^stdin\.yaml:1:1: error empty_document/u);
    expect(validate('#'.repeat(1024 * 1024 + 1)).stdout).toContain('file_too_large');
  });

  test.each([
    ['nowhere.yaml', 'nowhere.yaml does not exist'],
    ['none/*.yaml', 'matches no definition file'],
    ['connectors/README.md', 'is not a definition file'],
  ])('is not %s', async (path, words) => {
    const site = await openSite({ files: { 'README.md': 'x' } });
    const refused = await site.run('validate', path);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain(words);
  });
});

describe('doubts', () => {
  test('are warnings, and errors where that is asked for', async () => {
    const site = await openSite({ files: { 'a.yaml': yaml('A'), 'b.yaml': DOUBTFUL } });
    const mild = await site.run('validate');
    expect(mild.code).toBe(0);
    expect(mild.stdout).toContain('connectors/b.yaml:3:6: warning insecure_url');
    expect(mild.stdout).toContain('2 valid, 0 invalid, 1 warning\n');
    const strict = await site.run('validate', '--strict');
    expect(strict.code).toBe(1);
    expect(strict.stdout).toContain('connectors/b.yaml:3:6: error insecure_url');
    expect(strict.stdout).toContain('1 valid, 1 invalid\n');
  });

  test('are in every format', async () => {
    const site = await openSite({ files: { 'b.yaml': DOUBTFUL } });
    for (const format of ['json', 'github', 'sarif', 'junit']) {
      expect((await site.run('validate', '--output', format)).stdout).toContain('insecure_url');
    }
  });

  test('keep nobody from syncing, and are no matter of the log', async () => {
    const site = await openSite({ files: { 'b.yaml': DOUBTFUL } });
    const sync = await site.run('sync', '--log-level', 'debug');
    expect(sync.code).toBe(0);
    expect(sync.stderr).not.toContain('insecure');
  });
});

test('--quiet tells errors alone, and nothing when there are none', async () => {
  const site = await openSite({ files: { 'a.yaml': yaml('A'), 'b.yaml': DOUBTFUL } });
  expect(await site.run('validate', '--quiet')).toMatchObject({ code: 0, stdout: '', stderr: '' });
  site.write('bad.yaml', BAD);
  const bad = await site.run('validate', '--quiet');
  expect(bad.code).toBe(1);
  expect(bad.stdout).toContain('not_allowed');
  expect(bad.stdout).not.toContain('insecure_url');
});

test('two runs over the same files print the same, sorted by file and place', async () => {
  const files = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`d${at % 7}/${at}.yaml`, `${BAD}nope: 1\n`]));
  const site = await openSite({ files });
  const [first, second] = [await site.run('validate'), await site.run('validate')];
  expect(first.stdout).toBe(second.stdout);
  const places = [...first.stdout.matchAll(/^(\S+):(\d+):\d+: error/gmu)].map(([, file, line]) => `${file}:${line}`);
  expect(places).toEqual([...places].sort());
  expect(first.stdout).toMatch(/\n\d+ problems: 50 duplicate_name, 50 not_allowed, 50 unknown_field\n/u);
});
