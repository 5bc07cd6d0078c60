import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRate } from '../../src/config/parse-rate.ts';

describe('a rate', () => {
  test.each([
    ['10/s', { count: 10, intervalMs: 1000 }],
    ['300/m', { count: 300, intervalMs: 60_000 }],
    ['off', null],
  ])('%s is %j', (text, rate) => {
    expect(parseRate(text)).toEqual({ ok: true, value: rate });
  });

  test.each([
    ['0/s', 'would let nothing through'],
    ['100001/s', 'is too high'],
    [`${'9'.repeat(400)}/s`, 'is too high'],
    ['10', 'is not a rate'],
    ['10/', 'is not a rate'],
    ['/s', 'is not a rate'],
    ['10/h', 'is not a rate'],
    ['10/constructor', 'is not a rate'],
    ['1.5/s', 'is not a rate'],
    ['-1/s', 'is not a rate'],
    ['10 / s', 'is not a rate'],
    ['OFF', 'is not a rate'],
    ['', 'is not a rate'],
  ])('%j is refused: it %s', (text, wrong) => {
    expect(parseRate(text)).toEqual({ ok: false, wrong });
  });

  test('keeps its number and its window', () => {
    const windows = fc.constantFrom(['s', 1000] as const, ['m', 60_000] as const);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), windows, (count, [unit, intervalMs]) => {
        expect(parseRate(`${String(count)}/${unit}`)).toEqual({ ok: true, value: { count, intervalMs } });
      }),
    );
  });
});
