import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { showValue, splitChange } from '../../src/dashboard/shown-value.ts';

describe('one side of a difference', () => {
  test.each([
    [undefined, { kind: 'absent' }],
    ['hmac:1a2b3c4d', { kind: 'hidden', fingerprint: 'hmac:1a2b3c4d' }],
    ['hmac:1a2b3c4d and more', { kind: 'text', text: 'hmac:1a2b3c4d and more' }],
    ['', { kind: 'text', text: '' }],
    [45, { kind: 'text', text: '45' }],
    [null, { kind: 'text', text: 'null' }],
    [{ a: 1 }, { kind: 'text', text: '{\n  "a": 1\n}' }],
  ])('%j is shown as %j', (value, shown) => {
    expect(showValue(value)).toEqual(shown);
  });
});

describe('what differs between two texts', () => {
  test('is what is left between their common ends', () => {
    expect(splitChange('https://a.example/v1/x', 'https://b.example/v1/x')).toEqual({
      before: 'https://',
      live: 'a',
      desired: 'b',
      after: '.example/v1/x',
    });
  });

  test('never counts a character to both ends', () => {
    expect(splitChange('aa', 'aaa')).toEqual({ before: 'aa', live: '', desired: 'a', after: '' });
  });

  test('never splits a character in two', () => {
    expect(splitChange('😀', '😁')).toEqual({ before: '', live: '😀', desired: '😁', after: '' });
  });

  test('puts both texts together again', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (live, desired) => {
        const split = splitChange(live, desired);
        expect(split.before + split.live + split.after).toBe(live);
        expect(split.before + split.desired + split.after).toBe(desired);
      }),
    );
  });
});
