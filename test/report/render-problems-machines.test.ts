import { describe, expect, test } from 'vitest';
import type { Problem, ProblemCode } from '../../src/model/problem.ts';
import { PROBLEM_FORMATS } from '../../src/report/render-problems/problem-formats.ts';
import type { ProblemFormat } from '../../src/report/render-problems/problem-formats.ts';
import { PROBLEM_GUIDE } from '../../src/report/guide/problem-guide.ts';
import { renderProblems } from '../../src/report/render-problems/render-problems.ts';
import { problem } from '../support/builders.ts';
import type { XmlElement } from '../support/read-xml.ts';
import { readXml } from '../support/read-xml.ts';

const ESCAPE = String.fromCodePoint(27);
const HOSTILE = `"q" <b> & ' ]]> 100%, a:b\n::error::x${ESCAPE}[2J\u0000\u009b\ud800\uffff`;

function render(format: ProblemFormat, problems: readonly Problem[], files = 3): string {
  const report = { files, definitions: 4, invalid: 1, problems };
  return renderProblems(format, report, { colour: false, version: '1.2.3', sourceLine: () => null });
}

describe('every format', () => {
  test.each(PROBLEM_FORMATS)('%s ends with exactly one line end, with problems and without', (format) => {
    expect(render(format, [problem()])).toMatch(/[^\n]\n$/u);
    expect(render(format, [])).toMatch(/[^\n]\n$/u);
  });

  test.each(PROBLEM_FORMATS)('%s sorts by file, line, column and code, and keeps equals in order', (format) => {
    const sorted = [
      problem({ file: 'B.yaml', message: 'm1' }),
      problem({ file: 'a.yaml', line: 2, column: 9, message: 'm2' }),
      problem({ file: 'a.yaml', line: 10, column: 2, message: 'm3' }),
      problem({ file: 'a.yaml', line: 10, column: 10, code: 'invalid_url', message: 'm4' }),
      problem({ file: 'a.yaml', line: 10, column: 10, code: 'too_long', message: 'm5' }),
      problem({ file: 'a.yaml', line: 10, column: 10, code: 'too_long', message: 'm6' }),
    ];
    const [m1, m2, m3, m4, ...equals] = sorted as [Problem, Problem, Problem, Problem, ...Problem[]];
    const output = render(format, [m4, ...equals, m3, m1, m2]);
    expect([...new Set(output.match(/m[1-6]/gu))]).toEqual(['m1', 'm2', 'm3', 'm4', 'm5', 'm6']);
  });

  test.each(PROBLEM_FORMATS)('%s hands no control character to a terminal', (format) => {
    const output = render(format, [problem({ file: HOSTILE, message: HOSTILE, hint: HOSTILE, path: `/${HOSTILE}` })]);
    expect(output).not.toMatch(/[^\P{Cc}\n]/u);
    expect(output.isWellFormed()).toBe(true);
  });

  test.each([
    [1, 1, 0, [], '1 file, 1 definition: 1 valid, 0 invalid'],
    [12, 14, 1, [], '12 files, 14 definitions: 13 valid, 1 invalid'],
    [2, 2, 0, ['warning'], '2 files, 2 definitions: 2 valid, 0 invalid, 1 warning'],
    [2, 2, 1, ['warning', 'error', 'warning'], '2 files, 2 definitions: 1 valid, 1 invalid, 2 warnings'],
  ] as const)('for people ends with a summary (%i files)', (files, definitions, invalid, severities, summary) => {
    const report = { files, definitions, invalid, problems: severities.map((severity) => problem({ severity })) };
    for (const format of ['text', 'github'] as const) {
      const output = renderProblems(format, report, { colour: false, version: '1', sourceLine: () => null });
      expect(output.split('\n').at(-2)).toBe(summary);
    }
  });
});

describe('json', () => {
  test('is exactly the documented shape, in the documented order', () => {
    const one = { ...problem({ hint: 'h' }), beyond: 'the contract' };
    const { code, severity, file, line, column, path, message, hint } = one;
    const expected = {
      summary: { files: 3, definitions: 4, valid: 3, invalid: 1 },
      problems: [{ code, severity, file, line, column, path, message, hint }],
    };
    expect(render('json', [one])).toBe(`${JSON.stringify(expected, null, 2)}\n`);
  });

  test('keeps every value as it is', () => {
    const message = HOSTILE.toWellFormed();
    expect(JSON.parse(render('json', [problem({ message })]))).toMatchObject({ problems: [{ message, hint: null }] });
  });
});

describe('github', () => {
  test.each([
    ['an error', {}, '::error file=a.yaml,line=1,col=2,title=wrong_type::m'],
    ['a warning', { severity: 'warning' }, '::warning file=a.yaml,line=1,col=2,title=wrong_type::m'],
    ['a hint', { hint: 'h' }, '::error file=a.yaml,line=1,col=2,title=wrong_type::m%0Ahint: h'],
    [
      'a hostile path',
      { file: 'a,b:c%\r\n.yaml' },
      '::error file=a%2Cb%3Ac%25%0D%0A.yaml,line=1,col=2,title=wrong_type::m',
    ],
    [
      'a forged command',
      { message: '100%\n::error::x, y' },
      '::error file=a.yaml,line=1,col=2,title=wrong_type::100%25%0A::error::x, y',
    ],
  ] as const)('tells %s in one command', (_, changes, command) => {
    const one = problem({ file: 'a.yaml', line: 1, column: 2, code: 'wrong_type', message: 'm', ...changes });
    expect(render('github', [one])).toBe(
      `${command}\n3 files, 4 definitions: 3 valid, 1 invalid${'severity' in changes ? ', 1 warning' : ''}\n`,
    );
  });
});

describe('sarif', () => {
  test('is a log of one run, with each rule once and a place for each result', () => {
    const problems = [
      problem({
        file: 'a.yaml',
        line: 2,
        column: 9,
        code: 'too_long',
        path: '/headers/0/value',
        message: 'm',
        hint: 'h',
      }),
      problem({
        file: 'b.yaml',
        line: 1,
        column: 1,
        code: 'empty_document',
        severity: 'warning',
        path: '',
        message: 'n',
      }),
      problem({ file: 'c.yaml', line: 1, column: 1, code: 'too_long', path: '/name', message: 'o' }),
    ];
    expect(JSON.parse(render('sarif', problems))).toEqual({
      $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: 'databar-sync',
              version: '1.2.3',
              rules: [ruleOf('empty_document'), ruleOf('too_long')],
            },
          },
          columnKind: 'utf16CodeUnits',
          results: [
            result('too_long', 1, 'error', 'm\nhint: h', 'a.yaml', 2, 9, '/headers/0/value'),
            result('empty_document', 0, 'warning', 'n', 'b.yaml', 1, 1, null),
            result('too_long', 1, 'error', 'o', 'c.yaml', 1, 1, '/name'),
          ],
        },
      ],
    });
  });

  test('has an empty list of results when nothing is wrong', () => {
    expect(JSON.parse(render('sarif', []))).toMatchObject({ runs: [{ results: [], tool: { driver: { rules: [] } } }] });
  });

  test.each([
    ['spaces and other letters', 'ü b/x.yaml', '%C3%BC%20b/x.yaml'],
    ['what would begin a fragment or a query', 'a#b?c.yaml', 'a%23b%3Fc.yaml'],
    ['what would read as a scheme', 'c:/x.yaml', 'c%3A/x.yaml'],
    ['a percent sign', '100%.yaml', '100%25.yaml'],
    ['a lone surrogate', '\ud800.yaml', '%EF%BF%BD.yaml'],
    ['the way to a neighbour', '../x.yaml', '../x.yaml'],
  ])('encodes %s in a path', (_, file, uri) => {
    expect(JSON.parse(render('sarif', [problem({ file })]))).toMatchObject({
      runs: [{ results: [{ locations: [{ physicalLocation: { artifactLocation: { uri } } }] }] }],
    });
  });

  test.each([
    ['placeholders of ours', 'Use ${env:CONNECTOR_X}.', 'Use ${{env:CONNECTOR_X}}.'],
    ['placeholders of SARIF', 'The field "{0}"', 'The field "{{0}}"'],
    ['links', '[x](https://example.com)', '[x] (https://example.com)'],
  ])('lets no message be read as holding %s', (_, message, text) => {
    expect(JSON.parse(render('sarif', [problem({ message })]))).toMatchObject({
      runs: [{ results: [{ message: { text } }] }],
    });
  });

  test('describes every rule in a sentence without markup', () => {
    for (const { title } of Object.values(PROBLEM_GUIDE)) expect(title).toMatch(/^[A-Z][^{}[\]\n]+\.$/u);
  });
});

describe('junit', () => {
  const ERROR = problem({ file: 'a.yaml', line: 2, column: 9, code: 'too_long', message: 'm', hint: 'h' });
  const WARNING = problem({
    file: 'a.yaml',
    line: 3,
    column: 1,
    code: 'placeholder_unset',
    severity: 'warning',
    message: 'w',
  });

  test('fails a case for each error, passes one for each warning, and one for the files without problems', () => {
    const root = readXml(render('junit', [ERROR, WARNING]));
    expect(root.attributes).toMatchObject({ tests: '3', failures: '1', errors: '0' });
    const [suite, fine] = root.children;
    expect(suite?.attributes).toMatchObject({ name: 'a.yaml', tests: '2', failures: '1' });
    expect(suite?.children.map(({ attributes }) => attributes['name'])).toEqual([
      'a.yaml:2:9 too_long',
      'a.yaml:3:1 placeholder_unset',
    ]);
    expect(suite?.children.map(outcomeOf)).toEqual(['failure', 'system-out']);
    expect(suite?.children[0]?.children[0]).toMatchObject({
      attributes: { type: 'too_long', message: 'm' },
      text: 'a.yaml:2:9: m\nhint: h',
    });
    expect(fine).toMatchObject({
      attributes: { name: 'definitions' },
      children: [{ attributes: { name: 'definitions' } }],
    });
  });

  test.each([
    ['every file has a problem', [ERROR], 1, ['a.yaml']],
    ['nothing is wrong', [], 3, ['definitions']],
    ['there are no files', [], 0, ['definitions']],
  ])('names its suites when %s', (_, problems, files, names) => {
    const { children, attributes } = readXml(render('junit', problems, files));
    expect(children.map((suite) => suite.attributes['name'])).toEqual(names);
    expect(attributes['tests']).toBe('1');
  });

  test('stays well-formed, and says what was said, whatever that is', () => {
    const root = readXml(render('junit', [problem({ file: HOSTILE, message: HOSTILE, hint: HOSTILE })]));
    const failure = root.children[0]?.children[0]?.children[0];
    expect(failure?.attributes['message']).toContain(`"q" <b> & ' ]]> 100%, a:b`);
    expect(failure?.text).toContain('\n::error::x\\u{1b}[2J');
  });
});

function outcomeOf({ children }: XmlElement): string | undefined {
  return children[0]?.name;
}

function result(
  ruleId: ProblemCode,
  ruleIndex: number,
  level: string,
  text: string,
  uri: string,
  startLine: number,
  startColumn: number,
  pointer: string | null,
): object {
  const physicalLocation = { artifactLocation: { uri, uriBaseId: '%SRCROOT%' }, region: { startLine, startColumn } };
  const logicalLocations = pointer === null ? {} : { logicalLocations: [{ fullyQualifiedName: pointer }] };
  return { ruleId, ruleIndex, level, message: { text }, locations: [{ physicalLocation, ...logicalLocations }] };
}

function ruleOf(code: ProblemCode): object {
  const { title, meaning, remedy } = PROBLEM_GUIDE[code];
  return { id: code, shortDescription: { text: title }, help: { text: `${meaning} ${remedy}` } };
}
