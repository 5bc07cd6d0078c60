import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { DesiredLoaderOptions } from '../../src/desired/load-desired.ts';
import { createDesiredLoader } from '../../src/desired/load-desired.ts';
import { inShort, loaderOptions, loadTexts, problemsOf, sourceTree } from '../support/load-texts.ts';

let root: string;
let secretsDir: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'secrets-'));
  secretsDir = join(root, 'secrets');
  mkdirSync(secretsDir);
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

const ENVIRONMENT = {
  CONNECTOR_TOKEN: 't0ken-value',
  CONNECTOR_EMPTY: '',
  CONNECTOR_PATTERN: "$$ $& $` $' $1 ${env:CONNECTOR_TOKEN} {{ jinja }}",
  DATABAR_API_KEY: 'own-key-value',
  DATABAR_SYNC_TRIGGER_TOKEN: 'own-token-value',
  HOME: '/home/somebody',
};

function options(values: DesiredLoaderOptions['values'] = 'required'): DesiredLoaderOptions {
  return { placeholders: { environment: ENVIRONMENT, envPrefix: 'CONNECTOR_', secretsDir }, values };
}

/** A definition whose only parameter has this value, written so that YAML changes nothing in it. */
function definition(value: string): string {
  return `name: A\nmethod: get\nurl: https://a.example\nparameters:\n  - name: p\n    value: ${JSON.stringify(value)}\n`;
}

function resolve(value: string, using = options()): string {
  const { connectors, invalid } = loadTexts({ 'a.yaml': definition(value) }, using);
  expect(invalid).toEqual([]);
  return connectors[0]?.config.parameters[0]?.value ?? '';
}

function refuse(value: string, using = options()): readonly string[] {
  const desired = loadTexts({ 'a.yaml': definition(value) }, using);
  expect(desired.connectors).toEqual([]);
  return problemsOf(desired).map(({ code, message, hint }) => `${code} ${message} ${hint ?? ''}`);
}

describe('a placeholder that is written with escapes', () => {
  const withValue = (value: string): string => definition('').replace('value: ""', `value: ${value}`);

  test.each([
    ['"\\u0024{env:CONNECTOR_TOKEN}"', 't0ken-value'],
    ['"\\x24{env:CONNECTOR_TOKEN}"', 't0ken-value'],
    ['"$\\u007benv:CONNECTOR_TOKEN}"', 't0ken-value'],
    ['"a $\\\n      {env:CONNECTOR_TOKEN}"', 'a t0ken-value'],
    ['"$\\x24{env:CONNECTOR_TOKEN}"', '${env:CONNECTOR_TOKEN}'],
  ])('%s resolves', (value, resolved) => {
    const { connectors, invalid } = loadTexts({ 'a.yaml': withValue(value) }, options());
    expect(invalid).toEqual([]);
    expect(connectors[0]?.config.parameters[0]?.value).toBe(resolved);
  });

  test.each(['"\\x24{foo:bar}"', '"\\x24{env:CONNECTOR_TOKEN"', '"\\x24{env:CONNECTOR_UNSET}"'])(
    '%s is refused',
    (value) => {
      const desired = loadTexts({ 'a.yaml': withValue(value) }, options());
      expect(desired.connectors).toEqual([]);
      expect(problemsOf(desired)).toHaveLength(1);
    },
  );
});

describe('a text resolves', () => {
  test.each([
    ['a variable', '${env:CONNECTOR_TOKEN}', 't0ken-value'],
    ['a variable among words', 'Bearer ${env:CONNECTOR_TOKEN}!', 'Bearer t0ken-value!'],
    ['two in a row', '${env:CONNECTOR_TOKEN}${env:CONNECTOR_TOKEN}', 't0ken-valuet0ken-value'],
    ['a variable that is set but empty', 'a${env:CONNECTOR_EMPTY}b', 'ab'],
    [
      'patterns of replacement strings, and no placeholder within a value',
      '${env:CONNECTOR_PATTERN}',
      ENVIRONMENT.CONNECTOR_PATTERN,
    ],
    ['an escape', '$${env:CONNECTOR_TOKEN}', '${env:CONNECTOR_TOKEN}'],
    ['an escape before a placeholder', '$${${env:CONNECTOR_TOKEN}', '${t0ken-value'],
    ['two escapes', '$${$${', '${${'],
    ['a dollar before an escape', '$$${a}', '$${a}'],
    ['dollars that open nothing', '$ $$ $a {b} }', '$ $$ $a {b} }'],
    ['Jinja', '{{ a }} {% if b %}{# c #}{% endif %}', '{{ a }} {% if b %}{# c #}{% endif %}'],
  ])('%s', (_, written, resolved) => {
    expect(resolve(written)).toBe(resolved);
  });
});

describe('a definition is refused for', () => {
  test.each([
    ['an unset variable', '${env:CONNECTOR_UNSET}', /^placeholder_unset \$\{env:CONNECTOR_UNSET\} is not set\./],
    ['a variable without the prefix', '${env:HOME}', /^placeholder_forbidden .*HOME.* begin with CONNECTOR_/],
    ['a variable in another case', '${env:connector_token}', /^placeholder_forbidden/],
    ['the key of the daemon', '${env:DATABAR_API_KEY}', /^placeholder_forbidden/],
    ['a property every object has', '${env:CONNECTOR___proto__}', /^placeholder_unset/],
    ['a default', '${env:CONNECTOR_UNSET:-p4ssword}', /^placeholder_syntax(?!.*p4ssword)/],
    ['spaces', '${env: CONNECTOR_TOKEN }', /^placeholder_syntax/],
    ['no name', '${env:}', /^placeholder_syntax/],
    ['an unknown kind', '${vault:p4ssword}', /^placeholder_unknown .*"vault"(?!.*p4ssword)/],
    ['a kind in upper case', '${ENV:CONNECTOR_TOKEN}', /^placeholder_unknown .*"\$\{env:CONNECTOR_TOKEN\}"/],
    ['spaces around the kind', '${ env : CONNECTOR_TOKEN }', /^placeholder_unknown .*"\$\{env:CONNECTOR_TOKEN\}"/],
    ['a variable without its kind', '${CONNECTOR_TOKEN}', /^placeholder_unknown .*"\$\{env:CONNECTOR_TOKEN\}"/],
    ['no kind', '${p4ssword}', /^placeholder_unknown (?!.*p4ssword).*\$\$\{/],
    ['a value in place of a name', '${P4SSWORD_OF_MINE}', /^placeholder_unknown (?!.*P4SSWORD).*\$\$\{/],
    ['a text in place of a name', '${correct_horse_battery}', /^placeholder_unknown (?!.*horse).*\$\$\{/],
    ['nothing', '${}', /^placeholder_unknown/],
    ['one that is never closed', 'a ${env:CONNECTOR_TOKEN', /^placeholder_syntax .*not closed/],
    ['one that is closed on another line', '${env:CONNECTOR_TOKEN\n}', /^placeholder_syntax .*not closed/],
    ['one within another', '${env:${env:CONNECTOR_TOKEN}}', /^placeholder_syntax .*not closed/],
    ['a secret that does not exist', '${secret:absent}', /^placeholder_unset \$\{secret:absent\}.*does not exist/],
    ['a secret one directory up', '${secret:../key}', /^placeholder_forbidden/],
    ['a secret below a directory', '${secret:sub/key}', /^placeholder_forbidden/],
    ['a secret by its whole path', '${secret:/etc/hostname}', /^placeholder_forbidden/],
    ['a secret with a backslash', '${secret:..\\key}', /^placeholder_forbidden/],
    ['a hidden secret', '${secret:.hidden}', /^placeholder_forbidden/],
    ['the directory itself', '${secret:.}', /^placeholder_forbidden/],
    ['a secret without a name', '${secret:}', /^placeholder_forbidden/],
    ['a secret with a NUL or a space', '${secret:a b}', /^placeholder_forbidden/],
  ])('%s', (_, written, problem) => {
    writeFileSync(join(root, 'key'), 'outside');
    mkdirSync(join(secretsDir, 'sub'));
    writeFileSync(join(secretsDir, 'sub', 'key'), 'below');
    writeFileSync(join(secretsDir, '.hidden'), 'hidden');
    const found = refuse(written);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(problem);
  });

  test("the daemon's own variables, even when the prefix lets everything through", () => {
    const open = { ...options(), placeholders: { environment: ENVIRONMENT, envPrefix: '', secretsDir: null } };
    expect(resolve('${env:HOME}', open)).toBe('/home/somebody');
    for (const name of ['DATABAR_API_KEY', 'DATABAR_SYNC_TRIGGER_TOKEN']) {
      expect(refuse(`\${env:${name}}`, open)[0]).toMatch(/^placeholder_forbidden .*belongs to databar-sync itself/);
    }
    expect(refuse('${env:constructor}', open)[0]).toMatch(/^placeholder_unset/);
  });

  test('a secret when there is no secrets directory', () => {
    expect(refuse('${secret:a}', loaderOptions())[0]).toMatch(
      /^placeholder_unset .*no secrets directory.*secrets\.dir/,
    );
  });

  test('each of several placeholders, once, at the text that holds it', () => {
    const text = `${definition('${env:CONNECTOR_A} ${env:CONNECTOR_B} ${env:CONNECTOR_A}')}body_template: \${x}\n`;
    expect(problemsOf(loadTexts({ 'a.yaml': text }, options())).map(inShort)).toEqual([
      'placeholder_unset 6:12 /parameters/0/value',
      'placeholder_unset 6:12 /parameters/0/value',
      'placeholder_unknown 7:16 /body_template',
    ]);
  });

  test('more placeholders than any definition needs', () => {
    expect(refuse('${env:CONNECTOR_EMPTY}'.repeat(101))).toEqual([
      expect.stringContaining('more than 100 placeholders'),
    ]);
  });

  test('values that would make it very large', () => {
    writeFileSync(join(secretsDir, 'large'), 'x'.repeat(64 * 1024));
    expect(resolve('${secret:large}')).toHaveLength(64 * 1024);
    expect(refuse('${secret:large}'.repeat(17))[0]).toMatch(/^too_long/);
  });
});

test('names of fields, ids and sync are never resolved', () => {
  const text = definition('')
    .replace('name: p', '"${env:CONNECTOR_TOKEN}": p')
    .concat('id: "${env:CONNECTOR_TOKEN}"\n');
  const codes = problemsOf(loadTexts({ 'a.yaml': text }, options())).map(({ code, path }) => `${code} ${path}`);
  expect(codes).toContain('unknown_field /parameters/0/${env:CONNECTOR_TOKEN}');
  expect(codes).toContain('wrong_type /id');
});

test('the places of resolved placeholders are remembered, those of escapes are not', () => {
  const text = definition('$${a}').concat(
    'headers: [{name: "X-${env:CONNECTOR_TOKEN}", value: "${env:CONNECTOR_EMPTY}"}]\n',
  );
  const { connectors } = loadTexts({ 'a.yaml': text }, options());
  expect(connectors[0]?.secretPaths).toEqual(['/headers/0/name', '/headers/0/value']);
});

describe('a secret file', () => {
  test.each([
    ['without a newline', 'value', 'value'],
    ['with one newline', 'value\n', 'value'],
    ['with a newline of Windows', 'value\r\n', 'value'],
    ['with two newlines, of which one is stripped', 'value\n\n', 'value\n'],
    ['of several lines', 'a\nb\n', 'a\nb'],
    ['that is empty', '', ''],
    ['that is one newline', '\n', ''],
    ['that holds a placeholder, which stays as it is', '${env:CONNECTOR_TOKEN}', '${env:CONNECTOR_TOKEN}'],
    ['with spaces around, which belong to it', ' v ', ' v '],
  ])('%s', (_, content, value) => {
    writeFileSync(join(secretsDir, 'db_password-1.txt'), content);
    expect(resolve('${secret:db_password-1.txt}')).toBe(value);
  });

  test('that is larger than 64 KiB, or not text, is refused without a word of it', () => {
    writeFileSync(join(secretsDir, 'large'), 'x'.repeat(64 * 1024 + 1));
    writeFileSync(join(secretsDir, 'binary'), Buffer.from([0x68, 0x75, 0xff]));
    expect(refuse('${secret:large}')[0]).toMatch(/^placeholder_unreadable \$\{secret:large\}.*more than 65536 bytes/);
    expect(refuse('${secret:binary}')[0]).toMatch(/^placeholder_unreadable .*not UTF-8/);
  });

  test('that is a directory or a pipe is refused at once', () => {
    mkdirSync(join(secretsDir, 'directory'));
    execFileSync('mkfifo', [join(secretsDir, 'pipe')]);
    expect(refuse('${secret:directory}')[0]).toMatch(/^placeholder_unreadable .*not a regular file/);
    expect(refuse('${secret:pipe}')[0]).toMatch(/^placeholder_unreadable .*not a regular file/);
  });

  test.skipIf(process.getuid?.() === 0)('that may not be read is refused', () => {
    writeFileSync(join(secretsDir, 'locked'), 'x');
    chmodSync(join(secretsDir, 'locked'), 0);
    expect(refuse('${secret:locked}')[0]).toMatch(/^placeholder_unreadable .*EACCES/);
  });

  test('that is a link round in circles is refused', () => {
    symlinkSync('loop', join(secretsDir, 'loop'));
    expect(refuse('${secret:loop}')[0]).toMatch(/^placeholder_unreadable .*ELOOP/);
  });

  test('that is a link to outside the directory is forbidden, also through another link', () => {
    writeFileSync(join(root, 'key'), 'outside');
    symlinkSync('../key', join(secretsDir, 'direct'));
    symlinkSync('direct', join(secretsDir, 'indirect'));
    symlinkSync('..', join(secretsDir, 'up'));
    for (const name of ['direct', 'indirect', 'up']) {
      expect(refuse(`\${secret:${name}}`)[0]).toMatch(/^placeholder_forbidden .*outside the secrets directory/);
      expect(refuse(`\${secret:${name}}`, options('optional'))[0]).toMatch(/^placeholder_forbidden/);
    }
  });

  test('in a directory whose name begins like that of the secrets is outside too', () => {
    mkdirSync(join(root, 'secrets-of-others'));
    writeFileSync(join(root, 'secrets-of-others', 'key'), 'outside');
    symlinkSync('../secrets-of-others/key', join(secretsDir, 'key'));
    expect(refuse('${secret:key}')[0]).toMatch(/^placeholder_forbidden/);
  });

  test('is read through the links of a mounted Kubernetes secret, anew at each load', () => {
    const mount = (generation: string, value: string): void => {
      mkdirSync(join(secretsDir, generation));
      writeFileSync(join(secretsDir, generation, 'token'), value);
      symlinkSync(generation, join(secretsDir, '..data_tmp'));
      renameSync(join(secretsDir, '..data_tmp'), join(secretsDir, '..data'));
    };
    mount('..2024_01', 'first');
    symlinkSync('..data/token', join(secretsDir, 'token'));
    const link = join(root, 'link');
    symlinkSync(secretsDir, link);
    const placeholders = { ...options().placeholders, secretsDir: link };
    const loader = createDesiredLoader({ placeholders, values: 'required' });
    const load = (): unknown =>
      loader.load(sourceTree({ 'a.yaml': definition('${secret:token}') }), () => false).connectors[0]?.config
        .parameters;

    expect(load()).toEqual([{ name: 'p', value: 'first' }]);
    for (const [generation, value] of [
      ['..2024_02', 'second'],
      ['..2024_03', 'third'],
      ['..2024_04', 'fourth'],
    ] as const) {
      mount(generation, value);
      expect(load()).toEqual([{ name: 'p', value }]);
    }
  });
});

test('within one load every user of a secret sees one value', () => {
  writeFileSync(join(secretsDir, 'token'), 'first');
  let reads = 0;
  const environment = {
    get CONNECTOR_ROTATE() {
      reads += 1;
      writeFileSync(join(secretsDir, 'token'), 'second');
      return 'x';
    },
  };
  const placeholders = { environment, envPrefix: 'CONNECTOR_', secretsDir };
  const value = '${secret:token} ${env:CONNECTOR_ROTATE} ${secret:token}';
  const texts = { 'a.yaml': definition(value), 'b.yaml': definition(value).replace('A', 'B') };
  const { connectors } = loadTexts(texts, { placeholders, values: 'required' });
  expect(connectors.map(({ config }) => config.parameters[0]?.value)).toEqual(['first x first', 'first x first']);
  expect(reads).toBe(2);
});

describe('when values are optional', () => {
  test('what is unset is a warning, and the rest is checked', () => {
    const text = definition('${env:CONNECTOR_UNSET} ${secret:absent}').replace(
      'https://a.example',
      '${env:CONNECTOR_URL}',
    );
    const { connectors, invalid, warnings } = loadTexts({ 'a.yaml': text }, options('optional'));
    expect(invalid).toEqual([]);
    expect(connectors).toHaveLength(1);
    expect(warnings.map((warning) => `${warning.severity} ${inShort(warning)}`)).toEqual([
      'warning placeholder_unset 3:6 /url',
      'warning placeholder_unset 6:12 /parameters/0/value',
      'warning placeholder_unset 6:12 /parameters/0/value',
    ]);
  });

  test('a placeholder that is longer than its field may be is no problem', () => {
    const text = definition('').replace('A', `\${env:CONNECTOR_${'U'.repeat(300)}}`);
    expect(loadTexts({ 'a.yaml': text }, options('optional')).invalid).toEqual([]);
  });

  test('what is set is checked as it resolves', () => {
    const text = definition('').replace('https://a.example', '${env:CONNECTOR_TOKEN}');
    expect(problemsOf(loadTexts({ 'a.yaml': text }, options('optional'))).map(inShort)).toEqual([
      'invalid_url 3:6 /url',
    ]);
  });

  test.each(['${env:HOME}', '${secret:../key}', '${x:y}', '${'])('%s is an error nevertheless', (written) => {
    expect(refuse(written, options('optional'))).toHaveLength(1);
  });
});
