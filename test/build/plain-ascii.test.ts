import { expect, test } from 'vitest';
import { plainAscii } from '../../src/build/plain-ascii.ts';

test('a script in plain ASCII means the same', () => {
  const script = '/* \u{1f984} \u201cSoftware\u201d */ /^[\u2022\u00e9]\u{1f984}$/u';
  const plain = plainAscii(script);
  // oxlint-disable-next-line no-control-regex
  expect(plain).toMatch(/^[\0-\x7f]*$/);
  expect(plain).toContain('"Software"');
  expect(plain).toContain('\\u2022');
  // oxlint-disable-next-line no-eval
  const pattern = (0, eval)(plain) as RegExp;
  expect(pattern.test('\u00e9\u{1f984}')).toBe(true);
  expect(pattern.test('e\u{1f984}')).toBe(false);
});
