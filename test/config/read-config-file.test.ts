import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readConfigFile } from '../../src/config/read-config-file.ts';
import { formatSettingsProblem } from '../../src/config/settings-problem.ts';
import type { ConfigDirectory } from '../support/config-directory.ts';
import { makeConfigDirectory } from '../support/config-directory.ts';

let directory: ConfigDirectory;
beforeEach(() => {
  directory = makeConfigDirectory();
});
afterEach(() => {
  directory.remove();
});

/** The problems of a file with that text, their place without the path of the file. */
function problemsIn(text: string | Uint8Array): readonly string[] {
  const path = directory.write('settings.yaml', text);
  return readConfigFile(path).problems.map((problem) => formatSettingsProblem(problem).replace(`${path}:`, ''));
}

function textsIn(text: string): Readonly<Record<string, string>> {
  const { values, problems } = readConfigFile(directory.write('settings.yaml', text));
  expect(problems).toEqual([]);
  return Object.fromEntries(values.map((value) => [value.option.path, value.text]));
}

describe('a config file', () => {
  test('gives its values with their places', () => {
    const path = directory.write('settings.yaml', '# ours\nsync:\n  policy: sync\nlimits: { concurrency: 8 }\n');
    expect(readConfigFile(path).values).toMatchObject([
      { option: { path: 'sync.policy' }, source: `${path}:3:11`, text: 'sync' },
      { option: { path: 'limits.concurrency' }, source: `${path}:4:24`, text: '8' },
    ]);
  });

  test('may be empty, and so may its groups', () => {
    for (const text of ['', '# nothing\n', '---\n', 'sync:\nlimits: {}\nhttp: ~\n']) expect(textsIn(text)).toEqual({});
  });

  test('may begin with a byte order mark and end its lines as Windows does', () => {
    expect(textsIn('\uFEFFsync:\r\n  policy: sync\r\n')).toEqual({ 'sync.policy': 'sync' });
  });

  test('keeps the digits of a number as they were written', () => {
    expect(textsIn('api: { key: 001234567890123456789012345 }')).toEqual({ 'api.key': '001234567890123456789012345' });
    expect(textsIn('limits: { concurrency: 0x4 }')).toEqual({ 'limits.concurrency': '0x4' });
  });

  test('may say null where there is no plain default', () => {
    expect(textsIn('api: { key: null, keyFile: }\nlog:\n  format: ~\n')).toEqual({});
  });
});

describe('in a config file', () => {
  test.each([
    ['sync:\n  intervall: 5m', '2:3: unknown setting "sync.intervall". Did you mean sync.interval?'],
    ['snyc:\n  interval: 5m', '1:1: unknown setting "snyc". Did you mean sync?'],
    ['limit: {}', '1:1: unknown setting "limit". Did you mean limits?'],
    ['interval: 5m', '1:1: unknown setting "interval". Did you mean sync.interval?'],
    ['api: { interval: 5m }', '1:8: unknown setting "api.interval". Did you mean sync.interval?'],
    ['sync.interval: 5m', '1:1: unknown setting "sync.interval". Did you mean sync.interval?'],
    ['api: { __proto__: hunter2 }', '1:8: unknown setting "api.__proto__".'],
    ['constructor: hunter2', '1:1: unknown setting "constructor".'],
  ])('an unknown key of %j is told with the nearest name', (text, problem) => {
    expect(problemsIn(text)).toEqual([problem]);
  });

  test.each([
    ['- sync', '1:1: the config file is not a map. Expected groups of settings such as "sync:".'],
    ['hunter2', '1:1: the config file is not a map. Expected groups of settings such as "sync:".'],
    ['sync: [hunter2]', '1:7: the group sync is not a map. Expected its settings below it, indented.'],
    ['sync: hunter2', '1:7: the group sync is not a map. Expected its settings below it, indented.'],
    [
      'api: { key: [hunter2] }',
      '1:13: the value of api.key is not a single value. Expected one line of printable ASCII.',
    ],
    ['source:\n  dir: true', '2:8: the value of source.dir is true or false. Expected a path.'],
    ['source:\n  dir:', '2:7: the value of source.dir is missing. Expected a path.'],
    ['source: { dir }', '1:11: the value of source.dir is missing. Expected a path.'],
    ['? [a]\n: b', '1:3: a key is not a plain word.'],
    ['1: b', '1:1: a key is not a plain word.'],
    ['sync: {}\nsync: {}', '2:1: "sync" is there twice.'],
    ['api:\n  key: hunter2\n  key: hunter3', '3:3: "key" is there twice.'],
    [
      'source: { dir: &a hunter2 }\napi: { keyFile: *a }',
      '2:17: the value of api.keyFile is an alias; write the value itself. Expected a path.',
    ],
  ])('%j is refused at its place', (text, problem) => {
    expect(problemsIn(text)).toEqual([problem]);
  });

  test.each([
    ['api:\n  key: "hunter2'],
    ['api:\n  key: *hunter2'],
    ['api:\n  key: !hunter2 x'],
    ['api:\n  key: "\\qhunter2"'],
    ['api:\n  key: |hunter2\n    x'],
    ['api:\n  key: @hunter2'],
    ['api:\n key: a\n   hunter2: b\n'],
    ['api: {key: a}\n--- \nhunter2: b'],
    ['api: {key: hunter2'],
    ['<<: hunter2'],
    ['%YAML 9.9\n---\napi: {key: hunter2}'],
  ])('%j is an error that quotes nothing', (text) => {
    const problems = problemsIn(text);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.join()).not.toContain('hunter2');
    for (const problem of problems) expect(problem).toMatch(/^\d+:\d+: /);
  });

  test('one slip in YAML does not make a page of problems', () => {
    expect(problemsIn('['.repeat(60_000))).toHaveLength(5);
  });

  test('no YAML error ever quotes a value', () => {
    const value = fc.array(
      fc.constantFrom(
        'hunter2',
        '"',
        "'",
        '*',
        '&',
        '!',
        '|',
        '>',
        '%',
        '@',
        '`',
        '{',
        '[',
        ':',
        ' ',
        '\n',
        '\t',
        '-',
        '?',
        '#',
        ',',
      ),
    );
    fc.assert(
      fc.property(value, (parts) => {
        // What stands before a colon is a key; that it is quoted is known.
        const text = parts.join('').replaceAll(':', '');
        expect(
          problemsIn(`api:\n  key: ${text}`)
            .join('\n')
            .replaceAll(/unknown setting "[^"]*"/g, ''),
        ).not.toContain('hunter2');
      }),
    );
  });
});

describe('a config file that cannot be taken', () => {
  test('is told when it is absent', () => {
    const path = join(directory.path, 'absent.yaml');
    expect(readConfigFile(path).problems.map(formatSettingsProblem)).toEqual([
      `${path}: the config file does not exist.`,
    ]);
  });

  test('is told when it is a directory or a pipe, without waiting for a writer', () => {
    const pipe = join(directory.path, 'pipe');
    execFileSync('mkfifo', [pipe]);
    for (const path of [directory.path, pipe]) {
      expect(readConfigFile(path).problems).toMatchObject([{ message: 'the config file is not a regular file' }]);
    }
  });

  test('is told when it is too large or not UTF-8', () => {
    expect(problemsIn('#'.repeat(65_537))[0]).toContain('the config file is larger than 65536 bytes.');
    expect(problemsIn('#'.repeat(65_536))).toEqual([]);
    expect(problemsIn(Uint8Array.of(0x23, 0xff))[0]).toContain('the config file is not UTF-8.');
  });
});
