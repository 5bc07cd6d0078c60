import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Problem } from '../../src/model/problem.ts';
import { renderProblems } from '../../src/report/render-problems/render-problems.ts';
import { problem } from '../support/builders.ts';

const ESCAPE = String.fromCodePoint(27);
const REPLACEMENT = '\ufffd';

function render(problems: readonly Problem[], source: string | null, colour = false): string {
  const report = { files: 2, definitions: 2, invalid: 1, problems };
  return renderProblems('text', report, { colour, version: '1.2.3', sourceLine: () => source });
}

/** The shown line and the row with the caret, both without their gutter. */
function frame(source: string, column: number): readonly [string, string] {
  const [, line = '', caret = ''] = render([problem({ line: 1, column, hint: null })], source).split('\n');
  return [line.slice(6), caret.slice(6)];
}

describe('a block', () => {
  test('has a heading, the line with a caret, and the hint', () => {
    const one = problem({
      file: 'a.yaml',
      line: 2,
      column: 9,
      code: 'not_allowed',
      message: 'No.',
      hint: 'Write get.',
    });
    expect(render([one], 'method: fetch')).toBe(
      [
        'a.yaml:2:9: error not_allowed: No.',
        '  2 | method: fetch',
        '    |         ^',
        '    = hint: Write get.',
        '',
        'What a code means: databar-sync explain not_allowed',
        '2 files, 2 definitions: 1 valid, 1 invalid',
        '',
      ].join('\n'),
    );
  });

  test('keeps its gutter aligned with every other block of the file', () => {
    const problems = [problem({ line: 9, column: 1, hint: 'h' }), problem({ line: 120, column: 1, hint: 'h' })];
    const gutters = render(problems, 'x')
      .split('\n')
      .filter((row) => /^ +(?:\d+ )?[|=]/u.test(row))
      .map((row) => row.search(/[|=]/u));
    expect(gutters).toEqual([6, 6, 6, 6, 6, 6]);
  });

  test('quotes nothing where the line must not be quoted', () => {
    const text = render([problem({ file: 'a.yaml', line: 3, column: 2, hint: 'h' })], null);
    expect(text).not.toMatch(/[|^]/u);
    expect(text).toContain('\n    = hint: h\n');
  });

  test.each([[''], ['   ']])('shows no frame of a blank line (%j)', (source) => {
    expect(render([problem({ column: 1 })], source)).not.toMatch(/[|^]/u);
  });
});

describe('the caret stands under the column', () => {
  test.each([
    ['of plain text', 'name: x', 7, 'name: ', 6],
    ['after a tab', '\tname: x', 8, '    name: ', 10],
    ['after wide characters', '名前: x', 5, '名前: ', 6],
    ['after wide characters outside the basic plane', '𠮷: x', 5, '𠮷: ', 4],
    ['after an emoji', '🙂 x', 4, '🙂 ', 3],
    ['after an emoji that a selector makes a picture', '\u2764\ufe0f x', 4, '\u2764\ufe0f ', 3],
    ['after an emoji of several', '👩‍🚀 x', 7, '👩‍🚀 ', 3],
    ['after a combining mark', 'e\u0301 x', 4, 'e\u0301 ', 2],
    ['after a control character', `a${ESCAPE}b`, 3, String.raw`a\u{1b}`, 7],
    ['of the first line of a file with a byte order mark', '\ufeffname: x', 7, 'name: ', 6],
    ['within a surrogate pair, where it begins', 'a🙂b', 3, 'a', 1],
    ['at the end', 'name:', 6, 'name:', 5],
    ['beyond the end, which is the end', 'name:', 99, 'name:', 5],
    ['before the beginning, which is the beginning', 'name:', 0, '', 0],
  ])('%s', (_, source, column, before, cells) => {
    const [line, caret] = frame(source, column);
    expect(line.slice(0, before.length)).toBe(before);
    expect(caret).toBe(`${' '.repeat(cells)}^`);
  });
});

describe('a long line is cut', () => {
  test.each([
    ['at the beginning', 1, /^BAD/u, /…$/u],
    ['in the middle', 301, /^…x+BAD/u, /y…$/u],
    ['at the end', 601, /^…x+BAD/u, /D$/u],
  ])('around its column %s', (_, column, start, end) => {
    const source = `${'x'.repeat(column - 1)}BAD${'y'.repeat(Math.max(0, 601 - column))}`;
    const [line, caret] = frame(source, column);
    expect(line).toMatch(start);
    expect(line).toMatch(end);
    expect(line.slice(caret.length - 1)).toMatch(/^BAD/u);
    expect(line.length).toBeLessThanOrEqual(102);
  });

  test.each([[400], [401], [402], [403]])('never through a character (column %i)', (column) => {
    const [line] = frame('🙂'.repeat(400), column);
    expect(line.isWellFormed()).toBe(true);
    expect(line).not.toContain(REPLACEMENT);
  });

  test('at once, even when it is as long as a file may be', () => {
    const problems = Array.from({ length: 300 }, (_, index) => problem({ line: index + 1, column: 500_000 }));
    expect(render(problems, 'x'.repeat(1_048_576)).length).toBeLessThan(100_000);
  });
});

test('a file cannot speak to the terminal, nor forge a line of output', () => {
  const hostile = `${ESCAPE}[2J\r\nb.yaml:1:1: error\u202e\u009b\u2028`;
  const text = render([problem({ file: hostile, message: hostile, hint: hostile })], hostile);
  expect(text).not.toMatch(/[^\P{Cc}\n]|\u202e|\u2028/u);
  expect(text.split('\n')).toHaveLength(8);
});

describe('colour', () => {
  const problems = [problem({ hint: 'h' }), problem({ severity: 'warning' })];

  test('is only there where it is wanted', () => {
    expect(render(problems, 'x')).not.toContain(ESCAPE);
    expect(render(problems, 'x', true)).toContain(`${ESCAPE}[31m`);
  });

  test('changes nothing but colour', () => {
    expect(stripVTControlCharacters(render(problems, 'x', true))).toBe(render(problems, 'x'));
  });
});

test('where to read more is told once, with the code of the first error, and never when all is well', () => {
  const warning = problem({ line: 1, code: 'insecure_url', severity: 'warning' });
  const error = problem({ line: 2, code: 'not_allowed' });
  const told = (problems: readonly Problem[]): readonly string[] =>
    render(problems, 'x').match(/^What a code means: .*$/gmu) ?? [];
  expect(told([warning, error, error])).toEqual(['What a code means: databar-sync explain not_allowed']);
  expect(told([warning])).toEqual(['What a code means: databar-sync explain insecure_url']);
  expect(told([])).toEqual([]);
});
