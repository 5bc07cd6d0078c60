/** Pages that promise "shown by test X": the tests must be there. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { REPOSITORY_ROOT } from '../support/generated-files.ts';

describe.each(['docs/security.md', 'docs/reliability.md'])('%s', (page) => {
  const text = readFileSync(join(REPOSITORY_ROOT, page), 'utf8');
  const named = [...text.matchAll(/`((?:[a-z-]+)\/(?:[a-z0-9-]+))`/gu)].map(([, name = '']) => name);

  test('names tests', () => {
    expect(named.length).toBeGreaterThan(10);
  });

  test.each([...new Set(named)])('%s exists', (name) => {
    expect(existsSync(join(REPOSITORY_ROOT, 'test', `${name}.test.ts`))).toBe(true);
  });
});

test('every defence of the security page names a test that shows it', () => {
  const text = readFileSync(join(REPOSITORY_ROOT, 'docs/security.md'), 'utf8');
  const [, defences = ''] = /^## Defences$([^]*?)^## /mu.exec(text) ?? [];
  const rows = defences.split('\n').filter((line) => line.startsWith('|') && !/^\| (?:-+|Threat +) \|/u.test(line));
  expect(rows.length).toBeGreaterThan(25);
  for (const row of rows) expect(row).toMatch(/\| `[a-z-]+\/[a-z0-9-]+`(?:, `[a-z-]+\/[a-z0-9-]+`)* +\|$/u);
});
