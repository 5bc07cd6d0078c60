import { expect, test } from 'vitest';
import { clockOffset } from '../../src/dashboard/clock-offset.ts';

test.each([
  [100_000, 100_900, 0],
  [100_000, 98_500, 0],
  [100_000, 40_000, 60_000],
  [40_000, 100_000, -60_000],
  [null, 100_000, 0],
])('an answer sent at %s that came at %s tells of a clock %s ms ahead', (sentAt, now, offset) => {
  expect(clockOffset(sentAt, now)).toBe(offset);
});
