/** The scripts are run in real shells, where those are installed; bash is everywhere that these tests run. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bashScript } from '../../src/cli/completion/bash-script.ts';
import type { CommandDescription } from '../../src/cli/completion/describe-program.ts';
import { createProgram } from '../../src/cli/program.ts';
import { createSecretScrubber } from '../../src/report/secret-scrubber.ts';

const isInstalled = (shell: string): boolean => spawnSync(shell, ['-c', 'exit 0']).status === 0;

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'databar-sync-completion-'));
  mkdirSync(join(directory, 'connectors'));
  writeFileSync(join(directory, 'config file.yaml'), '');
});
afterAll(() => rmSync(directory, { recursive: true }));

async function scriptFor(shell: string): Promise<string> {
  let text = '';
  const output = {
    isTerminal: false,
    colour: false,
    size: () => null,
    write: () => undefined,
    print: async (part: string) => void (text += part),
    ended: new AbortController().signal,
  };
  const program = createProgram({
    environment: {},
    cwd: directory,
    stdout: output,
    stderr: output,
    process,
    scrubber: createSecretScrubber(),
  });
  expect(await program.run(['completion', shell])).toBe(0);
  return text;
}

/** What bash offers for the last of these words, when the cursor is at its end. */
function complete(script: string, ...words: readonly string[]): readonly string[] {
  const quoted = ['databar-sync', ...words].map((word) => `'${word}'`).join(' ');
  const call = `COMP_WORDS=(${quoted}); COMP_CWORD=${words.length}; _databar_sync; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, status } = spawnSync('bash', ['--norc', '-c', `${script}\n${call}`], {
    cwd: directory,
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout.split('\n').filter((line) => line !== '');
}

describe('in bash', () => {
  let script: string;
  beforeAll(async () => {
    script = await scriptFor('bash');
  });

  test.each([
    ['a command', ['va'], ['validate']],
    ['every command', [''], ['run', 'sync', 'plan', 'validate', 'import', 'explain', 'init', 'completion', '--help']],
    ['a flag', ['sync', '--pol'], ['--policy']],
    ['a flag where the command takes a path', ['validate', '--out'], ['--output']],
    ['the values of a setting', ['run', '--policy', 'u'], ['update-only', 'upsert-only']],
    ['a value after an equals sign', ['run', '--drift', '=', 'h'], ['heal']],
    ['all values after an equals sign', ['run', '--drift', '='], ['heal', 'report']],
    ['an output format', ['validate', '--output', 's'], ['sarif']],
    ['a path', ['plan', '--dir', 'conn'], ['connectors']],
    ['a path with a space', ['plan', '--config', 'conf'], ['config file.yaml']],
    ['the path of an argument', ['validate', 'conn'], ['connectors']],
    ['a field', ['explain', 'headers.'], ['headers.name', 'headers.value']],
    ['a code', ['explain', 'mass'], ['mass_delete']],
    ['a shell', ['completion', ''], ['bash', 'zsh', 'fish']],
    ['a flag after another one', ['import', '--dir', 'connectors', '--sing'], ['--single-file']],
  ])('%s is completed', (_, words, offered) => {
    expect(complete(script, ...words)).toEqual(expect.arrayContaining(offered));
  });

  test.each([
    ['what is no beginning of anything', ['zzz']],
    ['a value that may be anything', ['run', '--interval', '']],
    ['a flag of another command', ['plan', '--single']],
  ])('nothing is offered for %s', (_, words) => {
    expect(complete(script, ...words)).toEqual([]);
  });

  test('it is registered for the program', () => {
    const { stdout } = spawnSync('bash', ['--norc', '-c', `${script}\ncomplete -p databar-sync`], { encoding: 'utf8' });
    expect(stdout).toBe('complete -F _databar_sync databar-sync\n');
  });
});

describe.each(['zsh', 'fish'])('%s', (shell) => {
  test.skipIf(!isInstalled(shell))('can read its script', async () => {
    const { status, stderr } = spawnSync(shell, ['-n', '-c', await scriptFor(shell)], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  test('is told of every command, and of the values of flags', async () => {
    const script = await scriptFor(shell);
    for (const command of ['run', 'sync', 'plan', 'validate', 'import', 'schema', 'explain', 'init', 'sandbox']) {
      expect(script).toContain(command);
    }
    expect(script).toMatch(/policy.*create-only update-only upsert-only sync/u);
  });

  test('is given texts whose quotes all close', async () => {
    const script = await scriptFor(shell);
    const lines = script.split('\n').filter((line) => !line.startsWith('#') && !line.includes('"$@"'));
    const open = lines.filter((line) => (line.replaceAll(/\\['\\]|'\\''/gu, '').split("'").length - 1) % 2 === 1);
    expect(open).toEqual([]);
  });
});

test('a command without flags and arguments is completed too', () => {
  const commands: readonly CommandDescription[] = [{ name: 'alone', about: '', flags: [], argument: { kind: 'none' } }];
  expect(complete(bashScript(commands), 'alone', '')).toEqual([]);
});
