import { describe, expect, test } from 'vitest';
import { sameButMasked } from '../../src/model/masked-values.ts';

describe('a live text is what we sent, but masked', () => {
  test.each([
    ['********', 'Bearer abcdef'],
    ['***', 'a'],
    ['••••••', 'abcdef'],
    ['[REDACTED]', 'abcdef'],
    ['[hidden]', 'abcdef'],
    ['Bearer ********', 'Bearer abcdef'],
    ['sk-****wxyz', 'sk-abcdefwxyz'],
    ['********wxyz', 'abcdefwxyz'],
    ['key=***&token=***', 'key=abc&token=def'],
    ['https://***:***@example.com', 'https://me:pass@example.com'],
    ['****', ''],
    ['same', 'same'],
    ['already ***', 'already ***'],
  ])('%j for %j', (live, desired) => {
    expect(sameButMasked(live, desired)).toBe(true);
  });

  test.each([
    ['another', 'text'],
    ['**', 'abcdef'],
    ['Lead *** score', 'Lead score'],
    ['Leads *** score', 'Lead best score'],
    ['Lead *** scores', 'Lead best score'],
    ['Lead***', 'Lead'],
    ['***Lead', 'Lead'],
    ['a***b***c', 'abc'],
    ['sk-***', 'pk-abcdef'],
    ['***', 'a *** b'],
    ['', 'abcdef'],
    [null, 'abcdef'],
    ['***', null],
    [5, 6],
  ])('not %j for %j', (live, desired) => {
    expect(sameButMasked(live, desired)).toBe(false);
  });
});

describe('a live list is what we sent, but masked', () => {
  const pair = (name: string, value: string) => ({ name, value });
  const sent = [pair('Accept', 'text/html'), pair('Authorization', 'Bearer abcdef')];

  test('when names and order are the same and each value is, or is masked', () => {
    expect(sameButMasked([pair('Accept', 'text/html'), pair('Authorization', '****')], sent)).toBe(true);
    expect(sameButMasked([], [])).toBe(true);
  });

  test('and not when anything else differs', () => {
    expect(sameButMasked([pair('Accept', 'text/html')], sent)).toBe(false);
    expect(sameButMasked([pair('Authorization', '****'), pair('Accept', 'text/html')], sent)).toBe(false);
    expect(sameButMasked([pair('Accept', 'text/plain'), pair('Authorization', '****')], sent)).toBe(false);
    expect(sameButMasked([pair('****', 'text/html'), pair('Authorization', '****')], sent)).toBe(false);
    expect(sameButMasked(null, sent)).toBe(false);
  });
});
