import { describe, expect, test } from 'vitest';
import { formatAge, formatCountdown, formatDuration } from '../../src/dashboard/age.ts';

const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];

test.each([
  [-5 * SECOND, 'just now'],
  [999, 'just now'],
  [SECOND, '1 s ago'],
  [59_999, '59 s ago'],
  [MINUTE, '1 min ago'],
  [HOUR - 1, '59 min ago'],
  [47 * HOUR, '47 h ago'],
  [48 * HOUR, '2 d ago'],
])('%i ms back is %s', (milliseconds, words) => {
  expect(formatAge(milliseconds)).toBe(words);
});

describe('a countdown', () => {
  test.each([
    [-1, 'now'],
    [0, 'now'],
    [1, 'in 1 s'],
    [41_000, 'in 41 s'],
    [60_001, 'in 1 min 1 s'],
    [HOUR - SECOND, 'in 59 min 59 s'],
    [5 * HOUR, 'in 5 h'],
  ])('of %i ms is %s', (milliseconds, words) => {
    expect(formatCountdown(milliseconds)).toBe(words);
  });
});

test.each([
  [0, '0 ms'],
  [99, '99 ms'],
  [412, '412 ms'],
  [999.6, '1 s'],
  [1_540, '1.5 s'],
  [9_949, '9.9 s'],
  [9_950, '10 s'],
  [200_000, '3 min 20 s'],
  [120_000, '2 min'],
  [65 * MINUTE, '1 h 5 min'],
])('%i ms took %s', (milliseconds, words) => {
  expect(formatDuration(milliseconds)).toBe(words);
});
