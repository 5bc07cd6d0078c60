import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backOffMs } from '../../src/apply/back-off.ts';

describe('the back-off', () => {
  test('doubles with each failure, from a second to a quarter of an hour', () => {
    const longest = [1, 2, 3, 4, 10, 11, 12, 1_000].map((failures) => backOffMs(failures, 1));
    expect(longest).toEqual([1_000, 2_000, 4_000, 8_000, 512_000, 900_000, 900_000, 900_000]);
  });

  test('is spread over the upper half, in whole milliseconds', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (failures, random) => {
          const [least, most, wait] = [backOffMs(failures, 0), backOffMs(failures, 1), backOffMs(failures, random)];
          expect(least).toBe(most / 2);
          expect(wait).toBeGreaterThanOrEqual(least);
          expect(wait).toBeLessThanOrEqual(most);
          expect(Number.isInteger(wait)).toBe(true);
        },
      ),
    );
  });
});
