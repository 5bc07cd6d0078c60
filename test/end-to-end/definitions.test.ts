/**
 * Every kind of defect in a definition, put to the released program in all the ways in which people meet it: `sync`,
 * `validate` and the daemon. All defects lie in one directory, beside one good definition.
 */

import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Problem } from '../../src/model/problem.ts';
import type { LogLine } from '../support/daemon.ts';
import { writesTo } from '../support/requests.ts';
import type { Ended, Site } from '../support/site.ts';
import { openSite, yaml } from '../support/site.ts';

const SECRETS = {
  variable: 'value-of-the-variable',
  file: 'value-of-the-secret-file',
  literal: 'value-in-the-yaml',
  apiKey: 'value-of-our-own-key',
  outside: 'value-outside-the-source',
};

/** Headers that every definition here has, so that each is a chance to show what must not be shown. */
const HEADERS = `headers:
  - {name: Authorization, value: 'Bearer \${env:CONNECTOR_TOKEN} \${secret:token}'}
  - {name: X-Api-Key, value: ${SECRETS.literal}}
`;
const HEADER_LINES = 3;
const definition = (name: string, rest = ''): string =>
  `${HEADERS}name: ${name}\nmethod: get\nurl: https://api.example.com/\n${rest}`;
/** The line of what comes after the headers, from 1. */
const after = (line: number): number => HEADER_LINES + line;

interface Defect {
  readonly content: string | Buffer;
  readonly code: string;
  readonly line: number;
  readonly column: number;
  readonly message: RegExp;
}

const MANY_ALIASES = `parameters: [&entry {name: p, value: ${SECRETS.literal}}, `;
const ALIAS = '*entry, ';

/** By path. Lines and columns are those of the character that an author has to change. */
const DEFECTS: Readonly<Record<string, Defect>> = {
  'unknown-field.yaml': {
    content: definition('U', 'rate_limits: 5\n'),
    code: 'unknown_field',
    line: after(4),
    column: 1,
    message: /no field "rate_limits"/u,
  },
  'bad-method.yaml': {
    content: `${HEADERS}name: M\nmethod: fetch\nurl: https://api.example.com/\n`,
    code: 'not_allowed',
    line: after(2),
    column: 9,
    message: /method must be get, post, put or patch; found "fetch"/u,
  },
  'bad-type.yaml': {
    content: definition('T', 'type: importer\n'),
    code: 'not_allowed',
    line: after(4),
    column: 7,
    message: /type must be simple, enrichment or exporter; found "importer"/u,
  },
  'wrong-type.yaml': {
    content: definition('W', 'rate_limit: "5"\n'),
    code: 'wrong_type',
    line: after(4),
    column: 13,
    message: /"rate_limit" must be a whole number/u,
  },
  'missing-field.yaml': {
    content: `${HEADERS}name: F\nmethod: get\n`,
    code: 'missing_field',
    line: 1,
    column: 1,
    message: /needs the field "url"/u,
  },
  'bad-url.yaml': {
    content: `${HEADERS}name: L\nmethod: get\nurl: api.example.com/x?token=${SECRETS.literal}\n`,
    code: 'invalid_url',
    line: after(3),
    column: 6,
    message: /URL is not absolute/u,
  },
  'header-name.yaml': {
    content: `name: H\nmethod: get\nurl: https://api.example.com/\nheaders:\n  - name: 'X-Token: ${SECRETS.literal}'\n    value: ''\n`,
    code: 'invalid_header_name',
    line: 5,
    column: 11,
    message: /character that HTTP does not allow/u,
  },
  'duplicate-key.yaml': {
    content: definition('D', `url: https://${SECRETS.literal}.example.com/\n`),
    code: 'duplicate_key',
    line: after(4),
    column: 1,
    message: /"url" stands twice/u,
  },
  'merge-key.yaml': {
    content: `sync: &sync {suspend: false}\n<<: *sync\n${definition('K')}`,
    code: 'merge_key',
    line: 2,
    column: 1,
    message: /Merge keys/u,
  },
  'unknown-tag.yaml': {
    content: definition('G', `body_template: !vault ${SECRETS.literal}\n`),
    code: 'unknown_tag',
    line: after(4),
    column: 16,
    message: /tag is unknown/u,
  },
  'aliases.yaml': {
    content: definition('A', `${MANY_ALIASES}${ALIAS.repeat(101)}]\n`),
    code: 'too_many_aliases',
    line: after(4),
    column: MANY_ALIASES.length + 100 * ALIAS.length + 1,
    message: /more than 100 aliases/u,
  },
  'nul.yaml': {
    content: definition('N\u0000', ''),
    code: 'nul_character',
    line: after(1),
    column: 8,
    message: /NUL character/u,
  },
  'utf-8.yaml': {
    content: Buffer.concat([Buffer.from(`${HEADERS}name: "caf`), Buffer.from([0xe9]), Buffer.from('"\n')]),
    code: 'invalid_utf8',
    line: after(1),
    column: 11,
    message: /not UTF-8/u,
  },
  'empty.yaml': { content: '# later\n', code: 'empty_document', line: 1, column: 1, message: /document is empty/u },
  'unsafe-integer.yaml': {
    content: definition('I', 'rate_limit: 9007199254740993\n'),
    code: 'unsafe_integer',
    line: after(4),
    column: 13,
    message: /beyond 2\^53/u,
  },
  'too-large.yaml': {
    content: definition('B', `# ${'x'.repeat(1024 * 1024)}\n`),
    code: 'file_too_large',
    line: 1,
    column: 1,
    message: /larger than 1048576 bytes/u,
  },
  'missing-ref.yaml': {
    content: `${definition('R1', 'sync: {ref: r1}\n')}---\n${definition('R2')}`,
    code: 'missing_ref',
    line: HEADER_LINES + 6,
    column: 1,
    message: /each needs a "sync.ref"/u,
  },
  'no-refs.yaml': {
    content: [definition('O1'), definition('O2'), definition('O3')].join('---\n'),
    code: 'missing_ref',
    line: 1,
    column: 1,
    message: /each needs a "sync.ref"/u,
  },
  'same-ref.yaml': {
    content: `${definition('E1', 'sync: {ref: twice}\n')}---\n${definition('E2', 'sync: {ref: twice}\n')}`,
    code: 'duplicate_ref',
    line: after(4),
    column: 13,
    message: /ref "twice" too/u,
  },
  'syntax.yaml': {
    content: `${HEADERS}name: "S\nmethod: get\nurl: ${SECRETS.literal}\n`,
    code: 'yaml_syntax',
    line: after(1),
    column: 7,
    message: /no closing double quote/u,
  },
  'placeholder-unset.yaml': {
    content: definition('P1', "parameters: [{name: p, value: '${env:CONNECTOR_UNSET}'}]\n"),
    code: 'placeholder_unset',
    line: after(4),
    column: 31,
    message: /\$\{env:CONNECTOR_UNSET\} is not set/u,
  },
  'placeholder-own-key.yaml': {
    content: definition('P2', "parameters: [{name: p, value: '${env:DATABAR_API_KEY}'}]\n"),
    code: 'placeholder_forbidden',
    line: after(4),
    column: 31,
    message: /\$\{env:DATABAR_API_KEY\} may not be read/u,
  },
  'placeholder-way-out.yaml': {
    content: definition('P3', "parameters: [{name: p, value: '${secret:../outside}'}]\n"),
    code: 'placeholder_forbidden',
    line: after(4),
    column: 31,
    message: /plain file name/u,
  },
  'placeholder-unclosed.yaml': {
    content: definition('P4', `body_template: '\${env:CONNECTOR_TOKEN ${SECRETS.literal}'\n`),
    code: 'placeholder_syntax',
    line: after(4),
    column: 16,
    message: /not closed/u,
  },
  'placeholder-unknown.yaml': {
    content: definition('P5', `body_template: '\${vault:${SECRETS.literal}}'\n`),
    code: 'placeholder_unknown',
    line: after(4),
    column: 16,
    message: /no placeholder of the kind "vault"/u,
  },
  'same-id-1.yaml': {
    content: definition('J1', 'id: 77\n'),
    code: 'duplicate_id',
    line: after(4),
    column: 5,
    message: /same-id-2/u,
  },
  'same-id-2.yaml': {
    content: definition('J2', 'id: 77\n'),
    code: 'duplicate_id',
    line: after(4),
    column: 5,
    message: /same-id-1/u,
  },
  'same-name-1.yaml': {
    content: definition('Q'),
    code: 'duplicate_name',
    line: after(1),
    column: 7,
    message: /same-name-2/u,
  },
  'same-name-2.yaml': {
    content: definition('Q'),
    code: 'duplicate_name',
    line: after(1),
    column: 7,
    message: /same-name-1/u,
  },
  'same-key.yaml': {
    content: definition('V1'),
    code: 'duplicate_definition_key',
    line: 1,
    column: 1,
    message: /also that of \S*same-key/u,
  },
  'same-key.yml': {
    content: definition('V2'),
    code: 'duplicate_definition_key',
    line: 1,
    column: 1,
    message: /also that of \S*same-key/u,
  },
  'pipe.yaml': { content: '', code: 'file_not_regular', line: 1, column: 1, message: /not a regular file/u },
  'link.yaml': { content: '', code: 'file_link_outside', line: 1, column: 1, message: /leads out of the source/u },
};

interface SyncDocument {
  readonly results: readonly {
    readonly key: string;
    readonly file: string | null;
    readonly outcome: string;
    readonly error: string | null;
  }[];
  readonly summary: Readonly<Record<string, number>>;
}
interface ValidateDocument {
  readonly summary: Readonly<Record<string, number>>;
  readonly problems: readonly Problem[];
}

let site: Site;
let remove: () => Promise<void>;
let sync: Ended;
let validateText: Ended;
let validateJson: Ended;
let daemonLog: readonly LogLine[];
let daemonStderr: string;

beforeAll(async () => {
  site = await openSite({
    onOpened: (end) => {
      remove = end;
    },
  });
  const source = join(site.directory, 'connectors');
  for (const [path, { content }] of Object.entries(DEFECTS)) writeFileSync(join(source, path), content);
  site.remove('pipe.yaml');
  site.remove('link.yaml');
  execFileSync('mkfifo', [join(source, 'pipe.yaml')]);
  writeFileSync(join(site.directory, 'outside.yaml'), yaml(SECRETS.outside));
  symlinkSync('../outside.yaml', join(source, 'link.yaml'));
  writeFileSync(join(source, 'good.yaml'), definition('Good'));
  mkdirSync(join(site.directory, 'secrets'));
  writeFileSync(join(site.directory, 'secrets/token'), `${SECRETS.file}\n`);
  writeFileSync(join(site.directory, 'outside'), SECRETS.outside);
  Object.assign(site.environment, {
    CONNECTOR_TOKEN: SECRETS.variable,
    DATABAR_API_KEY: SECRETS.apiKey,
    DATABAR_SYNC_SECRETS_DIR: 'secrets',
  });

  [sync, validateText, validateJson] = await Promise.all([
    site.run('sync', '--output', 'json'),
    site.run('validate'),
    site.run('validate', '--output', 'json'),
  ]);
  const daemon = site.start('--state-dir', 'other-state', '--debounce', '20ms');
  await daemon.until('pass.completed');
  daemon.signal('SIGHUP');
  await daemon.until('pass.completed');
  site.replace('bad-method.yaml', definition('Mended'));
  await daemon.until('connector.created', ({ connector }) => connector?.key === 'bad-method');
  await daemon.stop();
  [daemonLog, daemonStderr] = [daemon.lines, daemon.stderr()];
});

afterAll(async () => remove());

const keyOf = (path: string): string => path.replace(/\.ya?ml$/u, '');

describe.each(Object.entries(DEFECTS))('%s', (path, defect) => {
  test('is told by `validate` with file, line, column and a sentence', () => {
    const { problems } = JSON.parse(validateJson.stdout) as ValidateDocument;
    const found = problems.find(({ file, code }) => file === `connectors/${path}` && code === defect.code);
    expect(found?.message).toMatch(defect.message);
    expect(found?.message).toMatch(/^\P{Ll}.*\.$/u);
    const severity = defect.code === 'placeholder_unset' ? 'warning' : 'error';
    expect(found).toMatchObject({ line: defect.line, column: defect.column, severity });
    expect(validateText.stdout).toContain(`connectors/${path}:${found?.line}:${found?.column}`);
    expect(validateText.stdout).toContain(found?.message);
  });

  test('is held by `sync`, which says why', () => {
    const { results } = JSON.parse(sync.stdout) as SyncDocument;
    const held = results.filter(({ key, outcome }) => key.split('#')[0] === keyOf(path) && outcome === 'held');
    expect(held.map(({ error }) => error ?? '').join('\n')).toMatch(defect.message);
  });

  test('is told once by the daemon, with its place', () => {
    const told = daemonLog.filter(
      ({ event, connector }) => event === 'connector.invalid' && connector?.key.split('#')[0] === keyOf(path),
    );
    expect(told).toHaveLength(1);
    const problems = told[0]?.['problems'] as readonly Problem[];
    const problem = problems.find(({ file, code }) => file === path && code === defect.code);
    expect(problem).toMatchObject({ line: defect.line, column: defect.column, severity: 'error' });
  });
});

describe('all of them together', () => {
  test('make every command fail, and keep nothing else from being synced', () => {
    expect([sync.code, validateText.code, validateJson.code]).toEqual([1, 1, 1]);
    const { summary } = JSON.parse(sync.stdout) as SyncDocument;
    // The good one, and the document of the file of two that has a ref.
    expect(summary).toMatchObject({ applied: 2, failed: 0, blocked: 0 });
    const names = site.sandbox.connectors().map(({ name }) => name);
    expect(names.toSorted()).toEqual(['Good', 'Mended', 'R1']);
    expect(writesTo(site.sandbox)).toHaveLength(3);
    expect(site.sandbox.connectors()[0]?.headers[0]?.value).toBe(`Bearer ${SECRETS.variable} ${SECRETS.file}`);
  });

  test('and no value of a secret is in any output', () => {
    const outputs = [sync, validateText, validateJson].flatMap(({ stdout, stderr }) => [stdout, stderr]);
    const everything = [...outputs, JSON.stringify(daemonLog), daemonStderr].join('\n');
    expect(Object.entries(SECRETS).filter(([, value]) => everything.includes(value))).toEqual([]);
  });

  test('an unset placeholder alone is a warning for `validate`, and an error for what needs the value', async () => {
    const only = await site.run('validate', 'connectors/placeholder-unset.yaml', '--output', 'json');
    expect(only.code).toBe(0);
    expect(JSON.parse(only.stdout)).toMatchObject({ summary: { definitions: 1, valid: 1, invalid: 0 } });
  });
});
