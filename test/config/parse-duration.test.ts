import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDuration } from '../../src/config/parse-duration.ts';

describe('a duration', () => {
  test.each([
    ['250ms', 250],
    ['30s', 30_000],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['0ms', 0],
    ['007s', 7000],
  ])('%s is %d milliseconds', (text, milliseconds) => {
    expect(parseDuration(text)).toEqual({ ok: true, value: milliseconds });
  });

  test.each([
    ['30', 'has no unit'],
    ['30min', 'has an unknown unit'],
    ['2d', 'has an unknown unit'],
    ['', 'is not a duration'],
    ['s', 'is not a duration'],
    ['1.5s', 'is not a duration'],
    ['-1s', 'is not a duration'],
    ['1 s', 'is not a duration'],
    ['1m30s', 'is not a duration'],
    ['30S', 'is not a duration'],
    ['1s\n', 'is not a duration'],
    [`${'9'.repeat(400)}h`, 'is too long'],
  ])('%j is refused: it %s', (text, wrong) => {
    expect(parseDuration(text)).toEqual({ ok: false, wrong });
  });

  test('of any size is read exactly', () => {
    const units = fc.constantFrom(
      ['ms', 1] as const,
      ['s', 1000] as const,
      ['m', 60_000] as const,
      ['h', 3_600_000] as const,
    );
    fc.assert(
      fc.property(fc.nat(), units, (count, [unit, factor]) => {
        expect(parseDuration(`${String(count)}${unit}`)).toEqual({ ok: true, value: count * factor });
      }),
    );
  });

  test('is a safe, whole number of milliseconds or refused, whatever the text', () => {
    const texts = fc.oneof(fc.string(), fc.stringMatching(/^\d{1,30}(ms|s|m|h|d)?$/));
    fc.assert(
      fc.property(texts, (text) => {
        const duration = parseDuration(text);
        expect(!duration.ok || (Number.isSafeInteger(duration.value) && duration.value >= 0)).toBe(true);
      }),
    );
  });
});
