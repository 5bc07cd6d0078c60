import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { markdownCode, markdownHtml, markdownProse } from '../../src/report/markdown-text.ts';
import { renderPlanMarkdown } from '../../src/report/render-plan/plan-markdown.ts';
import { brake, field, planOf, updating } from '../support/pass-builders.ts';

describe('text as inline code', () => {
  test.each([
    ['plain', '`plain`'],
    ['a`b', '``a`b``'],
    ['a``b`c', '```a``b`c```'],
    ['`a`', '`` `a` ``'],
    [' a ', '`  a  `'],
    ['a|b', '`a\\|b`'],
    ['<b>@me</b>', '`<b>@me</b>`'],
    ['a\nb', '`a\\u{a}b`'],
  ])('%j', (text, code) => {
    expect(markdownCode(text)).toBe(code);
  });

  test('escapes each pipe for renderers that count backslashes and for those that do not', () => {
    expect(markdownCode(String.raw`a\|b`)).toBe(`\`${String.raw`a\\\|b`}\``);
    expect(markdownCode(String.raw`a\\|b`)).toBe(`\`${String.raw`a\\\|b`}\``);
  });
});

describe('text as prose', () => {
  test.each([
    ['a.yaml no longer defines it; see 7, 8', 'a.yaml no longer defines it; see 7, 8'],
    ['<img src=x> & more', '&lt;img src=x&gt; &amp; more'],
    ['@everyone', '@&#8203;everyone'],
    ['[a](https://b) ![c](d)', String.raw`\[a\]\(https://b\) \!\[c\]\(d\)`],
    ['*a* _b_ ~c~ `d` |e| #1', '\\*a\\* \\_b\\_ \\~c\\~ \\`d\\` \\|e\\| \\#1'],
    ['a\n\n# b', String.raw`a\\u{a}\\u{a}\# b`],
  ])('%j', (text, prose) => {
    expect(markdownProse(text)).toBe(prose);
  });
});

test('text as HTML holds no tag and no line end', () => {
  expect(markdownHtml('</code></summary>\n\n<img>&')).toBe(
    '<code>&lt;/code&gt;&lt;/summary&gt;\\u{a}\\u{a}&lt;img&gt;&amp;</code>',
  );
});

/** The cells of a row, as GitHub splits it: at each pipe that no backslash stands before. */
function cellsOf(row: string): readonly string[] {
  return row.split(/(?<!\\)\|/u).slice(1, -1);
}

/** A row without its inline code, in which nothing is markup. */
function withoutCode(row: string): string {
  return row.replaceAll(/(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/gu, '');
}

test('no text breaks out of its cell, whatever it holds', () => {
  const text = fc.string({ minLength: 1, unit: fc.constantFrom(...'ab `|\\\n<>&@*_[]()#!~'.split('')) });
  fc.assert(
    fc.property(text, text, text, (key, reason, value) => {
      const change = updating(key, { reason, name: value, fields: [field('/name', value, `${value}x`)] });
      const markdown = renderPlanMarkdown(planOf([change]), [brake({ reason })]);
      const lines = markdown.split('\n');
      const rows = lines.filter((line) => line.startsWith('|'));
      expect(rows.map((row) => cellsOf(row).length)).toEqual([5, 5, 5]);
      for (const row of rows) expect(withoutCode(row)).not.toMatch(/<|@(?!&#8203;)|(?<!\\)`/u);
      expect(lines.slice(1, 8).map((line) => line[0] ?? '')).toEqual(['', '>', '', '|', '|', '|', '']);
    }),
  );
  expect.hasAssertions();
});
