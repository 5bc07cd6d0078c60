import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_COMMENT, renderPlanMarkdown } from '../../src/report/render-plan/plan-markdown.ts';
import { blocked, brake, creating, field, inSync, planOf, updating } from '../support/pass-builders.ts';

const fields = [field('/rate_limit', null, 5), field('/body_template', 'a\nb\n', 'a\nc\n')];

describe('a plan as Markdown', () => {
  test('is a table, with the differences folded below it', () => {
    const plan = planOf([creating('team/new'), updating('edited', { fields }), blocked('twice'), inSync('well')]);
    expect(renderPlanMarkdown(plan, [brake()], ['Limited to team/.'])).toBe(
      `### databar-sync plan: 1 to create, 1 to update, 1 blocked; 1 unchanged

Limited to team/.

> **Brake mass\\_delete**: 4 of 10 bound connectors would be deleted. See in the plan what would be deleted. If all of it is meant, run \\\`databar-sync sync --policy sync --force\\\` once, or delete in smaller steps.

| | action | connector | name | why |
|---|---|---|---|---|
| \`+\` | create | \`team/new\` | "TEAM/NEW" | new |
| \`~\` | update | \`edited\` | "EDITED" \\(id 7\\) | file\\_changed |
| \`!\` | blocked | \`twice\` | "TWICE" | ambiguous\\_name: 2 live connectors have this name \\(ids 7, 8\\); pin one with \\\`id\\\`. Pin one with \\\`id\\\`: the message names the candidates. Rename or delete the others if they are left over. |

<details><summary><code>edited</code> update, 2 fields</summary>

\`\`\`diff
@@ /rate_limit @@
+ 5
@@ /body_template @@
  a
- b
+ c
\`\`\`

</details>
`,
    );
  });

  test('says that nothing changes', () => {
    expect(renderPlanMarkdown(planOf([inSync('a'), inSync('b')]), [])).toBe(
      '### databar-sync plan: no changes\n\nThe workspace is as the files say: nothing to change; 2 unchanged.\n',
    );
  });

  test('cannot be broken out of by what a template holds', () => {
    const text = fc.string({ unit: fc.constantFrom('`', '~', '\n', 'a', '<', '/', '>', ' ', '@', '|'), maxLength: 60 });
    fc.assert(
      fc.property(text, text, (live, desired) => {
        const change = updating('a', { fields: [field('/body_template', `x\n${live}`, `x\n${desired}\n</details>`)] });
        const rows = renderPlanMarkdown(planOf([change]), []).split('\n');
        const begin = rows.findIndex((row) => /^`{3,}diff$/u.test(row));
        const fence = rows[begin]?.replace('diff', '') ?? '';
        const end = rows.findIndex((row, at) => at > begin && row.startsWith(fence));
        expect(rows[end]).toBe(fence);
        expect(rows.slice(end)).toEqual([fence, '', '</details>', '']);
      }),
    );
  });
});

describe('a comment that would be too long', () => {
  const big = (count: number, size: number) =>
    planOf(
      Array.from({ length: count }, (_, index) =>
        updating(`connector-${index}`, { fields: [field('/body_template', '', `${'x'.repeat(100)}\n`.repeat(size))] }),
      ),
    );

  test.each([
    ['of one connector', 1, 1000, /more lines @@/u],
    ['of many connectors', 100, 20, /\*\*Cut to fit into a comment:\*\* the differences of \d+ connectors\./u],
    [
      'of very many connectors',
      5000,
      1,
      /Cut to fit into a comment:\*\* \d+ rows of the table and the differences of \d+/u,
    ],
  ])('because %s is cut, and says what is missing', (_, count, size, words) => {
    const markdown = renderPlanMarkdown(big(count, size), []);
    expect(markdown.length).toBeLessThanOrEqual(MAX_COMMENT);
    expect(markdown.length).toBeGreaterThan(9_000);
    expect(markdown).toMatch(words);
    expect(markdown.split('<details>').length).toBe(markdown.split('</details>').length);
  });
});
