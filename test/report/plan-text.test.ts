import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { renderPlanText } from '../../src/report/render-plan/plan-text.ts';
import { definition } from '../support/builders.ts';
import {
  adopting,
  blocked,
  brake,
  creating,
  deleting,
  field,
  healing,
  held,
  heldDelete,
  inSync,
  orphan,
  planOf,
  updating,
} from '../support/pass-builders.ts';

const fields = [
  field('/rate_limit', null, 5),
  field('/headers/0', undefined, { name: 'Authorization', value: 'hmac:1a2b3c4d' }),
];
const plan = planOf(
  [
    creating('team/new'),
    adopting('found'),
    adopting('found-too', { fields: [field('/url', 'https://a.example.com', 'https://b.example.com')] }),
    updating('edited', { fields }),
    healing('drifted'),
    deleting('gone'),
    inSync('well'),
    inSync('suspended', { outcome: 'skipped', cause: 'file_changed', reason: '`sync.suspend` is set' }),
    orphan('left'),
    blocked('twice'),
    heldDelete('many'),
    held('bad'),
  ],
  { unmanaged: 3 },
);

const differences = (live: unknown, desired: unknown): string =>
  renderPlanText(planOf([updating('a', { fields: [field('/body_template', live, desired)] })]), [])
    .split('\n')
    .slice(1, -2)
    .join('\n');

describe('a plan as text', () => {
  test('has a line for each that is not simply in sync, differences below it, and a summary last', () => {
    expect(renderPlanText(plan, [brake({ keys: ['many', 'more'] })])).toBe(
      [
        '+ create  team/new   "TEAM/NEW"  new',
        '= adopt   found      "FOUND" (id 7)  adopted: the only unbound live connector of this name',
        '= adopt   found-too  "FOUND-TOO" (id 7)  adopted: the only unbound live connector of this name',
        '      /url: "https://a.example.com" → "https://b.example.com"',
        '~ update  edited     "EDITED" (id 7)  file_changed',
        '      /rate_limit: nothing → 5',
        '      /headers/0: nothing → {"name":"Authorization","value":"hmac:1a2b3c4d"}',
        '~ update  drifted    "DRIFTED" (id 7)  remote_changed',
        '      /method: "get" → "post"',
        '- delete  gone       "GONE" (id 7)  removed_from_source: gone.yaml no longer defines it',
        '  skip    suspended  "SUSPENDED" (id 7)  file_changed: `sync.suspend` is set',
        '  report  left       "LEFT" (id 7)  removed_from_source: left.yaml no longer defines it; policy upsert-only never deletes',
        '! blocked twice      "TWICE"  ambiguous_name: 2 live connectors have this name (ids 7, 8); pin one with `id`',
        '      remedy: Pin one with `id`: the message names the candidates. Rename or delete the others if they are left over.',
        '! blocked many       "MANY" (id 7)  mass_delete, would delete',
        '! held    bad        "BAD" (id 7)  invalid: The method must be one of these.',
        '! brake   mass_delete  holds 2: 4 of 10 bound connectors would be deleted',
        '      remedy: See in the plan what would be deleted. If all of it is meant, run `databar-sync sync --policy sync --force` once, or delete in smaller steps.',
        '1 to create, 2 to adopt (1 of them to update), 2 to update, 1 to delete, 2 blocked, 1 held; 1 unchanged, 1 reported, 1 left out, 3 unmanaged',
        '',
      ].join('\n'),
    );
  });

  test('says that nothing changes', () => {
    expect(renderPlanText(planOf([inSync('a'), inSync('b')]), [])).toBe('nothing to change; 2 unchanged\n');
    expect(renderPlanText(planOf([]), [])).toBe('nothing to change\n');
  });

  test('is its summary alone where quiet is asked for', () => {
    expect(renderPlanText(planOf([creating('a')]), [], { colour: false, quiet: true })).toBe('1 to create\n');
  });

  test('is in colours only where they are asked for, and otherwise the same', () => {
    const painted = renderPlanText(plan, [], { colour: true, quiet: false });
    expect(painted).not.toBe(renderPlanText(plan, []));
    expect(stripVTControlCharacters(painted)).toBe(renderPlanText(plan, []));
  });

  test('hands no control character to the terminal, and keeps each thing on its line', () => {
    const hostile = '\u001b[2Jx\u009b1m\u202ez\u200b\r';
    const change = updating(hostile, { reason: hostile, fields: [field('/name', hostile, `${hostile}\n`)] });
    const text = renderPlanText(planOf([change]), [brake({ reason: hostile })]);
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(text).toContain(String.raw`\u{1b}[2Jx\u{9b}1m\u{202e}z\u{200b}`);
    expect(text.split('\n').filter((line) => /^\S/u.test(line))).toHaveLength(3);
  });
});

describe('a difference', () => {
  test('of a text of several lines is one of lines, with three around them', () => {
    const lines = Array.from({ length: 20 }, (_, index) => `line ${index + 1}`);
    const text = lines.join('\n');
    expect(differences(text, text.replace('line 10\n', 'line ten\n'))).toBe(
      [
        '      /body_template:',
        '        @ line 7 → line 7',
        '          line 7',
        '          line 8',
        '          line 9',
        '        - line 10',
        '        + line ten',
        '          line 11',
        '          line 12',
        '          line 13',
      ].join('\n'),
    );
  });

  test('of a text that is new, or gone, is all of it', () => {
    expect(differences(null, 'a\nb\n')).toBe('      /body_template:\n        + a\n        + b');
    expect(differences('a\nb\n', null)).toBe('      /body_template:\n        - a\n        - b');
  });

  test('of a line end shows', () => {
    expect(differences('a\nb\n', 'a\nb')).toContain('@ no line end after this line');
  });

  test('of long values stands on two lines, and a value without end is cut', () => {
    const long = 'x'.repeat(2000);
    const rows = differences('short', long).split('\n');
    expect(rows).toHaveLength(3);
    expect(rows[1]).toBe('        - "short"');
    expect(rows[2]).toMatch(/^ {8}\+ "x{499}… \(2002 characters\)$/u);
  });

  test('of two texts that have nothing in common takes no time, and is cut', () => {
    const text = (letter: string): string => Array.from({ length: 5000 }, (_, at) => `${letter}${at}`).join('\n');
    const rows = differences(text('a'), text('b')).split('\n');
    expect(rows).toHaveLength(202);
    expect(rows.at(-1)).toBe('        @ … 9800 more lines');
  });

  test('of a secret is one of fingerprints', () => {
    expect(differences('hmac:1a2b3c4d', 'hmac:5e6f7a8b')).toBe(
      '      /body_template: "hmac:1a2b3c4d" → "hmac:5e6f7a8b"',
    );
  });

  test('of an entry names it, but not by a name that is a secret', () => {
    const config = { headers: [{ name: 'Accept', value: 'b' }] };
    const change = (secretPaths: readonly string[]) => {
      const desired = definition({ key: 'a', config, secretPaths });
      return updating('a', { desired, send: desired.config, fields: [field('/headers/0/value', 'a', 'b')] });
    };
    expect(renderPlanText(planOf([change([])]), [])).toContain('/headers/0/value (Accept): "a" → "b"');
    expect(renderPlanText(planOf([change(['/headers/0/name'])]), [])).toContain('/headers/0/value: "a" → "b"');
  });
});

test.each([
  { changing: 0, of: 1, summary: '1 to adopt as it is' },
  { changing: 0, of: 2, summary: '2 to adopt as they are' },
  { changing: 1, of: 1, summary: '1 to adopt and update' },
  { changing: 1, of: 2, summary: '2 to adopt (1 of them to update)' },
])('a summary says whether adoptions write: $changing of $of', ({ changing, of, summary }) => {
  const changes = Array.from({ length: of }, (_, index) =>
    adopting(`k${index}`, { fields: index < changing ? fields : [] }),
  );
  expect(renderPlanText(planOf(changes), []).trimEnd().split('\n').at(-1)).toBe(summary);
});
